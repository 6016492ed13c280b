using System.Globalization;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>The range of a number. NaN and infinity are outside of every range.</summary>
internal sealed class Bounds : ValueRule
{
    /// <summary>The number must be greater.</summary>
    public double Above { get; init; } = double.NaN;

    /// <summary>The number must not be less.</summary>
    public double AtLeast { get; init; } = double.NaN;

    /// <summary>The number must be less.</summary>
    public double Below { get; init; } = double.NaN;

    /// <summary>The number must not be greater.</summary>
    public double AtMost { get; init; } = double.NaN;

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
        {
            return $"must be a finite number {this}, was {Display.Value(value)}";
        }

        var outside = number <= Above || number < AtLeast || number >= Below || number > AtMost;
        return outside ? $"must be {this}, was {Display.Value(value)}" : null;
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        foreach (var (_, keyword, limit) in Given())
        {
            schema[keyword] = limit;
        }
    }

    /// <summary>For example <c>≥ 0 and &lt; 1</c>.</summary>
    public override string ToString() => string.Join(" and ", Given().Select(bound => $"{bound.Sign} {Display.Value((decimal)bound.Limit)}"));

    private IEnumerable<(string Sign, string Keyword, double Limit)> Given()
    {
        (string Sign, string Keyword, double Limit)[] all =
        [
            (">", "exclusiveMinimum", Above), ("≥", "minimum", AtLeast), ("<", "exclusiveMaximum", Below), ("≤", "maximum", AtMost),
        ];
        return all.Where(bound => !double.IsNaN(bound.Limit));
    }
}
