using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>What paired runs say of two groups.</summary>
public enum Finding
{
    /// <summary>Every pair has the same two numbers, to the bit. No test is needed.</summary>
    Identical,

    /// <summary>So few pairs that no test could reach the level, whatever the numbers are.</summary>
    CannotDecide,

    /// <summary>A test could have shown a difference and did not. That is not equality.</summary>
    NotShown,

    /// <summary>The group's numbers are greater than the reference's. Of errors: it is worse.</summary>
    Greater,

    /// <summary>The group's numbers are smaller. Of errors: it is better.</summary>
    Smaller,
}

/// <summary>One test of one comparison.</summary>
/// <param name="Statistic">Student's t, or the sum of the ranks of positive differences.</param>
/// <param name="Count">Differences that it is made of.</param>
/// <param name="P">Two-sided p, by itself.</param>
/// <param name="AdjustedP">The p after Holm's correction over the family.</param>
/// <param name="CanDecide">Whether it could reach the level after the correction, with other numbers in as many pairs.</param>
public sealed record PairedTest(double Statistic, int Count, double P, double AdjustedP, bool CanDecide)
{
    /// <summary>Whether it shows a difference.</summary>
    public bool Shows => CanDecide && AdjustedP <= PairedFamily.Level;
}

/// <summary>Two groups of runs compared seed by seed.</summary>
public sealed record PairedComparison
{
    /// <summary>The group's name, such as a rule's id.</summary>
    public required string Group { get; init; }

    /// <summary>The name of what it is compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>Every seed of either, in order.</summary>
    public required IReadOnlyList<SeedPair> Pairs { get; init; }

    /// <summary>Group minus reference over the pairs in which both have a number; null if there is none.</summary>
    public Summary? Difference { get; init; }

    /// <summary>
    /// d_z with Hedges' correction: the mean difference in standard deviations of the differences. Null for fewer than three pairs, or
    /// without a spread.
    /// </summary>
    public double? EffectSize { get; init; }

    /// <summary>
    /// The paired t-test. Null where it is undefined, and where a run diverged: a test of the other seeds would flatter what diverges.
    /// </summary>
    public PairedTest? T { get; init; }

    /// <summary>
    /// Wilcoxon's signed-rank test. A diverged run ranks as worse than any number. Null if no difference is left after the zeros.
    /// </summary>
    public PairedTest? Wilcoxon { get; init; }

    /// <summary>What the tests say together: a difference is one only if every test that can decide shows it.</summary>
    public Finding Finding { get; init; }

    /// <summary>
    /// The least number of seeds with which a test could decide, where none can now; null otherwise. For Wilcoxon's test seeds with equal
    /// numbers do not count.
    /// </summary>
    public int? LeastSeeds { get; init; }

    /// <summary>Pairs that a test sees: those that are not <see cref="PairState.Missing"/>.</summary>
    public int Seeds => Pairs.Count(pair => pair.State != PairState.Missing);

    /// <summary>Pairs in which a run diverged.</summary>
    public int Diverged => Pairs.Count(pair => pair.State is PairState.Diverged or PairState.ReferenceDiverged or PairState.BothDiverged);
}
