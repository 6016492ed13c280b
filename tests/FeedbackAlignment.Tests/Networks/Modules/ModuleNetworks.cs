using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using YourOwnModule;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>Small networks of every kind of module, with random parameters throughout.</summary>
internal static class ModuleNetworks
{
    public const int Inputs = 5, Outputs = 3;

    public static IReadOnlyList<string> Kinds { get; } =
        [
            "chain", "own", "dropout", "layer-norm", "batch-norm", "two-sites", "residual", "projected", "pre-activation", "block-below",
            "recurrent", "recurrent-above", "convolutions", "strided", "pictures", "pooled", "max-pooled", "padded", "everything",
        ];

    /// <summary>The library's parts, with an activation and a module of the sample.</summary>
    public static NetworkParts Parts { get; } = new(
        Activation.Standard.With(Softsign.Activation), ModuleEntry.Standard.With(Gain.Entry));

    /// <summary>Those that a plan can describe, and so a file.</summary>
    public static TheoryData<string> Planned
        => [.. Kinds.Where(kind => !kind.StartsWith("recurrent", StringComparison.Ordinal) && kind is not ("convolutions" or "strided" or "pictures" or "pooled" or "max-pooled" or "padded"))];

    public static TheoryData<string> All => [.. Kinds];

    /// <summary>
    /// Whether a rule of the catalog says that it can teach such a network: no convolution if it refuses them, and none in groups where it
    /// needs a wider one of the kind; no pooling between a site and the layer above, whose inputs are where it brings its error; and no
    /// module that runs layers in a way of its own, where their outputs are disturbed.
    /// </summary>
    public static bool CanBeTaught(string kind, string rule)
        => !(RuleCatalog.Standard.Get(rule).RefusesConvolution && Of(kind).Layers.Any(layer => layer.Map is ConvolutionMap))
            && !(rule == "product-feedback-alignment" && kind == "strided")
            && !(rule == "repeated-direct-feedback-alignment" && kind is ("pooled" or "padded"))
            && !(rule == "node-perturbation" && kind.StartsWith("recurrent", StringComparison.Ordinal));

