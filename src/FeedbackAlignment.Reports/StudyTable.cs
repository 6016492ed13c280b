using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>What a rule came to under one setting of a study, over its seeds.</summary>
public sealed record StudyRow
{
    /// <summary>The id of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>
    /// The values of the keys that the study varies. Where settings change nothing for the rule, so that their runs are the same ones, a
    /// value is all of them, joined by <c> | </c>, or <c>any</c>.
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

    /// <summary>The table of a study.</summary>
    /// <param name="study">The study, as far as it has come.</param>
    public static StudyTable Of(StudyOutcome study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var groups = new StudyGroups(study);
        return new()
        {
            Keys = groups.Keys,
            Classification = study.Data.Classification,
            Rows =
            [
                .. groups.Merged.Select(group => new StudyRow
                {
                    Rule = group.Rule,
                    Settings = groups.Keys.ToDictionary(key => key, key => groups.Value(group, key)),
                    Planned = group.Runs.Count,
                    Ended = group.Ended.Count(),
                    Diverged = group.Diverged,
                    Failed = group.Runs.Count(run => run.HasFailed),
                    Validation = group.Validation,
                    Test = group.Test,
                    Seconds = Summary.Of(group.Ended.Select(run => (double?)run.Seconds)),
                }),
            ],
        };
    }
}
