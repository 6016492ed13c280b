using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Watches one training: reads the instruments, and writes every record down as it happens.</summary>
/// <param name="spec">What is run, complete.</param>
/// <param name="key">Rule and seed.</param>
/// <param name="observer">Watches the experiment.</param>
/// <param name="phases">The run's rules.</param>
/// <param name="probe">Makes instruments for a rule; null: there are none to read.</param>
/// <param name="folder">Where to write.</param>
/// <param name="from">Where the run goes on; null: it begins.</param>
/// <param name="past">What it had recorded until then.</param>
/// <param name="seconds">Seconds spent until now.</param>
internal sealed class RunRecorder(
    ExperimentSpec spec,
    RunKey key,
    ExperimentObserver observer,
    RunPhases phases,
    Func<LearningRule, AlignmentProbe>? probe,
    RunFolder folder,
    RunCheckpoint? from,
    RunPast past,
    Func<double> seconds) : TrainingObserver, IDisposable
{
    private AlignmentProbe? _probe = probe?.Invoke(phases.First);
    private readonly List<CurveRecord> _curve = [.. past.Curve];
    private readonly List<AlignmentRecord> _alignment = [.. past.Alignment];
    private readonly MetricsWriter _metrics = folder.OpenMetrics(spec.Training.MeasureNorms, from?.Metrics);

    /// <summary>The run's own rule as it is now.</summary>
    public LearningRule Rule { get; private set; } = phases.First;

    public IReadOnlyList<CurveRecord> Curve => _curve;

    public IReadOnlyList<AlignmentRecord> Alignment => _alignment;

    /// <summary>From here on the run's rule may have other feedback weights.</summary>
    public override void OnPhase(int index)
    {
        if (phases.Own(index) != Rule)
        {
            Rule = phases.Own(index);
            _probe = probe?.Invoke(Rule);
        }
    }

    public override void OnStep(in TrainingProgress progress) => observer.OnStep(key, progress.Examples, progress.Loss);

    public override void OnEvaluation(CurvePoint point)
    {
        var record = new CurveRecord(
            point.Examples, point.Epoch, Finite(point.TrainLoss), Finite(point.Validation.Loss), Finite(point.Validation.Error), point.LearningRate);
        _curve.Add(record);
        _metrics.Write(record);
        observer.OnEvaluation(key, record);

        // At the end of a run the network may have earlier weights again, those that are tested.
        if (spec.Training.Snapshots != SnapshotIds.None && folder.KeepsWeights)
        {
            folder.WriteSnapshot(point.Examples, Rule, onlyEnds: spec.Training.Snapshots == SnapshotIds.Ends);
        }
    }

    public override void OnMeasure(long examples)
    {
        foreach (var reading in _probe!.Read())
        {
            var record = new AlignmentRecord
            {
                Examples = examples,
                Layer = reading.Layer,
                ErrorAngle = reading.ErrorAngle,
                ErrorAngleDeviation = reading.ErrorAngleDeviation,
                ErrorNormRatio = reading.ErrorNormRatio,
                PositiveShare = reading.PositiveShare,
                PseudobackpropAngle = reading.PseudobackpropAngle,
                GradientAngle = reading.GradientAngle,
                GradientNormRatio = reading.GradientNormRatio,
                BiasGradientAngle = reading.BiasGradientAngle,
                WeightAngle = reading.WeightAngle,
                WeightNormRatio = reading.WeightNormRatio,
            };
            _alignment.Add(record);
            _metrics.Write(record);
            if (reading.Norms is { } norms)
            {
                _metrics.Write(new NormRecord(
                    examples, reading.Layer, norms.Weights, norms.Biases, norms.Feedback, norms.Activations, norms.Error, norms.ExactError,
                    norms.Gradient, norms.ExactGradient));
            }
        }
    }

    /// <summary>Records first: a checkpoint must not count on what is not on the disk.</summary>
    public override void OnCheckpoint(TrainingState state)
        => folder.Checkpoints.Write(state, new RunCheckpoint(key.Rule, key.Seed, state.Examples, seconds(), ThisMachine.Version, _metrics.Flush(), spec));

    /// <summary>Returns when all records are on the disk.</summary>
    public void Flush() => _metrics.Flush();

    public void Dispose() => _metrics.Dispose();

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
