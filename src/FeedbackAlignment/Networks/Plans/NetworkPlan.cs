using System.Diagnostics.CodeAnalysis;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The description of a network in one line, from which it can be built, counted and compared. Two forms: the sizes of dense layers,
/// <c>784-1000-10</c>, or what goes in and the modules after it,
/// <c>784, dense 256, batch-norm, relu, residual(dense 256 relu, dense 256), relu, dropout 0.2, dense 10</c>. A picture goes in as
/// channels × height × width: <c>3x32x32, conv 3x3 32 relu, max-pool 2, dense 10</c>. It may also be the name of a whole network, such as
/// <c>lenet5</c> or <c>resnet-20</c>.
/// </summary>
/// <remarks>
/// The modules of the long form: <c>dense N</c>, linear, or <c>dense N relu</c>; <c>conv 3x3 N</c>, which may have <c>stride</c>,
/// <c>padding</c>, <c>dilation</c> and <c>groups</c> with a number each, and an activation; an activation alone, which belongs to the layer
/// that it follows at once; <c>residual(branch)</c> and <c>residual(branch | shortcut)</c>, whose parts are rows of modules; and the modules
/// of <see cref="Parts"/>: <c>batch-norm</c>, <c>dropout P</c>, <c>max-pool 2</c> and others. The last module is a dense layer. Without
/// <c>padding</c> a convolution of stride 1 keeps the positions. A dense layer takes a picture as units in a row, in the order row, column,
/// channel.
/// </remarks>
public sealed class NetworkPlan
{
    private NetworkPlan(IReadOnlyList<PlanNode> row, bool hasActivations, NetworkParts parts)
    {
        (Row, HasActivations, Parts) = (row, hasActivations, parts);
        Nodes = [.. row.SelectMany(node => node.All)];
        Layers = [.. Nodes.OfType<LayerNode>().Select(node => new PlannedLayer(node))];
        LayerNames = [.. Layers.Select(layer => layer.Name)];
        IsChain = row.All(node => node is DenseNode);
    }

    /// <summary>The activations and modules that its text is read with.</summary>
    public NetworkParts Parts { get; }

    /// <summary>What goes in: units in a row, or a picture. Pictures come channel by channel, as data have them.</summary>
    public Shape Input => Row[0] is PlanesNode planes ? planes.Picture : Row[0].From;

    /// <summary>Width of the input: numbers per example.</summary>
    public int Inputs => Input.Size;

    /// <summary>Width of the output.</summary>
    public int Outputs => Row[^1].To.Size;

    /// <summary>Whether it is nothing but dense layers, one after another.</summary>
    public bool IsChain { get; }

    /// <summary>Whether it says the activations itself, as the long form does; else <see cref="MlpOptions"/> say them.</summary>
    public bool HasActivations { get; }

    /// <summary>All layers with weights, in forward order, at least one; of a block first the branch, then the shortcut.</summary>
    public IReadOnlyList<PlannedLayer> Layers { get; }

    /// <summary>The names of the layers with weights: <c>hidden1</c>, <c>hidden2</c> …, <c>output</c>.</summary>
    public IReadOnlyList<string> LayerNames { get; }

    /// <summary>Layers with weights between input and output layer.</summary>
    public int HiddenLayers => Layers.Count - 1;

    /// <summary>The fewest examples in a batch that the network can learn from: 2 with batch normalization, else 1.</summary>
    public int LeastBatch => Nodes.Max(node => node.LeastBatch);

    /// <summary>The sizes from input to output, at least two.</summary>
    /// <exception cref="InvalidOperationException">It is no chain.</exception>
    public IReadOnlyList<int> Sizes => IsChain
        ? [Inputs, .. Layers.Select(layer => layer.Outputs)]
        : throw new InvalidOperationException($"{this} is more than dense layers one after another, which alone have sizes");

