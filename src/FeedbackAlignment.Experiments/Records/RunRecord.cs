using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Probes;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>It went through all its examples.</summary>
    Completed,

    /// <summary>The loss became infinite, not a number, or exploded.</summary>
    Diverged,

    /// <summary>The user stopped it; what it had until then is kept.</summary>
    Cancelled,

    /// <summary>
    /// It stopped itself, for validation had not got better for <c>training.patience</c> evaluations. It came to its end, and was tested.
    /// </summary>
    StoppedEarly,
}

/// <summary>What statuses mean.</summary>
public static class RunStatusMeaning
{
    /// <summary>Whether a run came to its end, and so has results: it completed or stopped early.</summary>
    /// <param name="status">How it ended.</param>
    public static bool IsEnd(this RunStatus status) => status is RunStatus.Completed or RunStatus.StoppedEarly;

    /// <summary>As a person reads it, e.g. <c>stopped early</c>.</summary>
    /// <param name="status">How it ended.</param>
    public static string InWords(this RunStatus status) => status == RunStatus.StoppedEarly ? "stopped early" : status.ToString().ToLowerInvariant();
}

/// <summary>
/// What one training (one rule, one seed) left behind. Errors are fractions; for regression they are normalized squared errors Σ‖e‖² ∕
/// Σ‖y*‖².
/// </summary>
public sealed record RunRecord
{
    /// <summary>The id of the learning rule, e.g. <c>feedback-alignment</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The root seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>
    /// The complete spec that it ran under, in the run's own file <c>run.json</c>; null in <c>results.json</c>, which has the spec once
    /// for all runs, and in files of version 0.1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExperimentSpec? Spec { get; init; }

    /// <summary>
    /// The name of the run in a study, by which it is known wherever it lies; null in other experiments.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Identity { get; init; }

    /// <summary>One line on why the run did not go through all its examples; null if it did.</summary>
    public string? Reason { get; init; }

    /// <summary>Passes over the training examples, counting a part as a fraction.</summary>
    public double Epochs { get; init; }

    /// <summary>Examples learned from.</summary>
    public long Examples { get; init; }

    /// <summary>Steps whose gradients were clipped; null without <c>optimizer.clipNorm</c>, and in records of 0.1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ClippedSteps { get; init; }

    /// <summary>Mean training loss over the last epoch.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>Error on the validation examples, of the weights that were kept.</summary>
    public double? ValidationError { get; init; }

    /// <summary>Error on the test examples, of the weights that were kept.</summary>
    public double? TestError { get; init; }

    /// <summary>The number of examples after which the kept weights stood (the best on validation, or the last).</summary>
    public long KeptAtExamples { get; init; }

    /// <summary>Wall-clock seconds of training, evaluation and measuring.</summary>
    public double Seconds { get; init; }

    /// <summary>
    /// By hidden layer (<c>hidden1</c> …): the angle between the rule's error and backpropagation's, as training goes on.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AngleRecord>> AlignmentAngles { get; init; } = new Dictionary<string, IReadOnlyList<AngleRecord>>();

    /// <summary>The learning curve.</summary>
    public IReadOnlyList<CurveRecord> Curve { get; init; } = [];

    /// <summary>
    /// Whether the loss on the validation examples is higher at the end than before the training: outputs on misread examples grow, even if
    /// the error still falls. False where the loss is not known.
    /// </summary>
    [JsonIgnore]
    public bool LossGrew => Curve is [{ Examples: 0, ValidationLoss: { } before }, .., { ValidationLoss: { } after }] && after > before;

    /// <summary>All that the instruments read, in the order they read it.</summary>
    public IReadOnlyList<AlignmentRecord> Alignment { get; init; } = [];

    /// <summary>
    /// The first ten test examples that the kept weights misread; empty for regression, for spiking networks, and in records of 0.1.
    /// </summary>
    public IReadOnlyList<MisreadRecord> Misread { get; init; } = [];

    /// <summary>
    /// By test example: whether the kept weights misread it. It is in a file of its own beside <c>run.json</c>, <c>test-mistakes.npy</c>;
    /// null for regression, for spiking networks, where that file is not there, and in records of 0.1.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<bool>? TestMistakes { get; init; }

    /// <summary>
    /// By output: the mean squared error on the test examples. Empty for classification, for spiking networks, and in records of 0.1.
    /// </summary>
    public IReadOnlyList<double> OutputErrors { get; init; } = [];

