using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The runs of one rule under one setting of a study, a run for each seed.</summary>
/// <param name="Cells">
/// The settings under which these are the runs: several where a setting changes nothing for the rule, so that its runs are the same ones.
/// </param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Runs">By seed.</param>
internal sealed record StudyGroup(
    IReadOnlyList<IReadOnlyDictionary<string, string>> Cells, string Rule, IReadOnlyList<StudyOutcomeRun> Runs)
{
    /// <summary>Runs that came to their end.</summary>
    public IEnumerable<RunRecord> Ended => Runs.Select(run => run.Record).OfType<RunRecord>().Where(run => run.Status.IsEnd());

    /// <summary>Whether every planned run came to its end. What has lost some cannot be ranked: the survivors flatter it.</summary>
    public bool IsWhole => Ended.Count() == Runs.Count;

    public int Diverged => Runs.Count(run => run.Record?.Status == RunStatus.Diverged);

    public Summary? Validation => Summary.Of(Ended.Select(run => run.ValidationError));

    public Summary? Test => Summary.Of(Ended.Select(run => run.TestError));

    /// <summary>The group for paired tests of test errors.</summary>
    public ResultGroup Results(string name) => new(name,
    [
        .. Runs.Select(run => new SeedResult(run.Seed, run.Record?.TestError, run.Record?.Status ?? RunStatus.Cancelled)),
    ]);
}

/// <summary>A study's runs by setting and rule.</summary>
internal sealed class StudyGroups
{
    private const string Any = "any";

    private readonly Dictionary<string, List<string>> _values;

    public StudyGroups(StudyOutcome study)
    {
        string[] keys = [.. study.Runs.SelectMany(run => run.Settings.Keys).Distinct()];
        _values = keys.ToDictionary(key => key, key => study.Runs.Select(run => Value(run.Settings, key)).Distinct().ToList());
        Keys = [.. keys.Where(key => _values[key].Count > 1)];
        Single = [.. study.Runs.GroupBy(run => (run.Cell, run.Rule))
            .Select(runs => new StudyGroup([runs.First().Settings], runs.Key.Rule, Seeds(runs)))];
        Merged =
        [
            .. Single.GroupBy(group => string.Join(',', group.Runs.Select(run => run.Name)))
                .Select(same => same.First() with { Cells = [.. same.SelectMany(group => group.Cells)] }),
        ];
    }

    /// <summary>The keys that differ.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>A group for each setting and rule.</summary>
    public IReadOnlyList<StudyGroup> Single { get; }

    /// <summary>The same, with one group where the runs are the same ones.</summary>
    public IReadOnlyList<StudyGroup> Merged { get; }

    /// <summary>All values of a key, in the order of the plan.</summary>
    public IReadOnlyList<string> Values(string key) => _values[key];

    /// <summary>The value of a key in a setting; a dash where the setting does not have it.</summary>
    public static string Value(IReadOnlyDictionary<string, string> settings, string key)
        => settings.GetValueOrDefault(key) ?? NumberText.None;

    /// <summary>The values of a key in a group.</summary>
    public string Value(StudyGroup group, string key)
    {
        List<string> values = [.. group.Cells.Select(cell => Value(cell, key)).Distinct()];
        return values.Count > 1 && values.Count == _values[key].Count ? Any : string.Join(" | ", values);
    }

    /// <summary>A group's settings in words, e.g. <c>feedback.scale 0.1, network.layers 784-100-10</c>.</summary>
    public string InWords(StudyGroup group) => string.Join(", ", Keys.Select(key => $"{key} {Value(group, key)}"));

    /// <summary>Whole groups, the lowest validation error first. Nothing else ranks: test errors choose nothing.</summary>
    public IReadOnlyList<StudyGroup> Ranked
        => [.. Merged.Where(group => group is { IsWhole: true, Validation: not null }).OrderBy(group => group.Validation!.Mean)];

    private static List<StudyOutcomeRun> Seeds(IEnumerable<StudyOutcomeRun> runs)
        => [.. runs.DistinctBy(run => run.Seed).OrderBy(run => run.Seed)];
}
