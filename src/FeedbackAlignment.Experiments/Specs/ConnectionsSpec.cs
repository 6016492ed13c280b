using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Which connections a layer has: exactly one of the two. Those that are missing stay missing.</summary>
public sealed record ConnectionsSpec
{
    /// <summary>Each connection is there with this probability, whatever the others. Not together with <see cref="InputsPerUnit"/>.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double? Share { get; init; }

    /// <summary>Each unit sees only so many inputs; the units take them in turn. Not together with <see cref="Share"/>.</summary>
    [Bounds(AtLeast = 1)]
    public int? InputsPerUnit { get; init; }
}
