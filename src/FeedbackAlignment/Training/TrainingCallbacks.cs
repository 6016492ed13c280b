namespace FeedbackAlignment.Training;

/// <summary>
/// An observer made of functions, for those who need one or two: <c>new TrainingCallbacks { Evaluation = point => … }</c>.
/// </summary>
public sealed class TrainingCallbacks : TrainingObserver
{
    /// <summary>Called as <see cref="TrainingObserver.OnPhase"/>.</summary>
    public Action<int>? Phase { get; init; }

    /// <summary>Called as <see cref="TrainingObserver.OnStep"/>.</summary>
    public Action<TrainingProgress>? Step { get; init; }

    /// <summary>Called as <see cref="TrainingObserver.OnEvaluation"/>.</summary>
    public Action<CurvePoint>? Evaluation { get; init; }

    /// <summary>Called as <see cref="TrainingObserver.OnMeasure"/>.</summary>
    public Action<long>? Measure { get; init; }

    /// <summary>Called as <see cref="TrainingObserver.OnCheckpoint"/>.</summary>
    public Action<TrainingState>? Checkpoint { get; init; }

    /// <inheritdoc/>
    public override void OnPhase(int index) => Phase?.Invoke(index);

    /// <inheritdoc/>
    public override void OnStep(in TrainingProgress progress) => Step?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnEvaluation(CurvePoint point) => Evaluation?.Invoke(point);

    /// <inheritdoc/>
    public override void OnMeasure(long examples) => Measure?.Invoke(examples);

    /// <inheritdoc/>
    public override void OnCheckpoint(TrainingState state) => Checkpoint?.Invoke(state);
}
