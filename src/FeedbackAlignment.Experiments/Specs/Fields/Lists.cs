using System.Collections;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>A list with at least one item.</summary>
internal sealed class NotEmpty : ListRule
{
    /// <inheritdoc/>
    public override IEnumerable<(string At, string Text)> Mistakes(IEnumerable values, Components components) =>
        values.Cast<object?>().Any() ? [] : [("", "must have at least one item, was empty")];

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["minItems"] = 1;
}

/// <summary>A list with at least two items.</summary>
internal sealed class AtLeastTwo : ListRule
{
    /// <inheritdoc/>
    public override IEnumerable<(string At, string Text)> Mistakes(IEnumerable values, Components components) =>
        values.Cast<object?>().Take(2).Count() is var count && count == 2 ? [] : [("", $"must have at least two items, had {count}")];

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["minItems"] = 2;
}

/// <summary>A list in which no item comes twice.</summary>
internal sealed class Distinct : ListRule
{
    /// <inheritdoc/>
    public override IEnumerable<(string At, string Text)> Mistakes(IEnumerable values, Components components)
    {
        var first = new Dictionary<object, int>();
        foreach (var (index, value) in values.Cast<object?>().Index())
        {
            if (value is not null && !first.TryAdd(value, index))
            {
                yield return ($"[{index}]", $"{Display.Value(value)} is already item [{first[value]}]; each may come once");
            }
        }
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["uniqueItems"] = true;
}
