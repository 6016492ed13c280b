using System.Collections.Concurrent;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// Carries out a tuning: searches each rule's settings with the same budget, and chooses by the error on the validation examples. It
/// cannot look at the test examples, for it lets go of them before anything is trained.
/// </summary>
public sealed class TuningRunner
{
    private readonly ExperimentSpec _spec;
    private readonly DataSplit _split;
    private readonly DataRecord _data;
    private readonly TuningFolder _folder;
    private readonly TimeProvider _clock;
    private readonly ExperimentKeeping _keeping;
    private readonly long _fullExamples;
    private readonly IReadOnlyList<Rung> _rungs;
    private readonly TrialDraws _draws;
    private readonly TrialSpecs _specs;
    private readonly ConcurrentDictionary<TrialKey, RunRecord> _done = [];

    /// <summary>Prepares a tuning.</summary>
    /// <param name="spec">A spec that <see cref="Complete"/> has filled in.</param>
    /// <param name="loaded">The data.</param>
    /// <param name="folder">Where to keep what is recorded, and where it may have begun.</param>
    /// <param name="clock">For seconds and dates.</param>
    /// <param name="keeping">How trainings are kept; null: without checkpoints but at a stop.</param>
    /// <exception cref="SpecException">The shortest trainings would have no example, or be too many.</exception>
    public TuningRunner(ExperimentSpec spec, LoadedData loaded, TuningFolder folder, TimeProvider clock, ExperimentKeeping? keeping = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(loaded);
        (_spec, _data, _folder, _clock, _keeping) = (spec, loaded.Record, folder, clock, keeping ?? new ExperimentKeeping());

        // A split must have three parts; the validation examples stand in for the third, so that there is no way from here to those of the test.
        _split = loaded.Split with { Test = loaded.Split.Validation };
        _fullExamples = SpecCompletion.TotalExamples(spec.Training, loaded.Record.Train);
        _rungs = Rung.Of(spec.Tuning!, _fullExamples);
        _draws = new TrialDraws(spec.Tuning!);
        _specs = new TrialSpecs(spec, _fullExamples);
    }

    private IReadOnlyList<ulong> Seeds => _spec.Tuning!.TrialSeeds;

    /// <summary>The spec with nothing left to choose but what is searched.</summary>
    /// <param name="asked">A valid spec, with or without a tuning.</param>
    /// <param name="data">The data it has named.</param>
    /// <param name="every">Leaves out the rules that cannot teach its network; null: those of the spec it is.</param>
    /// <exception cref="SpecException">The spec does not fit the data, or its tuning not the rest; it has all the mistakes.</exception>
    public static ExperimentSpec Complete(ExperimentSpec asked, DataRecord data, EveryRule? every = null)
    {
        var spec = every is null ? SpecCompletion.Complete(asked, data) : every.Complete(asked, data);
        var tuning = TuningSpace.Complete(spec);
        var complete = spec with
        {
            Tuning = every is null ? tuning : tuning with { Rules = tuning.Rules.Where(rule => spec.Rules.Contains(rule.Key)).ToDictionary() },
        };
        var rungs = Rung.Of(complete.Tuning, SpecCompletion.TotalExamples(complete.Training, data.Train));
        var plan = NetworkPlan.Parse(complete.Network.Layers!);
        SpecProblem[] problems =
        [
            .. SpecValidator.Validate(complete, RuleCatalog.Ids),
            .. rungs.SelectMany(rung => PlanChecks.OfBatches(complete with { Training = complete.Training with { Examples = rung.Examples } }, plan, data.Train, data.Validation)),
        ];
        return problems.Length == 0 ? complete : throw new SpecException(problems);
    }

    /// <summary>Runs the tuning, or what is left of it, and keeps its record in the folder.</summary>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">
    /// Stops all trainings between two steps; those that are done are kept, the others go on from a checkpoint next time.
    /// </param>
    /// <exception cref="FolderException">
    /// The folder holds another tuning's trainings, another process writes there, or the data are others than before.
    /// </exception>
    /// <exception cref="CheckpointException">No checkpoint of a training is whole.</exception>
    /// <exception cref="RecordingException">A file cannot be written; all trainings are stopped, as by a cancellation.</exception>
    public TuningRecord Run(TuningObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using var hold = _folder.Hold(_clock);
        var environment = Begin();
        observer.OnStarted(_rungs.Sum(rung => rung.Trials) * Seeds.Count);
        var trials = _spec.Rules.ToDictionary(rule => rule, _ => new List<TrialRecord>());
        var finished = true;
        foreach (var rung in _rungs.TakeWhile(_ => finished))
        {
            var chosen = _spec.Rules.ToDictionary(rule => rule, rule => Chosen(rung, trials[rule]));
            Train(rung, chosen, observer, cancellation);
            foreach (var (rule, numbers) in chosen)
            {
                trials[rule].AddRange(numbers.Where(trial => Seeds.All(seed => _done.ContainsKey(new(rule, trial, rung.Number, seed)))).Select(trial => Judge(rule, trial, rung)));
            }

            finished = chosen.All(rule => rule.Value.Count == trials[rule.Key].Count(trial => trial.Rung == rung.Number));
        }

        var record = Record(trials, finished, environment);
        _folder.Write(record);
        _folder.WriteWinners(_specs, [.. record.Rules.Where(rule => rule.Winner is not null)]);
        return record;
    }

