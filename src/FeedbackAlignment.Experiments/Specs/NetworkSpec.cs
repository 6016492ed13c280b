using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs.Fields;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The network.</summary>
public sealed record NetworkSpec
{
    /// <summary>
    /// Layer sizes from input to output, e.g. <c>784-1000-10</c>, or <c>784-100x240-10</c> with a hundred equal layers. Or the number of
    /// inputs and a row of modules, as a text or as a list, e.g. <c>784, dense 256, batch-norm, relu, residual(dense 256 relu, dense
    /// 256), relu, dropout 0.2, dense 10</c>. Pictures go in as channels × height × width, e.g. <c>3x32x32, conv 3x3 32 relu, max-pool 2,
    /// dense 10</c>. The modules are <c>dense N</c> and <c>conv 3x3 N</c> with or without an activation, an activation alone, all with a
    /// slope in <c>leaky-relu 0.1</c>, <c>residual(branch)</c>, <c>residual(branch | shortcut)</c>, and those that are listed below. Behind
    /// <c>conv 3x3 N</c> may stand <c>stride 2</c>, <c>padding 1</c>, <c>dilation 2</c> and <c>groups 2</c>. Without a padding, positions
    /// are kept where the stride is 1; a kernel of even size must say it. One number in place of two holds for height and width; where the
    /// picture has a height of 1, for the width. A row without its first item takes the shape of the data, and so does the name of a whole
    /// network, which also takes the number of classes. Null: hidden layers of 200 and 100 units; the data give the number of inputs and
    /// outputs.
    /// </summary>
    [Plan]
    public string? Layers { get; init; }

    /// <summary>Activation of the hidden layers. A row of modules has its own; leave this key out beside it.</summary>
    [InCatalog(nameof(Components.Activations))]
    public string Activation { get; init; } = Networks.Activation.Tanh.Id;

    /// <summary>
    /// Activation of the output layer. The cross-entropy losses include their own activation and need <c>linear</c> here.
    /// A row of modules has its own; leave this key out beside it.
    /// </summary>
    [InCatalog(nameof(Components.Activations))]
    public string OutputActivation { get; init; } = Networks.Activation.Linear.Id;

    /// <summary>Whether units have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the initial weights are drawn (biases start at 0).</summary>
    public InitializationSpec Initialization { get; init; } = new();

    /// <summary>
    /// Layers with permanently missing connections, by name: <c>hidden1</c>, <c>hidden2</c>, … <c>output</c>. Layers that are not named
    /// have all connections. This key needs <see cref="Layers"/>.
    /// </summary>
    [LayerKeys]
    public IReadOnlyDictionary<string, ConnectionsSpec> Connections { get; init; } = new Dictionary<string, ConnectionsSpec>();

    /// <summary>
    /// Makes a spiking network: units are leaky and fire at random, and so do the units of the error. Null: an ordinary network. This is
    /// a stand-in. We do not know the protocol of Lillicrap et al. 2016.
    /// </summary>
    public SpikingSpec? Spiking { get; init; }

    /// <summary>Layers and activation in a line for people.</summary>
    public string InWords() => NamesActivations() ? Layers! : $"{Layers} {Activation}";

    /// <summary>
    /// Whether the layers have activations of their own, as a row of modules has, so that <see cref="Activation"/> means nothing.
    /// </summary>
    public bool NamesActivations() => NetworkPlan.IsLong(Layers ?? "");

    /// <summary>Layers with weights between input and output; null where there are no layers, or they cannot be read.</summary>
    public int? CountHiddenLayers() => FindHiddenConvolutions()?.Count;

    /// <summary>
    /// Of each layer with weights between input and output, whether it is a convolution; null where there are no layers, or they cannot be
    /// read.
    /// </summary>
    public IReadOnlyList<bool>? FindHiddenConvolutions()
        => NetworkPlan.FindConvolutions(Layers ?? "") is { } layers ? [.. layers.SkipLast(1)] : null;

    /// <summary>
    /// What a valid spec says of the network; without layers, the default hidden layers between one input and one output. What the text
    /// leaves to the data stands in, until <see cref="SpecCompletion"/> has filled it in.
    /// </summary>
    /// <param name="components">What the spec can name.</param>
    internal NetworkPlan Plan(Components components)
        => OpenNetworks.Read(Layers ?? $"1-{SpecCompletion.HiddenLayers}-1", components.Parts, out var mistake)
            ?? throw new FormatException(mistake);

    /// <summary>The id of the output layer's activation, wherever a valid spec says it.</summary>
    /// <param name="components">What the spec can name.</param>
    internal string OutputId(Components components) => Plan(components).Layers[^1].Activation?.Id ?? OutputActivation;
}

/// <summary>How a spiking network runs. Both pathways and the learning are active in each time step.</summary>
public sealed record SpikingSpec
{
    /// <summary>
    /// Time steps for which an example is presented. The network learns in each of them. Nothing is reset between examples.
    /// </summary>
    [Bounds(AtLeast = 1, AtMost = 10000)]
    public int Steps { get; init; } = 20;

    /// <summary>Time constant of the potentials and of the traces that weights learn from, in time steps.</summary>
    [Bounds(AtLeast = 1, AtMost = 1000)]
    public float TimeConstant { get; init; } = 4;

    /// <summary>Probability that an input of 1 fires in a time step.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public float InputRate { get; init; } = 1;

    /// <summary>
    /// Probability that an error unit fires in a time step while the error e is 0. Its spikes carry tanh(g e) ∕ g, where g is
    /// <c>errorGain</c>.
    /// </summary>
    [Bounds(Above = 0, AtMost = 0.5)]
    public float TonicRate { get; init; } = 0.5f;

    /// <summary>Gain g of the error units. A small gain is linear and noisy; a large gain has little noise and saturates.</summary>
    [Bounds(Above = 0)]
    public float ErrorGain { get; init; } = 1;

    /// <summary>
    /// Time steps at the start of an evaluation that are not counted. The network starts from rest, and the outputs of later steps are
    /// averaged.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public int Settle { get; init; } = 4;
}

/// <summary>How initial weights are drawn.</summary>
public sealed record InitializationSpec
{
    /// <summary>The distribution.</summary>
    [InCatalog(nameof(Components.Initializations))]
    public string Scheme { get; init; } = Networks.Initialization.Default;

    /// <summary>Half-width of <c>uniform</c>, standard deviation of <c>normal</c>, factor on the others.</summary>
    [Bounds(Above = 0)]
    public float Scale { get; init; } = 1;

    /// <summary>
    /// A safetensors file with the initial weights and biases of every run (see <c>fa import</c>). Scheme and scale then have no effect.
    /// A relative path counts from the folder of the spec file. Null: the weights are drawn at random.
    /// </summary>
    [FileName]
    public string? From { get; init; }

    /// <summary>
    /// SHA-256 of that file, in lower-case hexadecimal. Any other file is refused. Null: any file is accepted, and the recorded spec has
    /// the value filled in.
    /// </summary>
    [Sha256]
    public string? Sha256 { get; init; }

    /// <summary>
    /// What is taken from that file: <c>weights</c> and biases; <c>feedback</c>: also the feedback weights, in place of those that the rule
    /// would draw; <c>rule</c>: also what the rule had learned itself, such as feedback weights that learn; <c>optimizer</c>: that, and
    /// what the optimizer remembered. The last two need a file that <c>fa export</c> or <c>fa train --from</c> has written, of the same
    /// rule.
    /// </summary>
    [OneOf(typeof(CarriedIds))]
    public string Carries { get; init; } = CarriedIds.Weights;
}
