using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>Specs that come of a tuning's: one for each training, and those of the winners.</summary>
/// <param name="spec">The tuning's, complete.</param>
/// <param name="fullExamples">Examples of a full training.</param>
/// <param name="rules">The rules there are.</param>
internal sealed class TrialSpecs(ExperimentSpec spec, long fullExamples, RuleCatalog rules)
{
    /// <summary>
    /// What a training of a trial runs: the tuning's spec with the trial's settings, without instruments, and shorter below the last
    /// rung.
    /// </summary>
    public ExperimentSpec Of(string rule, int trial, IReadOnlyDictionary<string, double> settings, long examples, ulong seed) =>
        With([(rule, Changed(trial, settings))]) with
        {
            Seeds = [seed],
            Training = Shortened(spec.Training, examples) with
            {
                Threads = null,
                MeasureEvery = 0,
                MeasurePseudobackprop = false,
                MeasureNorms = false,
                Snapshots = SnapshotIds.None
            },
            Optimizer = spec.Optimizer with { Schedule = Shortened(spec.Optimizer.Schedule, examples) },
        };

    /// <summary>What runs winners, with the spec's seeds.</summary>
    public ExperimentSpec Of(IEnumerable<RuleTuningRecord> tuned)
        => With([.. tuned.Select(rule => (rule.Rule, Changed(rule.Winner!.Trial, rule.Winner.Settings)))]);

    /// <summary>The spec's own setting is the spec as it is, whose numbers are not written once more.</summary>
    private static IReadOnlyDictionary<string, double> Changed(int trial, IReadOnlyDictionary<string, double> settings)
        => trial == TrialKey.Own ? new Dictionary<string, double>() : settings;

    private ExperimentSpec With(IReadOnlyList<(string Rule, IReadOnlyDictionary<string, double> Settings)> tuned)
    {
        var trained = tuned.Select(rule => rule.Rule).Concat((spec.Training.Phases ?? []).Select(phase => phase.Rule).OfType<string>());
        var settings = spec.RuleSettings.Where(own => trained.Contains(own.Key)).ToDictionary();
        foreach (var (rule, values) in tuned)
        {
            settings[rule] = values.Aggregate(
                settings.GetValueOrDefault(rule) ?? new RuleSettings(),
            (set, value) => Tunable.Of(value.Key, rules)!.Set(set, value.Value));
        }

        return spec with { Rules = [.. tuned.Select(rule => rule.Rule)], RuleSettings = settings, Tuning = null };
    }

    private TrainingSpec Shortened(TrainingSpec training, long examples)
        => examples == fullExamples ? training : training with { Epochs = null, Examples = examples };

    /// <summary>The course of the rate is shortened with the training: what is counted in examples here, the rest by itself.</summary>
    private ScheduleSpec Shortened(ScheduleSpec schedule, long examples) => examples == fullExamples ? schedule : schedule with
    {
        WarmUpExamples = Share(schedule.WarmUpExamples, examples),
        StepExamples = schedule.StepExamples is { } step ? Math.Max(1, Share(step, examples)) : null,
    };

    private long Share(long count, long examples) => (long)((Int128)count * examples / fullExamples);
}