    /// <summary>The names of the modules that have parameters, in forward order: layers with weights, and normalizations.</summary>
    internal IEnumerable<string> ThatLearn => Nodes.Where(node => node.Tensors.Any()).Select(node => node.Name);

    /// <summary>The modules one after another, from the input to the output; blocks have rows of their own.</summary>
    internal IReadOnlyList<PlanNode> Row { get; }

    /// <summary>All modules, in forward order; a block stands before what is in it.</summary>
    internal IReadOnlyList<PlanNode> Nodes { get; }

    /// <summary>The first module that is no dense layer, in a word of the plan; null: it is a chain.</summary>
    internal string? BesideDense => IsChain ? null : Modules.FirstOrDefault(node => node is not DenseNode) switch
    {
        null => $"pictures of {Input}",
        ResidualNode => NetworkParts.Residual,
        var node => $"{node}",
    };

    /// <summary>The module that needs <see cref="LeastBatch"/> examples, in a word of the plan.</summary>
    internal string NeedsBatch => $"{Nodes.MaxBy(node => node.LeastBatch)}";

    /// <summary>Number of values that a training moves: weights, biases, and the parameters of other modules.</summary>
    /// <param name="bias">Whether units have biases.</param>
    public long CountParameters(bool bias = true)
        => Layers.Sum(layer => layer.Weights + (bias ? layer.Rows : 0)) + Nodes.OfType<ModuleNode>().Sum(node => Count(node.Parameters));

    /// <summary>Number of values that are remembered and that no optimizer moves: running means and variances.</summary>
    public long CountBuffers() => Nodes.OfType<ModuleNode>().Sum(node => Count(node.Buffers));

    /// <summary>Reads a plan.</summary>
    /// <param name="text">Either form.</param>
    /// <param name="parts">The activations and modules that it can name; null: those of the library.</param>
    /// <exception cref="FormatException">It is no plan; the message is one line that says what is wrong with which part.</exception>
    public static NetworkPlan Parse(string text, NetworkParts? parts = null)
        => TryParse(text, parts ?? NetworkParts.Standard, out var plan, out var mistake) ? plan : throw new FormatException(mistake);

    /// <summary>Reads a plan, or says why not.</summary>
    /// <param name="text">Either form.</param>
    /// <param name="plan">The plan, if the text is right.</param>
    /// <param name="mistake">Otherwise one line on what is wrong, beginning with the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetworkPlan? plan, [NotNullWhen(false)] out string? mistake)
        => TryParse(text, NetworkParts.Standard, out plan, out mistake);

    /// <summary>Reads a plan that can name other parts than the library's, or says why not.</summary>
    /// <param name="text">Either form.</param>
    /// <param name="parts">The activations and modules that it can name.</param>
    /// <param name="plan">The plan, if the text is right.</param>
    /// <param name="mistake">Otherwise one line on what is wrong, beginning with the text.</param>
    public static bool TryParse(
        string text, NetworkParts parts, [NotNullWhen(true)] out NetworkPlan? plan, [NotNullWhen(false)] out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(parts);
        if (NetworkPresets.Find(text) is { } preset)
        {
            return TryParse(text, preset.Picture, NetworkPresets.Classes, parts, out plan, out mistake);
        }

        plan = null;
        if (!IsLong(text))
        {
            plan = LayerSizes.TryParse(text, out var sizes, out mistake) ? OfSizes(sizes, parts) : null;
            return plan is not null;
        }

        return TryRead(text, inputs: null, parts, out plan, out mistake);
    }

