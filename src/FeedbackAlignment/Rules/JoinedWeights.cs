using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Matrices of as many rows, side by side in one: what goes through all of them is one product.</summary>
internal sealed class JoinedWeights
{
    private JoinedWeights(Matrix all, WeightSource[] parts) => (All, Parts) = (all, parts);

    /// <summary>rows × (the columns of all, each matrix's from a multiple of 16 on).</summary>
    public Matrix All { get; }

    /// <summary>The matrices, in the same memory.</summary>
    public WeightSource[] Parts { get; }

    /// <summary>Copies matrices into one; null where there are none, or where some are not kept as a matrix.</summary>
    /// <param name="weights">Of the same number of rows.</param>
    public static JoinedWeights? Of(IReadOnlyList<WeightSource> weights)
    {
        if (weights.Count == 0 || !weights.All(source => source is FixedWeights))
        {
            return null;
        }

        var (all, parts) = Matrix.SideBySide(weights[0].Rows, [.. weights.Select(source => source.Columns)]);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].CopyFrom(weights[i].Read());
        }

        return new(all, [.. parts.Select(part => new FixedWeights(part))]);
    }
}