    /// <summary>
    /// The kernels of the first layer with weights; null where it is no convolution or its weights are not finite numbers, where weights
    /// are not kept (trials of a tuning), and in records of 0.1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KernelsRecord? Kernels { get; init; }
}

/// <summary>How long things are at one layer at one moment (<see cref="NormReading"/>): a line of <c>norms.csv</c>.</summary>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="Layer"><c>hidden1</c>, <c>hidden2</c> …, <c>output</c>, counted from the input.</param>
/// <param name="Weights">Of the layer's weights.</param>
/// <param name="Biases">Of its biases.</param>
/// <param name="Feedback">Of the feedback weights into it.</param>
/// <param name="Activations">Of its outputs for an example, as root mean square over the measured examples.</param>
/// <param name="Error">Of the rule's error for an example, in the same way.</param>
/// <param name="ExactError">Of backpropagation's error for an example.</param>
/// <param name="Gradient">Of the rule's weight gradient.</param>
/// <param name="ExactGradient">Of backpropagation's weight gradient.</param>
public sealed record NormRecord(
    long Examples, string Layer, double? Weights, double? Biases, double? Feedback, double? Activations, double? Error, double? ExactError,
    double? Gradient, double? ExactGradient);

/// <summary>An angle at a moment of training.</summary>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="Degrees">Mean angle over the measured examples, 0 … 180; null where undefined (a vector was zero).</param>
public sealed record AngleRecord(long Examples, double? Degrees);

/// <summary>A point of the learning curve.</summary>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="Epoch">The same in passes over the training examples.</param>
/// <param name="TrainLoss">Mean loss of the training examples since the previous point; null before the first.</param>
/// <param name="ValidationLoss">Mean loss on the validation examples; null where it is not a finite number.</param>
/// <param name="ValidationError">Error on the validation examples; null where it is not a finite number.</param>
/// <param name="LearningRate">The learning rate at that moment.</param>
public sealed record CurveRecord(long Examples, double Epoch, double? TrainLoss, double? ValidationLoss, double? ValidationError, double LearningRate);

/// <summary>
/// What the instruments read at one layer at one moment, on held-out examples. Angles are in degrees, 0 … 180; a number is null
/// where it is undefined (a vector was zero) or does not exist for the rule or layer.
/// </summary>
public sealed record AlignmentRecord
{
    /// <summary>Examples learned from until then.</summary>
    public required long Examples { get; init; }

    /// <summary><c>hidden1</c>, <c>hidden2</c> …, <c>output</c>, counted from the input.</summary>
    public required string Layer { get; init; }

    /// <summary>
    /// Mean over examples of the angle between the rule's and backpropagation's error at this hidden layer (the paper's angle).
    /// </summary>
    public double? ErrorAngle { get; init; }

    /// <summary>Standard deviation of that angle over examples.</summary>
    public double? ErrorAngleDeviation { get; init; }

    /// <summary>Length of the rule's error over length of backpropagation's, over all measured examples.</summary>
    public double? ErrorNormRatio { get; init; }

    /// <summary>
    /// Share of examples whose error at this layer points into backpropagation's half-space; at the last hidden layer, the share with
    /// eᵀWBe &gt; 0.
    /// </summary>
    public double? PositiveShare { get; init; }

    /// <summary>
    /// Mean over examples of the angle between the rule's and pseudobackprop's error at this hidden layer; null unless
    /// <c>training.measurePseudobackprop</c> asked for it.
    /// </summary>
    public double? PseudobackpropAngle { get; init; }

    /// <summary>Angle between the rule's and backpropagation's gradient of this layer's weights.</summary>
    public double? GradientAngle { get; init; }

    /// <summary>Length of the rule's weight gradient over length of backpropagation's.</summary>
    public double? GradientNormRatio { get; init; }

    /// <summary>Angle between the rule's and backpropagation's gradient of this layer's biases.</summary>
    public double? BiasGradientAngle { get; init; }

    /// <summary>
    /// Angle between the forward weights out of this hidden layer and the feedback weights into it. For direct feedback into a
    /// lower layer the forward weights are the product of all matrices on the way to the output.
    /// </summary>
    public double? WeightAngle { get; init; }

    /// <summary>Length of those forward weights over length of those feedback weights.</summary>
    public double? WeightNormRatio { get; init; }
}
