using FeedbackAlignment.Experiments.Comparisons;

namespace FeedbackAlignment.Reports;

/// <summary>The words for paired tests.</summary>
public static class TestText
{
    /// <summary>A p with two digits: <c>0.012</c>, <c>&lt;0.001</c>; null: a dash.</summary>
    /// <param name="p">The p, in 0 … 1.</param>
    public static string P(double? p) => p switch
    {
        null => NumberText.None,
        < 0.001 => "<0.001",
        < 0.01 => NumberText.Format(p.Value, "0.0000"),
        < 0.1 => NumberText.Format(p.Value, "0.000"),
        _ => NumberText.Format(p.Value, "0.00"),
    };

    /// <summary>
    /// A difference of errors and its 95 % interval on one line, in points for classification: <c>+0.83 [+0.45, +1.20]</c>.
    /// </summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="classification">Whether the errors are shares of misclassified examples.</param>
    public static string Difference(PairedComparison comparison, bool classification)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return NumberText.Difference(comparison.Difference, classification).Replace(" points", "", StringComparison.Ordinal)
            .Replace('\n', ' ');
    }

    /// <summary>What the tests say together, of errors: <c>worse</c>, <c>not shown by 3 seeds</c> …</summary>
    /// <param name="comparison">The comparison.</param>
    public static string Finding(PairedComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.Finding switch
        {
            Experiments.Comparisons.Finding.Identical => $"identical with {Seeds(comparison.Seeds)}",
            Experiments.Comparisons.Finding.CannotDecide => CannotDecide(comparison),
            Experiments.Comparisons.Finding.NotShown => $"not shown by {Seeds(comparison.Seeds)}",
            Experiments.Comparisons.Finding.Greater => "worse",
            _ => "better",
        };
    }

    /// <summary>That there are too few seeds, and how many would do.</summary>
    /// <param name="comparison">A comparison that no test can decide.</param>
    public static string CannotDecide(PairedComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.Seeds == 0 ? "no seed has a result of both, so nothing can be decided"
            : $"{Seeds(comparison.Seeds)} cannot decide this; at least {comparison.LeastSeeds}";
    }

    /// <summary>E.g. <c>one seed</c> or <c>3 seeds</c>.</summary>
    internal static string Seeds(int count) => count == 1 ? "one seed" : Sentence.Count(count, "seed");
}
