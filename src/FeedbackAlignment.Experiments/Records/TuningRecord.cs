using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>What a tuning left behind: the content of <c>tuning.json</c>. No number in it comes from test examples.</summary>
public sealed record TuningRecord
{
    /// <summary>By rule, in the spec's order.</summary>
    public required IReadOnlyList<RuleTuningRecord> Rules { get; init; }

    /// <summary>Whether all its trainings are done; else there are no winners yet.</summary>
    public required bool Finished { get; init; }

    /// <summary>Examples of a full training.</summary>
    public required long FullExamples { get; init; }

    /// <summary>The budget of each rule, in examples: trials × root seeds × examples of a full training.</summary>
    public required long BudgetExamples { get; init; }

    /// <summary>
    /// The examples that the plan spends of it on each rule; what is missing is lost where the length of a rung is no whole number.
    /// </summary>
    public required long PlannedExamples { get; init; }

    /// <summary>Where and with what it was run.</summary>
    public required EnvironmentRecord Environment { get; init; }

    /// <summary>What was run, complete, defaults filled in.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>What the data were.</summary>
    public required DataRecord Data { get; init; }
}

/// <summary>The search for one rule.</summary>
public sealed record RuleTuningRecord
{
    /// <summary>The id of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>What was searched, by setting.</summary>
    public required IReadOnlyDictionary<string, RangeSpec> Space { get; init; }

    /// <summary>All its trials that are done, by rung, then by number.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }

    /// <summary>
    /// The trials that the search could not tell apart, trained with the final seeds; none where there was no choice left.
    /// </summary>
    public IReadOnlyList<TrialRecord> Finals { get; init; } = [];

    /// <summary>The winner; null if none of the full trainings completed, or some are not done.</summary>
    public WinnerRecord? Winner { get; init; }

    /// <summary>
    /// The winner and, if it completed the search, the spec's own setting, trained with the spec's seeds, which have chosen nothing.
    /// </summary>
    public IReadOnlyList<TrialRecord> Reported { get; init; } = [];

    /// <summary>
    /// What the winner's validation error is lower by than that of the spec's own setting, over the spec's seeds; null if the spec's own
    /// setting has won, or one of the two diverged.
    /// </summary>
    public Summary? Gain { get; init; }

    /// <summary>
    /// Examples that the trainings of its search learned from; a diverged one stops early, but its whole length is spent.
    /// </summary>
    public required long LearnedExamples { get; init; }

    /// <summary>Seconds of all its trainings, one after another.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Settings on trial: one training for each root seed of a stage.</summary>
public sealed record TrialRecord
{
    /// <summary>Its number; the same settings keep it from rung to rung. 0: the spec's own setting.</summary>
    public required int Trial { get; init; }

    /// <summary>The rung, from 1; a random search has one.</summary>
    public required int Rung { get; init; }

    /// <summary>Examples of each of its trainings.</summary>
    public required long Examples { get; init; }

    /// <summary>What was tried, by setting.</summary>
    public required IReadOnlyDictionary<string, double> Settings { get; init; }

    /// <summary>How its trainings ended: diverged if one did.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Mean error on the validation examples, of the weights that were kept; null if a training diverged.</summary>
    public double? ValidationError { get; init; }

    /// <summary>Mean loss on the validation examples, of the same weights.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Seconds of its trainings, one after another.</summary>
    public required double Seconds { get; init; }

    /// <summary>Its trainings, by root seed.</summary>
    public required IReadOnlyList<TrialRunRecord> Runs { get; init; }

    /// <summary>Whether the loss of a training grew: a longer training may diverge, so settings without that are preferred.</summary>
    [JsonIgnore]
    public bool LossGrew => Runs.Any(run => run.LossGrew);
}

/// <summary>One training of a trial.</summary>
/// <param name="Seed">Its root seed.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why it did not complete; null if it did.</param>
/// <param name="Examples">Examples learned from.</param>
/// <param name="KeptAtExamples">Examples after which the kept weights stood.</param>
/// <param name="ValidationError">Their error on the validation examples.</param>
/// <param name="ValidationLoss">Their loss on the validation examples.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="LossGrew">
/// Whether the validation loss is higher at the end than before the training; false in records of earlier versions.
/// </param>
public sealed record TrialRunRecord(
    ulong Seed,
    RunStatus Status,
    string? Reason,
    long Examples,
    long KeptAtExamples,
    double? ValidationError,
    double? ValidationLoss,
    double Seconds,
    bool LossGrew = false);

/// <summary>The trial that a rule's tuning has chosen.</summary>
public sealed record WinnerRecord
{
    /// <summary>Its number; 0: the spec's own setting.</summary>
    public required int Trial { get; init; }

    /// <summary>Its settings.</summary>
    public required IReadOnlyDictionary<string, double> Settings { get; init; }

    /// <summary>Its mean error on the validation examples in the search.</summary>
    public required double ValidationError { get; init; }

    /// <summary>Its mean loss on the validation examples in the search.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The settings that lie within a twentieth of the range from one of its ends: the range may have been too small.</summary>
    public required IReadOnlyList<EdgeRecord> Edges { get; init; }
}

/// <summary>A setting of a winner that lies at an end of its range.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Value">Its value.</param>
/// <param name="Upper">Whether it is the upper end.</param>
/// <param name="End">The end.</param>
public sealed record EdgeRecord(string Setting, double Value, bool Upper, double End);
