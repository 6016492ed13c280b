using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>What a rule came to under one setting of a study, over its seeds.</summary>
public sealed record StudyRow
{
    /// <summary>The id of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>
    /// The values of the keys that the study varies. Where settings change nothing for the rule, so that their runs are the same ones, a
    /// value is all of them, joined by <c>|</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Runs that are planned: the seeds.</summary>
    public required int Planned { get; init; }

    /// <summary>Runs that came to their end.</summary>
    public required int Ended { get; init; }

    /// <summary>Runs whose loss exploded.</summary>
    public required int Diverged { get; init; }

    /// <summary>Runs that broke off with an error.</summary>
    public required int Failed { get; init; }

    /// <summary>Validation errors of the runs that came to their end.</summary>
    public Summary? Validation { get; init; }

    /// <summary>Test errors of the same runs. They choose nothing.</summary>
    public Summary? Test { get; init; }

    /// <summary>Seconds of the same runs.</summary>
    public Summary? Seconds { get; init; }

    /// <summary>Whether every seed came to its end, so that the row can be compared.</summary>
    public bool IsWhole => Ended == Planned;
}

/// <summary>A study by setting and rule. Rows are in the order of the plan, and compared by validation only.</summary>
public sealed record StudyTable
{
    private const string AllValues = "any";

    /// <summary>The keys that the study varies.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The rows.</summary>
    public required IReadOnlyList<StudyRow> Rows { get; init; }

    /// <summary>Whether errors are shares of misclassified examples.</summary>
    public required bool Classification { get; init; }

    /// <summary>
    /// The row with the lowest mean validation error of those of which every seed came to its end; null: there is none yet. Its test error
    /// chose nothing, but the choice was made among many, so its validation error is a little too good.
    /// </summary>
    public StudyRow? Best => Rows.Where(row => row is { IsWhole: true, Validation: not null }).MinBy(row => row.Validation!.Mean);

    /// <summary>The table of a study that was read with its records.</summary>
    public static StudyTable Of(StudyRecord study)
    {
        ArgumentNullException.ThrowIfNull(study);
        string[] keys = [.. study.Runs.SelectMany(run => run.Plan.Settings.Keys).Distinct()];
        var all = keys.ToDictionary(key => key, key => study.Runs.Select(run => Text(run, key)).Distinct().Count());
        return new()
        {
            Keys = keys,
            Classification = study.Data.Classification,
            Rows =
            [
                .. study.Runs.GroupBy(run => (run.Plan.Cell, run.Plan.Rule))
                    .GroupBy(cell => string.Join(',', cell.Select(run => run.Plan.Name)))
                    .Select(same => Row(same.First().ToList(), keys.ToDictionary(key => key, key => Values(
                        [.. same.Select(cell => Text(cell.First(), key)).Distinct()], all[key])))),
            ],
        };
    }

    private static StudyRow Row(List<StudyRun> runs, IReadOnlyDictionary<string, string> settings)
    {
        List<RunRecord> ended = [.. runs.Select(run => run.Record).OfType<RunRecord>().Where(record => record.Status.IsEnd())];
        return new()
        {
            Rule = runs[0].Plan.Rule,
            Settings = settings,
            Planned = runs.Count,
            Ended = ended.Count,
            Diverged = runs.Count(run => run.Record?.Status == RunStatus.Diverged),
            Failed = runs.Count(run => run.State == StudyRunState.Failed),
            Validation = Summary.Of(ended.Select(record => record.ValidationError)),
            Test = Summary.Of(ended.Select(record => record.TestError)),
            Seconds = Summary.Of(ended.Select(record => (double?)record.Seconds)),
        };
    }

    private static string Values(string[] values, int all) => values.Length > 1 && values.Length == all ? AllValues : string.Join('|', values);

    /// <summary>The value of a key; a dash where the setting does not have it.</summary>
    private static string Text(StudyRun run, string key)
        => run.Plan.Settings.TryGetValue(key, out var value) ? PlannedRun.Text(value) : NumberText.None;
}
