using System.Collections.Concurrent;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>Carries out the trainings of a tuning, those of one stage side by side, or finds them done in its folder.</summary>
/// <param name="spec">The tuning's, complete.</param>
/// <param name="plan">What it trains.</param>
/// <param name="split">The data.</param>
/// <param name="folder">Where trainings are kept.</param>
/// <param name="components">What specs can name.</param>
/// <param name="clock">For seconds and dates.</param>
/// <param name="keeping">How they are kept.</param>
internal sealed class TrialTrainings(
    ExperimentSpec spec, TuningPlan plan, DataSplit split, TuningFolder folder, Components components, TimeProvider clock,
    ExperimentKeeping keeping)
{
    /// <summary>Trains trials with some seeds.</summary>
    /// <param name="rung">The rung they are on.</param>
    /// <param name="seeds">The root seeds of each.</param>
    /// <param name="trials">Their numbers, by rule.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <returns>By rule, what those trials came to of which all trainings are done.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<TrialRecord>> Train(
        Rung rung,
        IReadOnlyList<ulong> seeds,
        IReadOnlyDictionary<string, IReadOnlyList<int>> trials,
        TuningObserver observer,
        CancellationToken cancellation)
    {
        var done = new ConcurrentDictionary<TrialKey, RunRecord>();
        List<TrialKey> left = [];
        foreach (var key in trials.SelectMany(rule => rule.Value.SelectMany(trial => Keys(rule.Key, trial))))
        {
            if (folder.Finished(key, plan.SpecOf(key), components) is { } record)
            {
                Note(key, record, wasDone: true);
            }
            else
            {
                left.Add(key);
            }
        }

        SideBySide.Run(left, spec.Training.Threads, (key, threads, stop) =>
        {
            if (Train(key, threads, stop) is { Status: not RunStatus.Cancelled } record)
            {
                Note(key, record, wasDone: false);
            }
        }, cancellation);
        return trials.ToDictionary(rule => rule.Key, rule => (IReadOnlyList<TrialRecord>)
        [
            .. rule.Value.Where(trial => Keys(rule.Key, trial).All(done.ContainsKey)).Select(trial => Judgement.Of(
                trial, rung, plan.Settings(rule.Key, trial), [.. Keys(rule.Key, trial).Select(key => done[key])])),
        ]);

        IEnumerable<TrialKey> Keys(string rule, int trial) => seeds.Select(seed => new TrialKey(rule, trial, rung.Number, seed));

        void Note(TrialKey key, RunRecord record, bool wasDone)
        {
            done[key] = record;
            observer.OnFinished(key, plan.Settings(key.Rule, key.Trial), record, wasDone);
        }
    }

    private RunRecord Train(TrialKey key, int threads, CancellationToken cancellation)
    {
        var own = plan.SpecOf(key);
        return TrainingRun.Train(
            own, new RunKey(key.Rule, key.Seed), split, folder.Trial(key, own), components, threads, clock, keeping, new Nobody(),
            tests: false, cancellation);
    }

    private sealed class Nobody : ExperimentObserver;
}
