namespace FeedbackAlignment.Probes;

/// <summary>
/// What the instruments read at one layer. Angles in degrees, 0 … 180. A number is null where it is undefined (a vector was zero) or does
/// not exist for the rule or layer. Three angles that are often confused have names of their own here: of errors, of gradients, of weights.
/// </summary>
public sealed record AlignmentReading
{
    /// <summary><c>hidden1</c> … or <c>output</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>
    /// Mean over examples of the angle between the rule's and backpropagation's error at this hidden layer, Δh (the paper's angle).
    /// </summary>
    public double? ErrorAngle { get; init; }

    /// <summary>Standard deviation of that angle over examples.</summary>
    public double? ErrorAngleDeviation { get; init; }

    /// <summary>‖the rule's errors‖ ∕ ‖backpropagation's errors‖, over all examples together.</summary>
    public double? ErrorNormRatio { get; init; }

    /// <summary>
    /// Share of examples in which the two errors have a positive inner product; at the last hidden layer of a network this is eᵀWBe &gt;
    /// 0.
    /// </summary>
    public double? PositiveShare { get; init; }

    /// <summary>
    /// Mean over examples of the angle between the rule's and pseudobackprop's error at this hidden layer, Δh = W⁺ e; null unless the
    /// probe was asked for it.
    /// </summary>
    public double? PseudobackpropAngle { get; init; }

    /// <summary>Angle between the rule's and backpropagation's gradient of the weights into this layer.</summary>
    public double? GradientAngle { get; init; }

    /// <summary>‖the rule's weight gradient‖ ∕ ‖backpropagation's‖.</summary>
    public double? GradientNormRatio { get; init; }

    /// <summary>Angle between the rule's and backpropagation's gradient of the biases.</summary>
    public double? BiasGradientAngle { get; init; }

    /// <summary>
    /// Angle between the feedback weights into this hidden layer and the forward weights they stand for: the matrix above, or for direct
    /// feedback the product of all matrices from here to the output.
    /// </summary>
    public double? WeightAngle { get; init; }

    /// <summary>‖those forward weights‖ ∕ ‖those feedback weights‖.</summary>
    public double? WeightNormRatio { get; init; }

    /// <summary>How long weights, activations, errors and gradients are; null unless the probe was asked for it.</summary>
    public NormReading? Norms { get; init; }
}
