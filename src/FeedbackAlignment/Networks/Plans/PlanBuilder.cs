using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Makes the modules of a plan. Each layer draws from streams of its own name, so their order does not matter.</summary>
/// <param name="streams">The random numbers of the network.</param>
/// <param name="options">What the plan does not say.</param>
/// <param name="compute">Does the products.</param>
internal sealed class PlanBuilder(RandomStreams streams, MlpOptions options, Compute compute)
{
    private readonly WeightDistribution _weights = options.Weights ?? WeightDistribution.GlorotUniform();

    /// <summary>Modules one after another.</summary>
    public Sequence Row(string name, IEnumerable<PlanNode> nodes) => new(name, [.. nodes.Select(node => node.Build(this))]);

    /// <summary>A layer with its initial weights.</summary>
    public WeightedLayer Layer(DenseNode node)
    {
        var connections = options.Connectivity?.GetValueOrDefault(node.Name)?
            .Lay(node.Outputs, node.Inputs, streams.Stream($"{RandomStreams.Connections}/{node.Name}"));
        var activation = node.Activation
            ?? (node.Name == Network.OutputName ? options.Output ?? Activation.Linear : options.Hidden ?? Activation.Tanh);
        var layer = WeightedLayer.Dense(node.Name, node.Inputs, node.Outputs, activation, options.Bias, compute, connections);
        layer.Weights.Draw(_weights, streams.Stream($"{RandomStreams.Weights}/{node.Name}"));
        return layer;
    }
}
