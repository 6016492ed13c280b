using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>A study as far as it has come: what its page needs.</summary>
public sealed record StudyOutcome
{
    /// <summary>The spec that every setting starts from.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>The data of all runs.</summary>
    public required DataRecord Data { get; init; }

    /// <summary>What the rules are; a rule that no record describes goes by its id.</summary>
    public IReadOnlyList<RuleRecord> Rules { get; init; } = [];

    /// <summary>The runs that are planned, equal ones too, in the order of the plan.</summary>
    public required IReadOnlyList<StudyOutcomeRun> Runs { get; init; }

    /// <summary>The outcome of a study that was read with its records.</summary>
    /// <param name="study">The study.</param>
    /// <param name="rules">What its rules are.</param>
    public static StudyOutcome Of(StudyRecord study, IReadOnlyList<RuleRecord> rules)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new()
        {
            Spec = study.Spec,
            Data = study.Data,
            Rules = rules,
            Runs =
            [
                .. study.Runs.Select(run => new StudyOutcomeRun(
                    run.Plan.Name, run.Plan.Cell,
                    run.Plan.Settings.ToDictionary(setting => setting.Key, setting => PlannedRun.Text(setting.Value)),
                    run.Plan.Rule, run.Plan.Seed, run.Record, run.State == StudyRunState.Failed)),
            ],
        };
    }
}

/// <summary>A planned run of a study, and what came of it.</summary>
/// <param name="Name">The run's name. Equal runs have the same.</param>
/// <param name="Cell">The place of its settings in the study.</param>
/// <param name="Settings">The values of the keys that the study varies, as a person writes them.</param>
/// <param name="Rule">The id of the rule.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Record">What came out; null: it has not ended.</param>
/// <param name="HasFailed">Whether it broke off with an error.</param>
public sealed record StudyOutcomeRun(
    string Name, int Cell, IReadOnlyDictionary<string, string> Settings, string Rule, ulong Seed, RunRecord? Record,
    bool HasFailed = false);
