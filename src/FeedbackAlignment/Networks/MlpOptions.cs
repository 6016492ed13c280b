namespace FeedbackAlignment.Networks;

/// <summary>
/// What <see cref="Network.Mlp"/> makes its layers from, besides their sizes. The defaults make an ordinary tanh network.
/// </summary>
public sealed record MlpOptions
{
    /// <summary>Activation of the hidden layers; null: tanh.</summary>
    public Activation? Hidden { get; init; }

    /// <summary>Activation of the output layer; null: linear, which the cross-entropy losses need.</summary>
    public Activation? Output { get; init; }

    /// <summary>How initial weights are drawn; null: Glorot's uniform.</summary>
    public WeightDistribution? Weights { get; init; }

    /// <summary>Whether units have biases. They start at 0.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Which connections a layer has, by its name, <c>hidden1</c> … <c>output</c>; chosen from the stream <c>connections</c>. A layer
    /// that is not named has all; null: all layers have.
    /// </summary>
    public IReadOnlyDictionary<string, Connectivity>? Connectivity { get; init; }

    /// <summary>
    /// How the units fire; null: an ordinary network. A spiking one needs logistic hidden layers and a linear output layer.
    /// </summary>
    public SpikingDynamics? Dynamics { get; init; }
}