    /// <summary>Reads a plan that may leave to the data what goes in, or says why not.</summary>
    /// <param name="text">
    /// Either form; or a row of modules without the first item, which takes <paramref name="inputs"/>; or the name of a whole network, which
    /// takes <paramref name="outputs"/> as well.
    /// </param>
    /// <param name="inputs">The shape of an example of the data.</param>
    /// <param name="outputs">The classes or targets of the data.</param>
    /// <param name="parts">The activations and modules that it can name.</param>
    /// <param name="plan">The plan, if the text is right. It has all that the text leaves out.</param>
    /// <param name="mistake">Otherwise one line on what is wrong, beginning with the text.</param>
    public static bool TryParse(
        string text, Shape inputs, int outputs, NetworkParts parts, [NotNullWhen(true)] out NetworkPlan? plan,
        [NotNullWhen(false)] out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(parts);
        if (NetworkPresets.Find(text) is { } preset)
        {
            plan = null;
            mistake = preset.Objection(inputs) is { } objection ? $"{preset.Id} {objection}" : null;
            return mistake is null && TryRead(preset.Text(inputs, outputs), inputs, parts, out plan, out mistake);
        }

        return LeavesInput(text) ? TryRead(text, TakesPictures(text, parts) ? inputs : Shape.Flat(inputs.Size), parts, out plan, out mistake)
            : TryParse(text, parts, out plan, out mistake);
    }

    /// <summary>Whether a text leaves to the data what goes in: the name of a whole network, or a row without the first item.</summary>
    /// <param name="text">A plan, right or not.</param>
    public static bool LeavesInput(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NetworkPresets.Find(text) is not null || (IsLong(text) && text.AsSpan().TrimStart() is [var first, ..] && char.IsAsciiLetter(first));
    }

    /// <summary>Makes the network, with its initial weights.</summary>
    /// <param name="seed">Root seed; the initial weights are drawn from its stream <c>weights</c>.</param>
    /// <param name="options">What the plan does not say; null: as <see cref="MlpOptions"/> has it by default.</param>
    /// <param name="compute">Does the products; null: one thread.</param>
    /// <exception cref="ArgumentException">
    /// The options name an activation that the plan has, or dynamics for more than dense layers one after another; no layer has a name that
    /// <see cref="MlpOptions.Connectivity"/> has, a layer has too few inputs for it, or the dynamics do not suit the layers.
    /// </exception>
    public Network Build(ulong seed, MlpOptions? options = null, Compute? compute = null)
    {
        options ??= new MlpOptions();
        if (options.Connectivity?.Keys.FirstOrDefault(name => !LayerNames.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"no layer of {this} is called \"{unknown}\"; there are {string.Join(", ", LayerNames)}", nameof(options));
        }

        if (HasActivations && (options.Hidden ?? options.Output) is { } activation)
        {
            throw new ArgumentException(
                $"the activations stand in the plan, {this}; the options must not name {activation} as well", nameof(options));
        }

        if (options.Dynamics is not null && !IsChain)
        {
            throw new ArgumentException($"a spiking network is dense layers one after another; {this} is more", nameof(options));
        }

        compute ??= new Compute();
        var streams = new RandomStreams(seed);
        return Build(new DrawnLayers(streams, options, compute).Of, streams, compute, options.Dynamics);
    }

