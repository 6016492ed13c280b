using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Which connections a layer has. Give exactly one of the two keys. Missing connections stay missing.</summary>
public sealed record ConnectionsSpec
{
    /// <summary>
    /// Probability that a connection exists, independently of the others. Cannot be combined with <see cref="InputsPerUnit"/>.
    /// </summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double? Share { get; init; }

    /// <summary>Number of inputs that each unit sees. Units take the inputs in turn. Cannot be combined with <see cref="Share"/>.</summary>
    [Bounds(AtLeast = 1)]
    public int? InputsPerUnit { get; init; }
}
