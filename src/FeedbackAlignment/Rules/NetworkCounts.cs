using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What the costs of a rule are counted from: a network's layers with weights, and the places to which direct feedback brings an error.
/// </summary>
public sealed class NetworkCounts
{
    private readonly IReadOnlyList<int>? _sizes;

    private NetworkCounts(
        IReadOnlyList<LayerCounts> layers, IReadOnlyList<SiteCounts> sites, IReadOnlyList<SiteCounts> pooledSites, IReadOnlyList<int>? sizes)
        => (Layers, Sites, PooledSites, _sizes) = (layers, sites, pooledSites, sizes);

    /// <summary>All layers with weights, in forward order; the last is the output layer.</summary>
    public IReadOnlyList<LayerCounts> Layers { get; }

    /// <summary>The places of <see cref="FeedbackSites.Module"/>, from the input up.</summary>
    public IReadOnlyList<SiteCounts> Sites { get; }

    /// <summary>The places of <see cref="FeedbackSites.Pooled"/>, from the input up.</summary>
    public IReadOnlyList<SiteCounts> PooledSites { get; }

    /// <summary>C: the network's outputs.</summary>
    public long Outputs => Layers[^1].Outputs;

    /// <summary>Layer sizes from input to output, of dense layers one after another.</summary>
    /// <exception cref="InvalidOperationException">The network is more.</exception>
    public IReadOnlyList<int> Sizes
        => _sizes ?? throw new InvalidOperationException("only dense layers one after another have sizes");

    /// <summary>All layers but the first: those that an error crosses on its way from layer to layer.</summary>
    public IEnumerable<LayerCounts> Crossed => Layers.Skip(1);

    /// <summary>The output layer and the hidden layers after the last convolution among them.</summary>
    public IEnumerable<LayerCounts> AboveConvolutions
        => Layers.SkipLast(1).Reverse().TakeWhile(layer => !layer.IsConvolution).Reverse().Append(Layers[^1]);

    /// <summary>Multiply-adds of an error's way from each layer to the one below.</summary>
    public long LayerByLayer => Crossed.Sum(layer => layer.Products);

    /// <summary>Weights for that way.</summary>
    public long LayerByLayerWeights => Crossed.Sum(layer => layer.Weights);

    /// <summary>C Σ n over the sites: the output's error to each of them, or weights for it.</summary>
    public long Direct => Outputs * Sites.Sum(site => site.Units);

    /// <summary>Σ n: the units of the hidden layers.</summary>
    public long HiddenUnits => Layers.SkipLast(1).Sum(layer => layer.Outputs);

    /// <summary>Multiply-adds of a forward pass through the hidden layers.</summary>
    public long HiddenProducts => Layers.SkipLast(1).Sum(layer => layer.Products);

    /// <summary>Weights of the hidden layers.</summary>
    public long HiddenWeights => Layers.SkipLast(1).Sum(layer => layer.Weights);

    /// <summary>The units of the widest site; 0 where there is none.</summary>
    public long WidestSite => Sites.Select(site => site.Units).DefaultIfEmpty().Max();

    /// <summary>Counts a network.</summary>
    /// <param name="plan">Its plan. Of more than dense layers one after another a network is made, without its numbers.</param>
    public static NetworkCounts Of(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.IsChain)
        {
            return OfSizes(plan.Sizes);
        }

        var compute = new Compute();
        var index = plan.Build(
            node => new WeightedLayer(node.Name, node.Map(compute), node.Activation ?? Activation.Linear, bias: false),
            new RandomStreams(0), compute).Index;
        return new(
            [.. plan.Layers.Select(layer => new LayerCounts(
                layer.Rows, layer.Columns, layer.Positions, layer.Inputs, layer.IsConvolution))],
            [.. index.Sites.Where(site => site.Pooling != SitePooling.After).Select(Site)],
            [.. index.Sites.Where(site => site.Pooling != SitePooling.Before).Select(Site)],
            sizes: null);

        SiteCounts Site(NetworkSite site) => new(
            site.Module.To.Size,
            site.IsJustBelow && site.Above.Map is ConvolutionMap map
                ? new LayerCounts(
                    map.Rows, map.Columns * map.Options.Groups, map.To.Size / map.Rows, map.From.Size, IsConvolution: true) : null);
    }

    /// <summary>Dense layers one after another.</summary>
    /// <param name="sizes">From input to output, at least two.</param>
    internal static NetworkCounts OfSizes(IReadOnlyList<int> sizes)
    {
        SiteCounts[] sites = [.. sizes.Skip(1).SkipLast(1).Select(units => new SiteCounts(units, Above: null))];
        return new([.. sizes.Zip(sizes.Skip(1), (inputs, units) => new LayerCounts(units, inputs, 1, inputs))], sites, sites, sizes);
    }
}

/// <summary>A layer with weights.</summary>
/// <param name="Rows">Rows of its weights: units, or filters.</param>
/// <param name="Columns">Columns of its weights: inputs, or the weights of a filter.</param>
/// <param name="Positions">Positions of its output, at each of which the weights are used: 1 of a dense layer.</param>
/// <param name="Inputs">Numbers that go in.</param>
/// <param name="IsConvolution">Whether it is a convolution, even one with a single position.</param>
public readonly record struct LayerCounts(int Rows, int Columns, int Positions, long Inputs, bool IsConvolution = false)
{
    /// <summary>Number of its weights.</summary>
    public long Weights => (long)Rows * Columns;

    /// <summary>Multiply-adds of an example's way through them, in either direction.</summary>
    public long Products => Weights * Positions;

    /// <summary>Number of its units.</summary>
    public long Outputs => (long)Rows * Positions;

    /// <summary>Whether each weight serves one unit and one input.</summary>
    public bool IsDense => Columns == Inputs && Positions == 1;
}

/// <summary>A place to which direct feedback brings an error.</summary>
/// <param name="Units">Numbers of an example there.</param>
/// <param name="Above">The convolution that takes just these numbers, without its groups; null: it is none.</param>
public readonly record struct SiteCounts(long Units, LayerCounts? Above);
