using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The network.</summary>
public sealed record NetworkSpec
{
    /// <summary>Layer sizes from input to output, e.g. <c>784-1000-10</c>; null: hidden layers of 200 and 100 units between what the data have.</summary>
    [LayerSizes]
    public string? Layers { get; init; }

    /// <summary>Activation of the hidden layers.</summary>
    [OneOf(typeof(ActivationIds))]
    public string Activation { get; init; } = ActivationIds.Tanh;

    /// <summary>Activation of the output layer. The cross-entropy losses bring their own and need <c>linear</c> here.</summary>
    [OneOf(typeof(ActivationIds))]
    public string OutputActivation { get; init; } = ActivationIds.Linear;

    /// <summary>Whether units have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the initial weights are drawn (biases start at 0).</summary>
    public InitializationSpec Initialization { get; init; } = new();

    /// <summary>
    /// Connections that are missing for good, by the name of their layer: <c>hidden1</c>, <c>hidden2</c>, … <c>output</c>. A layer that is not
    /// named has them all. Needs <see cref="Layers"/>.
    /// </summary>
    [LayerKeys]
    public IReadOnlyDictionary<string, ConnectionsSpec> Connections { get; init; } = new Dictionary<string, ConnectionsSpec>();
}

/// <summary>How initial weights are drawn.</summary>
public sealed record InitializationSpec
{
    /// <summary>The distribution.</summary>
    [OneOf(typeof(WeightSchemeIds))]
    public string Scheme { get; init; } = WeightSchemeIds.GlorotUniform;

    /// <summary>Half-width of <c>uniform</c>, standard deviation of <c>normal</c>, factor of the others.</summary>
    [Bounds(Above = 0)]
    public float Scale { get; init; } = 1;
}

/// <summary>How fixed random feedback weights are drawn. They are never trained.</summary>
public sealed record FeedbackSpec
{
    /// <summary>The distribution: the same as for initial weights, without <c>zero</c>.</summary>
    [OneOf(typeof(WeightSchemeIds), Except = WeightSchemeIds.Zero)]
    public string Scheme { get; init; } = WeightSchemeIds.GlorotUniform;

    /// <summary>Half-width β of <c>uniform</c>, standard deviation of <c>normal</c>, factor of the others.</summary>
    [Bounds(Above = 0)]
    public float Scale { get; init; } = 1;

    /// <summary>Probability with which each feedback connection is there, whatever the others; the rest are missing for good.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double Share { get; init; } = 1;

    /// <summary>A seed of their own, for the feedback weights and nothing else; null: each run draws them from its root seed.</summary>
    [Bounds(AtLeast = 0)]
    public ulong? Seed { get; init; }
}
