using FeedbackAlignment.Experiments.Comparisons;

namespace FeedbackAlignment.Reports;

/// <summary>What can be said of the errors of two rules.</summary>
internal enum Difference
{
    /// <summary>Nothing: the tests do not show one, or the test set is too small to show it. That is not equality.</summary>
    NoEvidence,

    /// <summary>So few seeds that no test could show one.</summary>
    CannotDecide,

    /// <summary>The errors of every seed are equal.</summary>
    Identical,

    /// <summary>The rule has the greater error.</summary>
    Worse,

    /// <summary>The rule has the smaller error.</summary>
    Better,
}

/// <summary>Whether a rule learned anything.</summary>
internal enum Learned
{
    /// <summary>The record has no baseline.</summary>
    Unknown,

    /// <summary>Its error is not measurably below that of a constant answer.</summary>
    NoEvidence,

    /// <summary>Its error is measurably below that of a constant answer, but by less than a twentieth.</summary>
    Hardly,

    /// <summary>Its error is well below that of a constant answer.</summary>
    Yes,
}

/// <summary>The tests behind the sentences of a report. All intervals are 95 % intervals.</summary>
internal static class Evidence
{
    private const double Quantile = 1.959963984540054;
    private const double Hardly = 0.95;

    /// <summary>
    /// Compares a rule with another: seed by seed by the tests of their family, and against what the number of test examples can show.
    /// </summary>
    /// <param name="row">The rule.</param>
    /// <param name="other">The other.</param>
    /// <param name="paired">The rule against the other.</param>
    public static Difference Compare(ComparisonRow row, ComparisonRow other, PairedComparison paired)
        => paired.Finding switch
        {
            Finding.Identical => Difference.Identical,
            Finding.CannotDecide => Difference.CannotDecide,
            Finding.NotShown => Difference.NoEvidence,
            _ when paired.Difference is { } difference && Math.Abs(difference.Mean) <= TestHalfWidth(row, other) => Difference.NoEvidence,
            Finding.Greater => Difference.Worse,
            _ => Difference.Better,
        };

    /// <summary>A rule against backpropagation; <see cref="Difference.CannotDecide"/> for backpropagation itself.</summary>
    /// <param name="row">The rule.</param>
    /// <param name="reference">Backpropagation.</param>
    public static Difference Compare(ComparisonRow row, ComparisonRow reference)
        => row.Paired is { } paired ? Compare(row, reference, paired) : Difference.CannotDecide;

    /// <summary>Whether a rule beats a constant answer.</summary>
    public static Learned Beats(ComparisonRow row)
    {
        if (row.TestError is not { } error || row.Baseline?.TestError is not { } constant)
        {
            return Learned.Unknown;
        }

        var examples = row.Classification ? Binomial(error.Mean, constant, row.TestExamples) : 0;
        var half = Math.Sqrt(Square(error.HalfWidth ?? 0) + Square(examples));

        // Over two or three seeds a t-interval is so wide that it hides what each run shows by itself, on its own test examples.
        var eachAlone = row.Classification && row.Errors.Count > 0
            && row.Errors.Values.All(run => constant - run > Binomial(run, constant, row.TestExamples));
        return constant - error.Mean <= half && !eachAlone ? Learned.NoEvidence : error.Mean >= Hardly * constant ? Learned.Hardly
            : Learned.Yes;
    }

    /// <summary>Wilson's interval of an error that was measured on some examples.</summary>
    public static (double Low, double High) Wilson(double error, int examples)
    {
        var (z, n) = (Quantile * Quantile, (double)examples);
        var middle = (error + (z / (2 * n))) / (1 + (z / n));
        var half = Quantile * Math.Sqrt((error * (1 - error) / n) + (z / (4 * n * n))) / (1 + (z / n));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>
    /// What a difference must exceed to be more than the choice of test examples. Both rules answered the same examples, so this is
    /// cautious: it takes their mistakes for independent.
    /// </summary>
    private static double TestHalfWidth(ComparisonRow row, ComparisonRow other) =>
        row.Classification && row.TestError is { } error && other.TestError is { } reference ? Binomial(error.Mean, reference.Mean, row.TestExamples) : 0;

    private static double Binomial(double a, double b, int examples) => Quantile * Math.Sqrt(((a * (1 - a)) + (b * (1 - b))) / Math.Max(examples, 1));

    private static double Square(double value) => value * value;
}