    public static Network Of(string kind, int threads = 1, Activation? activation = null)
    {
        var compute = new Compute(threads);
        var sigma = activation ?? Activation.Tanh;
        var (five, eight) = (Shape.Flat(Inputs), Shape.Flat(8));
        var same = new ConvolutionOptions { Kernel = Extent.Square(3), Padding = Extent.Square(1) };
        Module[] modules = kind switch
        {
            "own" => [Dense("hidden1", Inputs, 8, Softsign.Activation), new Gain("gain", 8, start: 1), Dense("hidden2", 8, 8, sigma)],
            "chain" => [Dense("hidden1", Inputs, 7, sigma), Dense("hidden2", 7, 8, sigma)],
            "dropout" => [Dense("hidden1", Inputs, 8, sigma), new Dropout("drop", eight, 0.4), Dense("hidden2", 8, 8, sigma)],
            "layer-norm" => [Linear("hidden1", Inputs, 8), new LayerNorm("norm", eight), new ActivationModule("act", eight, sigma),
                Dense("hidden2", 8, 8, sigma)],
            "batch-norm" => [Linear("hidden1", Inputs, 8), new BatchNorm("norm", eight), new ActivationModule("act", eight, sigma),
                Dense("hidden2", 8, 8, sigma)],
            "two-sites" => [Dense("hidden1", Inputs, 8, sigma), new LayerNorm("norm", eight), new ActivationModule("act", eight, sigma)],
            "residual" => [Dense("hidden1", Inputs, 8, sigma), new Residual("block", Branch("block", 8)),
                new ActivationModule("act", eight, sigma)],
            "projected" => [Dense("hidden1", Inputs, 6, sigma), new Residual("block", Branch("block", 6), Linear("block/shortcut", 6, 8)),
                new ActivationModule("act", eight, sigma)],
            "pre-activation"
                => [Linear("hidden1", Inputs, 8), new Residual("block1", PreBranch("block1")), new Residual("block2", PreBranch("block2"))],
            "block-below" => [new Residual("block", new ActivationModule("act", five, sigma)), Dense("hidden1", Inputs, 7, sigma),
                Dense("hidden2", 7, 8, sigma)],
            "recurrent" => [new Recurrence("recurrence", steps: Inputs, 1, 8, compute)],
            "recurrent-above" => [Dense("hidden1", Inputs, 6, sigma), new Recurrence("recurrence", steps: 3, 2, 8, compute)],
            "convolutions" =>
            [
                Filters("hidden1", new(1, Inputs, 1), 4, sigma, new() { Kernel = new(1, 3), Padding = new(0, 1) }),
                Filters("hidden2", new(1, Inputs, 4), 3, sigma, new() { Kernel = new(1, 2) }),
            ],
            "strided" =>
            [
                Dense("hidden1", Inputs, 40, sigma),
                Filters("hidden2", new(5, 4, 2), 4, sigma, new()
                {
                    Kernel = new(2, 3), Stride = new(2, 1), Padding = new(1, 2), Dilation = new(1, 2), Groups = 2,
                }),
                Filters("hidden3", new(3, 4, 4), 3, sigma, new() { Kernel = Extent.Square(3), Stride = Extent.Square(2), Padding = Extent.Square(1) }),
            ],
            "pictures" =>
            [
                Dense("hidden1", Inputs, 24, sigma),
                Filters("hidden2", new(4, 3, 2), 4, Activation.Linear, same),
                new BatchNorm("norm", new(4, 3, 4)),
                new ActivationModule("act1", new(4, 3, 4), sigma),
                new Residual(
                    "block",
                    new Sequence("block/branch", [Filters("block/one", new(4, 3, 4), 5, sigma, same with { Stride = Extent.Square(2) }),
                        Filters("block/two", new(2, 2, 5), 3, Activation.Linear, same)]),
                    Filters("block/shortcut", new(4, 3, 4), 3, Activation.Linear, new() { Kernel = Extent.Square(1), Stride = Extent.Square(2) })),
                new ActivationModule("act2", new(2, 2, 3), sigma),
            ],
            "pooled" or "max-pooled" =>
            [
                Dense("hidden1", Inputs, 40, sigma),
                Filters("hidden2", new(5, 4, 2), 3, Activation.Linear, same),
                Pool(kind, "pool1", new(5, 4, 3), new() { Size = new(3, 2), Stride = Extent.Square(2), Padding = Extent.Square(1) }),
                new LayerNorm("norm", new(3, 3, 3)),
                new ActivationModule("act", new(3, 3, 3), sigma),
                Filters("hidden3", new(3, 3, 3), 4, sigma, new() { Kernel = Extent.Square(2) }),
                new Dropout("drop", new(2, 2, 4), 0.3),
                Pool(kind, "pool2", new(2, 2, 4), new() { Size = Extent.Square(2), Stride = Extent.Square(1), Padding = Extent.Square(1) }),
                new Flatten("flat", new(3, 3, 4)),
            ],
            "padded" =>
            [
                Dense("hidden1", Inputs, 24, sigma),
                new FromPlanes("planes", new(4, 3, 2)),
                new Residual(
                    "block",
                    Filters("block/branch", new(4, 3, 2), 5, Activation.Linear, same with { Stride = Extent.Square(2) }),
                    new PadShortcut("block/shortcut", new(4, 3, 2), 5, stride: 2)),
                new BatchNorm("norm", new(2, 2, 5)),
                new GlobalAveragePool("pool", new(2, 2, 5)),
                new ActivationModule("act", Shape.Flat(5), sigma),
            ],
            _ =>
            [
                Linear("hidden1", Inputs, 8),
                new BatchNorm("norm1", eight),
                new ActivationModule("act1", eight, sigma),
                new Residual("block", new Sequence("block/branch", [.. Branch("block", 8).Children, new LayerNorm("norm2", eight)])),
                new ActivationModule("act2", eight, sigma),
                new Dropout("drop", eight, 0.3),
            ],
        };
        var network = new Network(
            new Sequence("network", [.. modules, Dense("output", modules[^1].To.Size, Outputs, Activation.Linear)]), compute)
        {
            Parts = Parts,
        };
        var streams = new RandomStreams(7);
        foreach (var parameter in network.Parameters)
        {
            var (size, centre) = parameter.Kind == ParameterKind.Scale ? (0.3, 1f) : (0.7, 0f);
            parameter.Draw(WeightDistribution.Normal(size), streams.Stream(parameter.Name));
            Some.ForEach(parameter.Read(), (row, column) => parameter.Read()[row, column] += centre);
        }

        return network;

        Module Pool(string kind, string name, Shape from, PoolOptions options)
            => kind == "pooled" ? new AveragePool(name, from, options) : new MaxPool(name, from, options);
        WeightedLayer Dense(string name, int inputs, int outputs, Activation of)
            => WeightedLayer.Dense(name, inputs, outputs, of, bias: true, compute);
        WeightedLayer Filters(string name, Shape from, int filters, Activation of, ConvolutionOptions options)
            => new(name, new ConvolutionMap(from, filters, options, compute), of, bias: true);
        WeightedLayer Linear(string name, int inputs, int outputs) => Dense(name, inputs, outputs, Activation.Linear);
        Sequence Branch(string name, int inputs)
            => new($"{name}/branch", [Dense($"{name}/one", inputs, 6, sigma), Linear($"{name}/two", 6, 8)]);
        Sequence PreBranch(string name) => new($"{name}/branch",
            [new LayerNorm($"{name}/norm", eight), new ActivationModule($"{name}/act", eight, sigma), Linear($"{name}/two", 8, 8)]);
    }
}