    /// <summary>The plan of a network.</summary>
    /// <param name="network">The network. Its modules may have other names than the plan gives them; each stands at the same place.</param>
    /// <exception cref="NotSupportedException">
    /// The network has a module that no plan describes; the message is one line that names it.
    /// </exception>
    public static NetworkPlan Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return PlanOfNetwork.Describe(network);
    }

    /// <summary>Makes the network of layers that somebody else makes.</summary>
    /// <param name="layer">Makes the layer of a node.</param>
    /// <param name="streams">The random numbers of the network, for the initial numbers of other modules.</param>
    /// <param name="compute">Does the products.</param>
    /// <param name="dynamics">How the units of a chain fire; null: the network answers at once.</param>
    internal Network Build(
        Func<LayerNode, WeightedLayer> layer, RandomStreams streams, Compute compute, SpikingDynamics? dynamics = null)
    {
        var root = new PlanBuilder(layer, streams).Row("network", Row);
        return IsChain ? new Network([.. root.Children.Cast<WeightedLayer>()], compute, dynamics) { Parts = Parts }
            : new Network(root, compute) { Parts = Parts };
    }

    /// <summary>The text that <see cref="Parse"/> makes the same plan of.</summary>
    public override string ToString() => HasActivations ? $"{Input.InPlan}, {string.Join(", ", Modules)}" : string.Join('-', Sizes);

    /// <summary>The same text with other ends, as advice: it may be no plan.</summary>
    internal string WithEnds(Shape inputs, int outputs)
    {
        var ends = (DenseNode)Row[^1] with { Units = outputs };
        return HasActivations ? $"{inputs.InPlan}, {string.Join(", ", [.. Modules.SkipLast(1), ends])}"
            : string.Join('-', [inputs.Size, .. Sizes.Skip(1).SkipLast(1), outputs]);
    }

    private IEnumerable<PlanNode> Modules => Row[0] is PlanesNode ? Row.Skip(1) : Row;

    /// <summary>Dense layers of these sizes.</summary>
    internal static NetworkPlan OfSizes(IReadOnlyList<int> sizes, NetworkParts? parts = null) => new(
        [.. Network.LayerNames(sizes.Count - 1).Select((name, i) => new DenseNode(name, Shape.Flat(sizes[i]), sizes[i + 1], Activation: null))],
            hasActivations: false, parts ?? NetworkParts.Standard);

    /// <summary>Whether somebody meant the long form, which says the activations itself.</summary>
    internal static bool IsLong(string text)
        => NetworkPresets.Find(text) is not null || text.AsSpan().ContainsAny(",(|") || text.Contains(NetworkParts.Dense, StringComparison.Ordinal);

    /// <summary>
    /// Of each layer with weights in the text of a plan, whether it is a convolution, whatever other modules the text names; null: it is
    /// no plan.
    /// </summary>
    internal static IReadOnlyList<bool>? FindConvolutions(string text)
    {
        return NetworkPresets.Find(text) is not null ? [.. Parse(text).Layers.Select(layer => layer.IsConvolution)]
            : !IsLong(text) ? LayerSizes.TryParse(text, out var sizes, out _) ? new bool[sizes.Length - 1] : null
            : new PlanScanner(text).Scan() is { } row && Find(row).ToArray() is { Length: > 0 } found ? found : null;

        static IEnumerable<bool> Find(IReadOnlyList<PlanItem> row) => row.SelectMany(item => IsLayer(item.Words[0])
            ? [item.Words[0] == NetworkParts.Convolution] : item.Rows.SelectMany(Find));
    }

    /// <summary>Whether a module of a row takes pictures only; else the row can begin with units in a row.</summary>
    private static bool TakesPictures(string text, NetworkParts parts)
    {
        return new PlanScanner(text).Scan() is { } row && row.Any(Takes);

        bool Takes(PlanItem item) => item.Words[0] == NetworkParts.Convolution || parts.Modules.Find(item.Words[0]) is { NeedsPicture: true }
            || item.Rows.Any(inner => inner.Any(Takes));
    }

    private static bool IsLayer(string word) => word is NetworkParts.Dense or NetworkParts.Convolution;

    private static bool TryRead(
        string text, Shape? inputs, NetworkParts parts, [NotNullWhen(true)] out NetworkPlan? plan, [NotNullWhen(false)] out string? mistake)
    {
        var (scanner, reader) = (new PlanScanner(text), new PlanReader(parts));
        var row = scanner.Scan() is { } items ? reader.Read(items, inputs) : null;
        plan = row is null ? null : new NetworkPlan(row, hasActivations: true, parts);
        mistake = plan is null ? $"{ForeignText.Quoted(text)}: {scanner.Mistake ?? reader.Mistake}" : null;
        return plan is not null;
    }

    private static long Count(IEnumerable<ModuleTensor> tensors) => tensors.Sum(tensor => (long)tensor.Rows * tensor.Columns);
}
