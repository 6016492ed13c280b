namespace FeedbackAlignment.Training;

/// <summary>Watches a training. What it does costs training time; it must not change the network.</summary>
public abstract class TrainingObserver
{
    /// <summary>
    /// When a phase begins: before anything else in the first, and after the evaluation and measurement at the end of the one before in
    /// all others. A restored training begins with the phase that it stands in.
    /// </summary>
    /// <param name="index">Index of the phase, from 0.</param>
    public virtual void OnPhase(int index)
    {
    }

    /// <summary>After every step.</summary>
    /// <param name="progress">Where training is.</param>
    public virtual void OnStep(in TrainingProgress progress)
    {
    }

    /// <summary>
    /// After every evaluation on the validation examples, the one before the first step included. Without such examples the point has
    /// none (NaN).
    /// </summary>
    /// <param name="point">The new point of the learning curve.</param>
    public virtual void OnEvaluation(CurvePoint point)
    {
    }

    /// <summary>
    /// At the moments that <see cref="TrainingOptions.Measure"/> names, before the first step, and after the last of each phase.
    /// </summary>
    /// <param name="examples">Examples learned from until then.</param>
    public virtual void OnMeasure(long examples)
    {
    }

    /// <summary>
    /// Between two steps, at the moments that <see cref="TrainingOptions.Checkpoint"/> names, and when the training is stopped from
    /// outside; once at a place. A training that goes on from the state does not make the calls again that were made before.
    /// </summary>
    /// <param name="state">What to save; the call is the only time for it.</param>
    public virtual void OnCheckpoint(TrainingState state)
    {
    }
}

/// <summary>Where a training is.</summary>
/// <param name="Examples">Examples learned from until now.</param>
/// <param name="TotalExamples">Examples there will have been at the end.</param>
/// <param name="Loss">Mean loss of the latest batch.</param>
public readonly record struct TrainingProgress(long Examples, long TotalExamples, double Loss);

/// <summary>A point of the learning curve.</summary>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="Epoch">The same in passes over the training examples.</param>
/// <param name="TrainLoss">
/// Mean loss of the training examples since the previous point, each before its step; NaN before the first step.
/// </param>
/// <param name="Validation">How the network does on the validation examples; NaN where there are none.</param>
/// <param name="LearningRate">Learning rate of the latest step, or of the first one before it.</param>
public sealed record CurvePoint(long Examples, double Epoch, double TrainLoss, Evaluation Validation, double LearningRate);
