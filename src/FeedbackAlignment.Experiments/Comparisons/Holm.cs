namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>
/// Holm's step-down correction: the chance of one or more false findings in the whole family stays below the level, however the tests
/// depend on each other. Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65.
/// </summary>
public static class Holm
{
    /// <summary>The adjusted p: of m tests, the i-th smallest is max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎).</summary>
    /// <param name="values">One p for each test of the family; null: a test that has none, which counts as p = 1.</param>
    /// <returns>In the same order; null where there was none.</returns>
    /// <exception cref="ArgumentException">A p is NaN or outside 0 … 1.</exception>
    public static IReadOnlyList<double?> Adjust(IReadOnlyList<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Any(value => value is not (null or (>= 0 and <= 1))))
        {
            throw new ArgumentException("a p is not in 0 … 1", nameof(values));
        }

        var adjusted = new double?[values.Count];
        var least = 0.0;
        foreach (var (step, (place, p)) in values.Index().OrderBy(value => value.Item ?? 1).Index())
        {
            least = Math.Max(least, Math.Min(1, (values.Count - step) * (p ?? 1)));
            adjusted[place] = p is null ? null : least;
        }

        return adjusted;
    }
}
