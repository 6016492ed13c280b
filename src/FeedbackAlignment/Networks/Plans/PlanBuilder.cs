using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Makes the modules of a plan.</summary>
/// <param name="layer">Makes a layer with weights, whose numbers come from elsewhere: drawn, or read from a file.</param>
/// <param name="streams">The random numbers of the network, for the initial numbers of other modules.</param>
internal sealed class PlanBuilder(Func<LayerNode, WeightedLayer> layer, RandomStreams streams)
{
    /// <summary>The random numbers of the network.</summary>
    public RandomStreams Streams => streams;

    /// <summary>Modules one after another.</summary>
    public Sequence Row(string name, IEnumerable<PlanNode> nodes) => new(name, [.. nodes.Select(node => node.Build(this))]);

    /// <summary>A layer with weights.</summary>
    public WeightedLayer Layer(LayerNode node) => layer(node);
}

/// <summary>Layers with initial weights. Each draws from streams of its own name, so their order does not matter.</summary>
/// <param name="streams">The random numbers of the network.</param>
/// <param name="options">What the plan does not say.</param>
/// <param name="compute">Does the products.</param>
internal sealed class DrawnLayers(RandomStreams streams, MlpOptions options, Compute compute)
{
    private readonly WeightDistribution _weights = options.Weights ?? WeightDistribution.GlorotUniform();

    /// <summary>A layer with its initial weights.</summary>
    public WeightedLayer Of(LayerNode node)
    {
        var connections = options.Connectivity?.GetValueOrDefault(node.Name)?
            .Lay(node.Rows, node.Columns, streams.Stream($"{RandomStreams.Connections}/{node.Name}"));
        var activation = node.Activation
            ?? (node.Name == Network.OutputName ? options.Output ?? Activation.Linear : options.Hidden ?? Activation.Tanh);
        var layer = new WeightedLayer(node.Name, node.Map(compute), activation, options.Bias, connections);
        layer.Weights.Draw(_weights, streams.Stream($"{RandomStreams.Weights}/{node.Name}"));
        return layer;
    }
}