    /// <summary>
    /// The trials of a rung: on the first all, then the best of the one before. Places that diverged trials leave empty stay so; they are
    /// spent.
    /// </summary>
    private static List<int> Chosen(Rung rung, IEnumerable<TrialRecord> before) => rung.Number == 1
        ? [.. Enumerable.Range(1, rung.Trials)]
        : [.. Judgement.Ranked(before.Where(trial => trial.Rung == rung.Number - 1)).Take(rung.Trials).Select(trial => trial.Trial).Order()];

    private void Train(Rung rung, Dictionary<string, List<int>> chosen, TuningObserver observer, CancellationToken cancellation)
    {
        List<TrialKey> left = [];
        foreach (var key in chosen.SelectMany(rule => rule.Value.SelectMany(trial => Seeds.Select(seed => new TrialKey(rule.Key, trial, rung.Number, seed)))))
        {
            if (_folder.Finished(key, SpecOf(key, rung)) is { } record)
            {
                _done[key] = record;
                observer.OnFinished(key, _draws.Settings(key.Rule, key.Trial), record, wasDone: true);
            }
            else
            {
                left.Add(key);
            }
        }

        SideBySide.Run(left, _spec.Training.Threads, (key, threads, stop) => Train(key, rung, threads, observer, stop), cancellation);
    }

    private void Train(TrialKey key, Rung rung, int threads, TuningObserver observer, CancellationToken cancellation)
    {
        var spec = SpecOf(key, rung);
        var record = TrainingRun.Train(
            spec, new RunKey(key.Rule, key.Seed), _split, _folder.Trial(key, spec), threads, _clock, _keeping, new Nobody(), tests: false, cancellation);
        if (record.Status != RunStatus.Cancelled)
        {
            _done[key] = record;
            observer.OnFinished(key, _draws.Settings(key.Rule, key.Trial), record, wasDone: false);
        }
    }

    /// <summary>Writes down what is begun; where it was begun before, makes sure that it is this, or a smaller one of the same.</summary>
    /// <returns>Where and with what it is run.</returns>
    private EnvironmentRecord Begin()
    {
        var resume = new ResumeRecord { CheckpointEvery = _keeping.CheckpointEvery, DataFolder = _keeping.DataFolder, DataChecksum = DataChecksum.Of(_split), Spec = _spec };
        RequireOwn();
        if (_folder.ReadResume().DataChecksum is { } before && before != resume.DataChecksum)
        {
            throw new FolderException(
                $"{_folder.FullPath}: was begun on other data (checksum {before}, now {resume.DataChecksum}); restore the data, or start "
                + "again in another folder");
        }

        var environment = ThisMachine.Describe(_clock);
        _folder.WriteBeginning(_spec, environment, _data, resume);
        return environment;
    }

    /// <summary>Before anything is written: no training of the plan may be there with another spec.</summary>
    private void RequireOwn()
    {
        foreach (var rung in _rungs)
        {
            foreach (var key in _spec.Rules.SelectMany(rule => Enumerable.Range(1, _rungs[0].Trials).SelectMany(trial => Seeds.Select(seed => new TrialKey(rule, trial, rung.Number, seed)))))
            {
                _ = _folder.Finished(key, SpecOf(key, rung));
            }
        }
    }

    private ExperimentSpec SpecOf(TrialKey key, Rung rung) => _specs.Of(key.Rule, _draws.Settings(key.Rule, key.Trial), rung.Examples, key.Seed);

    private TrialRecord Judge(string rule, int trial, Rung rung)
        => Judgement.Of(trial, rung, _draws.Settings(rule, trial), [.. Seeds.Select(seed => _done[new(rule, trial, rung.Number, seed)])]);

    private TuningRecord Record(Dictionary<string, List<TrialRecord>> trials, bool finished, EnvironmentRecord environment) => new()
    {
        Rules = [.. _spec.Rules.Select(rule => Record(rule, trials[rule], finished))],
        Finished = finished,
        FullExamples = _fullExamples,
        BudgetExamples = _spec.Tuning!.Trials * Seeds.Count * _fullExamples,
        PlannedExamples = _rungs.Sum(rung => rung.Trials * Seeds.Count * rung.Examples),
        Environment = environment,
        Spec = _spec,
        Data = _data,
    };

    private RuleTuningRecord Record(string rule, List<TrialRecord> trials, bool finished)
    {
        var space = TuningSpace.Of(_spec.Tuning!, rule);
        return new RuleTuningRecord
        {
            Rule = rule,
            Space = space,
            Trials = trials,
            Winner = finished ? Judgement.Winner(trials, _rungs.Count, space) : null,
            LearnedExamples = trials.Sum(trial => trial.Runs.Sum(run => run.Examples)),
            Seconds = trials.Sum(trial => trial.Seconds),
        };
    }

    private sealed class Nobody : ExperimentObserver;
}
