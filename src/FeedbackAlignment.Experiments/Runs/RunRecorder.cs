using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Watches one training: reads the instruments, and writes every record down as it happens.</summary>
internal sealed class RunRecorder(RunKey key, ExperimentObserver observer, AlignmentProbe? probe, RunFolder folder) : TrainingObserver, IDisposable
{
    private readonly List<CurveRecord> _curve = [];
    private readonly List<AlignmentRecord> _alignment = [];
    private readonly MetricsWriter _metrics = folder.OpenMetrics();

    public IReadOnlyList<CurveRecord> Curve => _curve;

    public IReadOnlyList<AlignmentRecord> Alignment => _alignment;

    public override void OnStep(in TrainingProgress progress) => observer.OnStep(key, progress.Examples, progress.Loss);

    public override void OnEvaluation(CurvePoint point)
    {
        var record = new CurveRecord(
            point.Examples, point.Epoch, Finite(point.TrainLoss), Finite(point.Validation.Loss), Finite(point.Validation.Error), point.LearningRate);
        _curve.Add(record);
        _metrics.Write(record);
        observer.OnEvaluation(key, record);
    }

    public override void OnMeasure(long examples)
    {
        foreach (var reading in probe!.Read())
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
        }
    }

    public void Dispose() => _metrics.Dispose();

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
