using static System.FormattableString;

namespace FeedbackAlignment.Catalogs;

/// <summary>A number that a part of a catalog can be told, with its bounds.</summary>
/// <param name="Id">Its name in specs, in camel case.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="Summary">What it is, in one line, with its symbol and unit.</param>
public abstract record NumberOption(string Id, double Default, string Summary)
{
    /// <summary>It must be greater than this.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>It must be at least this.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>It must be less than this.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    /// <summary>It must be at most this.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>Whether it must be a whole number.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What may stand there, e.g. <c>&gt; 0</c> or <c>a whole number ≥ 1</c>.</summary>
    public string Range
    {
        get
        {
            string?[] bounds =
            [
                double.IsInfinity(Above) ? null : Invariant($"> {Above}"),
                double.IsInfinity(AtLeast) ? null : Invariant($"≥ {AtLeast}"),
                double.IsInfinity(Below) ? null : Invariant($"< {Below}"),
                double.IsInfinity(AtMost) ? null : Invariant($"≤ {AtMost}"),
            ];
            var between = string.Join(" and ", bounds.OfType<string>());
            return IsWhole ? $"a whole number {between}".TrimEnd() : between.Length > 0 ? between : "a finite number";
        }
    }

    /// <summary>What is wrong with a value; null if nothing is.</summary>
    /// <param name="value">The value.</param>
    public string? Objection(double value)
        => double.IsFinite(value) && value > Above && value >= AtLeast && value < Below && value <= AtMost
            && (!IsWhole || value == Math.Floor(value))
            ? null
            : Invariant($"must be {Range}, was {value}");
}
