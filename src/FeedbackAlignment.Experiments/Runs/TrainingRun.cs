using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>One training: builds it from the spec, watches it with the instruments, and turns what came out into a record.</summary>
internal sealed class TrainingRun
{
    private readonly ExperimentSpec _spec;
    private readonly RunKey _key;
    private readonly TimeProvider _clock;
    private readonly ExperimentKeeping _keeping;
    private readonly RunFolder _folder;
    private readonly Network _network;
    private readonly RunPhases _phases;
    private readonly Func<LearningRule, AlignmentProbe>? _probe;
    private readonly Trainer _trainer;
    private readonly Optimizer _optimizer;
    private readonly TrainingOptions _options;
    private readonly Loss _loss;
    private readonly DataSet? _test;
    private readonly KernelRecord? _firstKernels;
    private readonly RankTeam? _team;

    private TrainingRun(
        ExperimentSpec spec, RunKey key, DataSplit split, RunFolder folder, Components components, Compute compute, TimeProvider clock,
        ExperimentKeeping keeping, bool tests, RankTeam? team)
    {
        (_spec, _key, _folder, _clock, _keeping) = (spec, key, folder, clock, keeping);
        _loss = components.Losses.Get(spec.Loss!);

        // A spiking network answers by chance: asked again, it answers otherwise.
        _test = tests && spec.Network.Spiking is null ? split.Test : null;
        _team = team;
        var parts = new TrainingParts(
            spec, key, split, components, compute, keeping.CheckpointEvery, tests, folder.KeepsWeights, team?.Ranks);
        (_network, _phases, _probe, _optimizer) = (parts.Network, parts.Phases, parts.MakeProbe, parts.Optimizer);
        (_options, _firstKernels, _trainer) = (parts.Options, parts.FirstKernels, parts.Trainer);
    }

    /// <summary>Trains, from the run's newest checkpoint if there is one.</summary>
    /// <param name="spec">A complete, valid spec.</param>
    /// <param name="key">Rule and seed.</param>
    /// <param name="split">The examples.</param>
    /// <param name="folder">Where to keep what is recorded.</param>
    /// <param name="components">What the spec can name.</param>
    /// <param name="threads">Threads to work on a step.</param>
    /// <param name="clock">For seconds and dates.</param>
    /// <param name="keeping">How the run is kept.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="tests">Whether to look at the test examples at the end.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <param name="team">The processes that train together, of which this is rank 0; null: this one alone.</param>
    /// <exception cref="CheckpointException">The run cannot go on from its checkpoints, and is not to begin anew.</exception>
    /// <exception cref="RecordingException">A file of the run cannot be written.</exception>
    public static RunRecord Train(
        ExperimentSpec spec, RunKey key, DataSplit split, RunFolder folder, Components components, int threads, TimeProvider clock,
        ExperimentKeeping keeping, ExperimentObserver observer, bool tests, CancellationToken cancellation, RankTeam? team = null)
    {
        try
        {
            return Once();
        }
        catch (CheckpointException damaged) when (keeping.Anew)
        {
            keeping.Notice($"{key}: {damaged.Message}; the run starts from the beginning");
            folder.Checkpoints.Delete();
            return Once();
        }

        RunRecord Once()
        {
            folder.Checkpoints.RequireRoomFor(spec.Network.Plan(components));

            // Not the training's own: threads of one that cannot be built would never end.
            using var compute = new Compute(threads);
            return new TrainingRun(spec, key, split, folder, components, compute, clock, keeping, tests, team)
                .Train(observer, cancellation);
        }
    }

    private RunRecord Train(ExperimentObserver observer, CancellationToken cancellation)
    {
        var (from, past) = Restore();
        observer.OnStarted(_key, _options.Examples);
        var began = _clock.GetTimestamp();
        _folder.DropSnapshots(past.Curve.Select(point => point.Examples));
        using var recorder = new RunRecorder(_spec, _key, observer, _phases, _probe, _folder, from, past, Seconds);
        _team?.Begin(_key, from is null ? null : _trainer, _keeping.CheckpointEvery);
        var result = _trainer.Run(recorder, cancellation);
        _team?.HaveTrained();
        var record = Record(result, recorder, Seconds());
        recorder.Flush();
        _folder.WriteEnd(record, _spec, recorder.Rule, _optimizer);
        return record;

        // A clock that was set back must not take away what has been counted.
        double Seconds() => (from?.Seconds ?? 0) + Math.Max(0, _clock.GetElapsedTime(began).TotalSeconds);
    }

    private (RunCheckpoint? From, RunPast Past) Restore()
    {
        var found = _folder.Checkpoints.Restore(_trainer, _key, _keeping.Notice);
        if (found is not { } restored)
        {
            return (null, RunPast.None);
        }

        if (restored.Note.Version != ThisMachine.Version)
        {
            _keeping.Notice(
                $"{_key}: was started by version {restored.Note.Version} and continues with {ThisMachine.Version}; the bits may differ");
        }

        return (restored.Note, restored.Past);
    }

    private RunRecord Record(TrainingResult result, RunRecorder recorder, double seconds)
    {
        var test = result.Test is null ? null : _test;
        var (misread, mistakes) = test is null ? ([], null) : TestAnswers.Misread(_network, test);
        return new()
        {
            Rule = _key.Rule,
            Seed = _key.Seed,
            Status = result.Status switch
            {
                TrainingStatus.Completed => RunStatus.Completed,
                TrainingStatus.Diverged => RunStatus.Diverged,
                TrainingStatus.StoppedEarly => RunStatus.StoppedEarly,
                _ => RunStatus.Cancelled,
            },
            Reason = result.Reason,
            Epochs = result.Epochs,
            Examples = result.Examples,
            ClippedSteps = result.ClippedSteps,
            TrainLoss = Finite(result.TrainLoss),
            ValidationError = Finite(result.Validation.Error),
            TestError = Finite(result.Test?.Error),
            KeptAtExamples = result.KeptAtExamples,
            Seconds = seconds,
            AlignmentAngles = recorder.Alignment
                .Where(reading => reading.Layer != _network.Layers[^1].Name)
                .GroupBy(reading => reading.Layer)
                .ToDictionary(
                    layer => layer.Key,
                    layer => (IReadOnlyList<AngleRecord>)
                        [.. layer.Select(reading => new AngleRecord(reading.Examples, reading.ErrorAngle))]),
            Curve = recorder.Curve,
            Alignment = recorder.Alignment,
            Misread = misread,
            TestMistakes = mistakes,
            OutputErrors = test is null ? [] : TestAnswers.OutputErrors(_network, _loss, test),
            Kernels = KernelPictures.Of(_firstKernels, recorder.Rule),
        };
    }

    /// <summary>Records have no infinities: what is not a finite number is not known.</summary>
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
