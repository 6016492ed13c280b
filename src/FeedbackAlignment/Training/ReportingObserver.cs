namespace FeedbackAlignment.Training;

/// <summary>
/// Passes everything on to another observer, and progress to a listener: some thousand times in all, for one who draws a bar.
/// </summary>
internal sealed class ReportingObserver(IProgress<TrainingProgress> listener, TrainingObserver? observer) : TrainingObserver
{
    private const int Reports = 1000;

    private long _next;

    public override void OnPhase(int index) => observer?.OnPhase(index);

    public override void OnStep(in TrainingProgress progress)
    {
        observer?.OnStep(progress);
        if (progress.Examples >= _next || progress.Examples == progress.TotalExamples)
        {
            _next = progress.Examples + Math.Max(1, progress.TotalExamples / Reports);
            listener.Report(progress);
        }
    }

    public override void OnEvaluation(CurvePoint point) => observer?.OnEvaluation(point);

    public override void OnMeasure(long examples) => observer?.OnMeasure(examples);

    public override void OnCheckpoint(TrainingState state) => observer?.OnCheckpoint(state);
}
