using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// Which trials are better. By the error on the validation examples; of equal errors the lower loss wins, then the earlier trial. A trial
/// whose loss grew stands behind all others, for a search is short, and what grows without bound diverges in a longer training.
/// </summary>
internal static class Judgement
{
    private const double Edge = 0.05;

    /// <summary>The trials that completed, the best first.</summary>
    public static IEnumerable<TrialRecord> Ranked(IEnumerable<TrialRecord> trials) => trials
        .Where(trial => trial is { Status: RunStatus.Completed, ValidationError: not null })
        .OrderBy(trial => trial.LossGrew)
        .ThenBy(trial => trial.ValidationError)
        .ThenBy(trial => trial.ValidationLoss ?? double.PositiveInfinity)
        .ThenBy(trial => trial.Trial);

    /// <summary>What trainings of a trial come to.</summary>
    public static TrialRecord Of(int trial, Rung rung, IReadOnlyDictionary<string, double> settings, IReadOnlyList<RunRecord> runs)
    {
        TrialRunRecord[] records =
        [
            .. runs.Select(run => new TrialRunRecord(
                run.Seed, run.Status, run.Reason, run.Examples, run.KeptAtExamples, run.ValidationError,
                run.Curve.LastOrDefault(point => point.Examples == run.KeptAtExamples)?.ValidationLoss, run.Seconds,
                run.LossGrew)),
        ];
        var completed = records.All(run => run.Status.IsEnd() && run.ValidationError is not null);
        return new TrialRecord
        {
            Trial = trial,
            Rung = rung.Number,
            Examples = rung.Examples,
            Settings = settings,
            Status = completed ? RunStatus.Completed : RunStatus.Diverged,
            ValidationError = completed ? records.Average(run => run.ValidationError) : null,
            ValidationLoss = completed && records.All(run => run.ValidationLoss is not null) ? records.Average(run => run.ValidationLoss) : null,
            Seconds = records.Sum(run => run.Seconds),
            Runs = records,
        };
    }

    /// <summary>A trial as a rule's winner.</summary>
    public static WinnerRecord Winner(TrialRecord best, IReadOnlyDictionary<string, RangeSpec> space) => new()
    {
        Trial = best.Trial,
        Settings = best.Settings,
        ValidationError = best.ValidationError!.Value,
        ValidationLoss = best.ValidationLoss,
        Edges = best.Trial == TrialKey.Own ? []
            : [.. best.Settings.Select(setting => EdgeOf(setting.Key, setting.Value, space[setting.Key])).OfType<EdgeRecord>()],
    };

    private static EdgeRecord? EdgeOf(string setting, double value, RangeSpec range) => range.ShareOf(value) switch
    {
        <= Edge => new EdgeRecord(setting, value, Upper: false, range.From),
        >= 1 - Edge => new EdgeRecord(setting, value, Upper: true, range.To),
        _ => null,
    };
}
