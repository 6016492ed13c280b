using System.Globalization;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>Makes assertions that say what they found.</summary>
internal static class Check
{
    /// <param name="what">The quantity, with its unit.</param>
    /// <param name="value">What was found.</param>
    /// <param name="bound">The most it may be.</param>
    public static CheckRecord AtMost(string what, double value, double bound) => new($"{what} ≤ {Text(bound)}", Text(value), value <= bound);

    /// <param name="what">The quantity, with its unit.</param>
    /// <param name="value">What was found.</param>
    /// <param name="bound">The least it may be.</param>
    public static CheckRecord AtLeast(string what, double value, double bound) => new($"{what} ≥ {Text(bound)}", Text(value), value >= bound);

    /// <param name="what">The quantity, with its unit.</param>
    /// <param name="value">What was found.</param>
    /// <param name="low">The least it may be.</param>
    /// <param name="high">The most it may be.</param>
    public static CheckRecord Within(string what, double value, double low, double high)
        => new($"{what} in {Text(low)} … {Text(high)}", Text(value), value >= low && value <= high);

    /// <summary>All values must lie in a range; the two extremes are shown.</summary>
    /// <param name="what">The quantity, with its unit.</param>
    /// <param name="values">What was found.</param>
    /// <param name="low">The least they may be.</param>
    /// <param name="high">The most they may be.</param>
    public static CheckRecord AllWithin(string what, IEnumerable<double> values, double low, double high)
    {
        double[] all = [.. values];
        return new($"{what} in {Text(low)} … {Text(high)}", $"{Text(all.Min())} … {Text(all.Max())}", all.All(value => value >= low && value <= high));
    }

    /// <summary>Numbers must not fall; a step down by a little is allowed.</summary>
    /// <param name="what">The quantity, with its unit.</param>
    /// <param name="values">In order.</param>
    /// <param name="slack">How far a step may go down.</param>
    public static CheckRecord Rising(string what, IEnumerable<double> values, double slack = 0)
    {
        double[] all = [.. values];
        return new($"{what}{(slack > 0 ? $" but for {Text(slack)}" : "")}", string.Join(", ", all.Select(Text)), all.Zip(all.Skip(1)).All(pair => pair.Second >= pair.First - slack));
    }

    /// <summary>Makes it a check of a further part of the claim: if it fails, the claim is partly reproduced.</summary>
    /// <param name="check">The check.</param>
    public static CheckRecord Further(CheckRecord check) => check with { IsFurther = true };

    private static string Text(double value)
    {
        var size = Math.Abs(value);
        var format = value == 0 ? "0" : size is >= 1e6 or < 1e-3 ? "0.##e0" : size >= 1000 ? "0" : size >= 100 ? "0.#" : size >= 10 ? "0.##" : size >= 0.1 ? "0.###" : "0.####";
        return value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
    }
}
