namespace FeedbackAlignment.Training;

/// <summary>How a training ended.</summary>
public enum TrainingStatus
{
    /// <summary>It went through all its examples.</summary>
    Completed,

    /// <summary>The loss became infinite or not a number, or exploded.</summary>
    Diverged,

    /// <summary>It was stopped from outside.</summary>
    Cancelled,

    /// <summary>It stopped itself: its <see cref="TrainingOptions.Patience"/> was at an end.</summary>
    StoppedEarly,
}

/// <summary>What came out of a training.</summary>
public sealed record TrainingResult
{
    /// <summary>How it ended.</summary>
    public required TrainingStatus Status { get; init; }

    /// <summary>One line on why it did not complete; null if it did.</summary>
    public string? Reason { get; init; }

    /// <summary>Examples learned from.</summary>
    public required long Examples { get; init; }

    /// <summary>The same in passes over the training examples.</summary>
    public required double Epochs { get; init; }

    /// <summary>
    /// Mean loss of the training examples of the last pass (or of all, where there were fewer), each before its step; NaN if there were
    /// none.
    /// </summary>
    public required double TrainLoss { get; init; }

    /// <summary>The validation examples under the kept weights; NaN where there are none.</summary>
    public required Evaluation Validation { get; init; }

    /// <summary>
    /// The test examples under the kept weights; null unless the training completed or stopped early and was to be tested.
    /// </summary>
    public Evaluation? Test { get; init; }

    /// <summary>Examples after which the kept weights stood.</summary>
    public required long KeptAtExamples { get; init; }

    /// <summary>Steps whose gradients were clipped; null: there is no <see cref="TrainingOptions.ClipNorm"/>.</summary>
    public long? ClippedSteps { get; init; }

    /// <summary>The learning curve.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>Error on the test examples, as a fraction.</summary>
    /// <exception cref="InvalidOperationException">The training did not come to its end, or was not tested.</exception>
    public double TestError => Test?.Error ?? throw new InvalidOperationException($"there is no test error: {WhyNoTest}");

    private string WhyNoTest => Status switch
    {
        TrainingStatus.Diverged => $"the training diverged ({Reason})",
        TrainingStatus.Cancelled => $"the training was cancelled ({Reason})",
        _ => $"there were no test examples, or {nameof(TrainingOptions)}.{nameof(TrainingOptions.Test)} was false",
    };
}
