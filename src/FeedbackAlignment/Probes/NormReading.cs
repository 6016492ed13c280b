namespace FeedbackAlignment.Probes;

/// <summary>
/// How long things are at one layer: Euclidean norms of all numbers together. A number is null where it is not finite, or does not exist
/// for the rule or the layer.
/// </summary>
public sealed record NormReading
{
    /// <summary>Of the layer's weights.</summary>
    public double? Weights { get; init; }

    /// <summary>Of its biases.</summary>
    public double? Biases { get; init; }

    /// <summary>Of the feedback weights into this hidden layer.</summary>
    public double? Feedback { get; init; }

    /// <summary>
    /// Of an example's outputs of the layer, as the root mean square over the examples. Answers are measured: without dropout masks, and
    /// with running statistics.
    /// </summary>
    public double? Activations { get; init; }

    /// <summary>Of the rule's error at this hidden layer, for an example: the root mean square over the examples.</summary>
    public double? Error { get; init; }

    /// <summary>The same of backpropagation's error.</summary>
    public double? ExactError { get; init; }

    /// <summary>Of the rule's gradient of the weights, of the mean loss.</summary>
    public double? Gradient { get; init; }

    /// <summary>The same of backpropagation's gradient.</summary>
    public double? ExactGradient { get; init; }
}
