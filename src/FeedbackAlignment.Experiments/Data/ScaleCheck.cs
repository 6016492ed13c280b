using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Notices examples that are on another scale than the training examples: numbers that end at 1 beside others that go on to 255 were
/// divided by somebody already.
/// </summary>
internal static class ScaleCheck
{
    /// <summary>Numbers that go on to this have not been brought to 0 … 1.</summary>
    private const float Unscaled = 16;

    /// <summary>Compares examples with the training examples.</summary>
    /// <param name="schema">How the training examples were understood.</param>
    /// <param name="inputs">examples × inputs, before they are brought to the network's scale.</param>
    /// <param name="name">What to call the examples in messages.</param>
    /// <returns>A remark, if the scales seem to differ and nothing says how far numbers go; else null.</returns>
    /// <exception cref="DataSourceException">The scales differ, and a range or a type says how far numbers go.</exception>
    public static string? Compare(DataSchema schema, Matrix inputs, string name)
    {
        if (Other(schema, inputs) is not { } greatest)
        {
            return null;
        }

        var differ = $"{name} go up to {greatest}, but those of the training file to {schema.Greatest}";
        var isKnown = schema.Scale is not null || (schema.Image is not null && schema.Inputs is null);
        return isKnown ? throw new DataSourceException($"{differ}; bring all files to the same scale")
            : $"{differ}; are all files on the same scale?";
    }

    /// <summary>The greatest input, where it ends at 1 and the training examples' do not, or the other way round; else null.</summary>
    private static float? Other(DataSchema schema, Matrix inputs) => (schema.Greatest, Preparation.Greatest(inputs)) switch
    {
        ( >= Unscaled, > 0 and <= 1 and var greatest) => greatest,
        ( <= 1, >= Unscaled and var greatest) => greatest,
        _ => null,
    };
}
