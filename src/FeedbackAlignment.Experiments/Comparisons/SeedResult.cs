using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>What one run contributes to a comparison.</summary>
/// <param name="Seed">Its root seed.</param>
/// <param name="Value">Its number, such as the test error; null if there is none.</param>
/// <param name="Status">How it ended. Only a run that came to its end has a number that counts.</param>
public sealed record SeedResult(ulong Seed, double? Value, RunStatus Status)
{
    /// <summary>The number, if the run came to its end and the number is finite.</summary>
    public double? Counted => Status.IsEnd() && Value is { } value && double.IsFinite(value) ? value : null;

    /// <summary>A run's test error.</summary>
    /// <param name="run">The run.</param>
    public static SeedResult OfTest(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(run.Seed, run.TestError, run.Status);
    }
}

/// <summary>The runs of one rule, or of one cell of a study, under one name.</summary>
/// <param name="Name">The rule's id, or what the cell is called.</param>
/// <param name="Results">One for each seed. Of several with one seed the first counts.</param>
public sealed record ResultGroup(string Name, IReadOnlyList<SeedResult> Results)
{
    /// <summary>The test errors of a rule.</summary>
    /// <param name="rule">Its id.</param>
    /// <param name="runs">Runs; those of other rules are passed over.</param>
    public static ResultGroup OfTest(string rule, IEnumerable<RunRecord> runs)
        => new(rule, [.. runs.Where(run => run.Rule == rule).Select(SeedResult.OfTest)]);
}
