using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// Networks in safetensors files: what the tensors are called is <see cref="TensorNaming"/>. The metadata have the plan of the network, so
/// that it can be built again.
/// </summary>
public static class NetworkFile
{
    /// <summary>
    /// The key of the metadata that has the ids of the layers' activations, from the first layer on, e.g. <c>tanh,linear</c>; of dense
    /// layers one after another alone, for other plans name their activations themselves.
    /// </summary>
    public const string ActivationsKey = "activations";

    /// <summary>The key of the metadata that has the plan: sizes as <c>784-100-10</c>, or the long form.</summary>
    public const string LayersKey = "layers";

    private const string SpikingKey = "spiking";

    /// <summary>Weights, biases, missing connections, scales, shifts and running statistics, from the first module on.</summary>
    /// <param name="network">The network.</param>
    /// <param name="naming">
    /// What they are called. Modules that were named otherwise than in a plan get the names that the plan gives.
    /// </param>
    /// <exception cref="NotSupportedException">It has a module that no plan describes.</exception>
    public static IReadOnlyList<NamedTensor> ToTensors(this Network network, TensorNaming naming = TensorNaming.Network)
    {
        var file = new SafetensorsFile(Own(network));
        return naming == TensorNaming.PyTorch ? file.WithPyTorchNames(network).Tensors : file.Tensors;
    }

    /// <summary>What the tensors do not say, as metadata of a file: its kind, the plan and the activations.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NotSupportedException">It has a module that no plan describes.</exception>
    public static Dictionary<string, string> Describe(this Network network)
    {
        // "pt" is what readers of other frameworks expect of tensors that follow PyTorch's conventions.
        var metadata = new Dictionary<string, string> { ["format"] = "pt", [LayersKey] = NetworkPlan.Of(network).ToString() };
        if (network.IsChain)
        {
            metadata[ActivationsKey] = string.Join(',', network.Layers.Select(layer => layer.Activation));
        }

        if (network.Dynamics is not null)
        {
            metadata[SpikingKey] = "true";
        }

        return metadata;
    }

    /// <summary>The same file with the names that PyTorch gives such tensors.</summary>
    /// <param name="file">A file with our names.</param>
    /// <param name="network">The network in it.</param>
    /// <exception cref="NotSupportedException">The network has a module that no plan describes.</exception>
    public static SafetensorsFile WithPyTorchNames(this SafetensorsFile file, Network network)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new PyTorchNames(NetworkPlan.Of(network)).Give(file);
    }

    /// <summary>
    /// The same file with our names and layouts, e.g. a <c>state_dict</c> of PyTorch. Feedback weights in it by the names of BioTorch
    /// (<c>weight_backward</c>) become <c>feedback.output-hidden1</c> and the like.
    /// </summary>
    /// <param name="file">A file with the names of PyTorch, of <see cref="WithPyTorchNames"/>, or ours.</param>
    /// <param name="plan">The network in it.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="order">The names of all modules that have numbers, from the first on; null: it follows from their names.</param>
    /// <exception cref="DataFormatException">
    /// A tensor is missing, has another shape or belongs to nothing; or the order of the modules is not clear.
    /// </exception>
    public static SafetensorsFile WithNetworkNames(
        this SafetensorsFile file, NetworkPlan plan, string source, IReadOnlyList<string>? order = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(plan);
        return Named(file, plan, source, order).File;
    }

    /// <exception cref="NotSupportedException">The network is a spiking one: such a file has no place for that.</exception>
    internal static void RequireWritable(Network network)
    {
        if (network.Dynamics is not null)
        {
            throw new NotSupportedException("a spiking network cannot be saved: its dynamics have no place in a safetensors file");
        }
    }

    /// <summary>Makes a network from the content of a file.</summary>
    /// <param name="file">The content.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="hidden">Activation of the hidden layers; null: what the metadata or the plan say.</param>
    /// <param name="output">Activation of the output layer; null: what the metadata or the plan say, linear if nothing.</param>
    /// <param name="compute">Does the products; null: one thread.</param>
    /// <param name="order">
    /// The names of all layers, or of all modules with numbers, from the first on; null: it follows from their names, or from their shapes.
    /// </param>
    /// <param name="parts">The activations and modules that the file can name; null: those of the library.</param>
    /// <param name="plan">The network, where the file does not say it; null: what the metadata say, else dense layers.</param>
    /// <exception cref="DataFormatException">
    /// There is no network in it, or another one than the plan says; nobody says what the activations are or both file and caller do; the
    /// layers fit in more than one order; or the network needs a standardizer that is in the file too.
    /// </exception>
    public static Network FromTensors(
        SafetensorsFile file, string source, Activation? hidden = null, Activation? output = null, Compute? compute = null,
        IReadOnlyList<string>? order = null, NetworkParts? parts = null, NetworkPlan? plan = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (TrainedModelFile.Scaling(file) is { } scaling)
        {
            throw new DataFormatException(
                source, null, $"the network in it needs {scaling}, which a network alone does not have: its answers would be wrong. Read the file with {nameof(TrainedModel)}.{nameof(TrainedModel.Load)}");
        }

        return FromLayers(file, source, parts ?? plan?.Parts ?? NetworkParts.Standard, hidden, output, compute, order, plan).Network;
    }

    /// <summary>The network alone, whatever else it needs.</summary>
    internal static StoredNetwork FromLayers(
        SafetensorsFile file, string source, NetworkParts parts, Activation? hidden = null, Activation? output = null,
        Compute? compute = null, IReadOnlyList<string>? order = null, NetworkPlan? plan = null)
    {
        if (file.Metadata.ContainsKey(SpikingKey))
        {
            throw new DataFormatException(source, null, "the network is a spiking one, whose dynamics the file does not have; train it from its spec");
        }

        compute ??= new Compute();
        if (PlanIn(file, source, parts) is { } written)
        {
            if ((hidden ?? output) is not null || order is not null)
            {
                throw new DataFormatException(
                    source, null, $"the metadata name all modules ({written}); leave activations and the order of layers out");
            }

            if (plan is not null && $"{plan}" != $"{written}")
            {
                throw new DataFormatException(source, null, $"the metadata say that the network is {written}, not {plan}");
            }

            var own = file.WithOwnNames(written, source);
            return new(own, new PlannedNetwork(own, source, written).Build(compute), []);
        }

        if (plan is { HasActivations: true } && file.Metadata.GetValueOrDefault(LayersKey) is null)
        {
            if ((hidden ?? output) is not null)
            {
                throw new DataFormatException(source, null, $"the activations stand in the network, {plan}; leave others out");
            }

            var (named, notes) = Named(file, plan, source, order);
            return new(named, new PlannedNetwork(named, source, plan).Build(compute), notes);
        }

        var network = FromChain(file, source, parts, hidden, output, compute, order);
        return plan is null || $"{plan}" == $"{(plan.HasActivations ? PlanOfNetwork.InFull(network) : NetworkPlan.Of(network))}"
            ? new(file.WithOwnNames(NetworkPlan.Of(network), source), network, [])
            : throw new DataFormatException(source, null, $"the network in it is {NetworkPlan.Of(network)}, not {plan}");
    }

    /// <summary>Dense layers one after another.</summary>
    private static Network FromChain(
        SafetensorsFile file, string source, NetworkParts parts, Activation? hidden, Activation? output, Compute compute,
        IReadOnlyList<string>? order)
    {
        var stored = LayerChain.Of(file, source, order);
        var activations = Activations(file, source, parts, stored.Count, hidden, output);
        var chain = NetworkPlan.OfSizes([stored[0].Weight.Values.Columns, .. stored.Select(layer => layer.Weight.Values.Rows)], parts);
        var named = file.WithOwnNames(chain, source);
        var layers = new WeightedLayer[stored.Count];
        for (var i = 0; i < layers.Length; i++)
        {
            var (weight, bias) = (stored[i].Weight.Values, stored[i].Bias);
            var connections = named.Find(TensorNames.Connections(chain.LayerNames[i]));
            if (connections is not null && (connections.Values.Rows, connections.Values.Columns) != (weight.Rows, weight.Columns))
            {
                throw new DataFormatException(source, null, $"{connections} must have the shape of {stored[i].Weight}");
            }

            layers[i] = WeightedLayer.Dense(
                chain.LayerNames[i], weight.Columns, weight.Rows, activations[i], bias is not null, compute, connections?.Values);
            layers[i].Weights.Set(weight);
            layers[i].Biases?.Set(bias!.Values);
        }

        return new Network(layers, compute) { Parts = parts };
    }

    /// <summary>
    /// The plan in the metadata, if it names modules; null: the file has dense layers one after another, or nobody says what.
    /// </summary>
    /// <exception cref="DataFormatException">There is one that cannot be read.</exception>
    internal static NetworkPlan? PlanIn(SafetensorsFile file, string source, NetworkParts parts)
        => file.Metadata.GetValueOrDefault(LayersKey) is not { } text || !text.Contains(NetworkParts.Dense, StringComparison.Ordinal) ? null
            : NetworkPlan.TryParse(text, parts, out var plan, out var mistake) ? plan
            : throw new DataFormatException(source, null, $"the metadata have as {LayersKey} {mistake}");

    /// <summary>The same file with our names, whichever of the two it has.</summary>
    internal static SafetensorsFile WithOwnNames(this SafetensorsFile file, NetworkPlan plan, string source)
        => new PyTorchNames(plan).TakeBack(file, source);

    /// <summary>The same file with our names, whoever named it; and what was understood of the names.</summary>
    private static (SafetensorsFile File, IReadOnlyList<string> Notes) Named(
        SafetensorsFile file, NetworkPlan plan, string source, IReadOnlyList<string>? order)
    {
        if (IsNamedByUs(file, plan))
        {
            return (file.WithOwnNames(plan, source), []);
        }

        var found = new StateDict(file, source, plan, order);
        return (found.Named, found.Notes);
    }

    /// <summary>Whether we wrote a file, whichever of our two namings it has.</summary>
    private static bool IsNamedByUs(SafetensorsFile file, NetworkPlan plan)
        => file.Metadata.ContainsKey(LayersKey) || file.Find($"{plan.LayerNames[0]}.weights") is not null;

    private static IEnumerable<NamedTensor> Own(Network network)
    {
        var nodes = NetworkPlan.Of(network).Nodes.Where(node => node.Parts.Count > 0);
        var modules = InPlan(network.Root).Where(module => module.Parameters.Any() || module.Buffers.Any());
        return nodes.Zip(modules).SelectMany(pair => Own(pair.First, pair.Second));
    }

    /// <summary>The modules that stand in a plan, in its order; what is in a module of a catalog is its own.</summary>
    private static IEnumerable<Module> InPlan(Module module)
        => module is Sequence or Residual ? module.Children.SelectMany(InPlan) : [module];

    private static IEnumerable<NamedTensor> Own(PlanNode node, Module module)
    {
        return [
            .. module.Parameters.Select(parameter => Tensor(
                parameter.Name, parameter.Read(), module is WeightedLayer && parameter.Kind == ParameterKind.Weights)),
            .. module.Buffers.Select(buffer => Tensor(buffer.Name, buffer.Values, isMatrix: false)),
            .. module is WeightedLayer { Weights.Connections: { } present }
                ? [NamedTensor.Matrix(TensorNames.Connections(node.Name), present)] : (NamedTensor[])[],
        ];

        NamedTensor Tensor(string own, Matrix values, bool isMatrix)
            => isMatrix || values.Rows > 1 ? NamedTensor.Matrix(Name(own), values) : NamedTensor.Vector(Name(own), values);

        string Name(string own) => node.Name + own[module.Name.Length..];
    }

    private static Activation[] Activations(
        SafetensorsFile file, string source, NetworkParts parts, int layers, Activation? hidden, Activation? output)
    {
        var known = string.Join(", ", parts.Activations.Ids);
        var said = file.Metadata.GetValueOrDefault(ActivationsKey)?.Split(',');
        if (said is not null && said.Length != layers)
        {
            throw new DataFormatException(source, null, $"the metadata name {said.Length} activations, but there are {layers} layers");
        }

        if (said is null && hidden is null && layers > 1)
        {
            throw new DataFormatException(source, null,
                $"the file does not name the activation of the hidden layers; choose one with --activation: {known}");
        }

        return [.. Enumerable.Range(0, layers).Select(layer => (layer < layers - 1 ? hidden : output) ?? (said is null ? Activation.Linear : Of(said[layer])))];

        Activation Of(string id) => Activation.Find(id, parts.Activations)
            ?? throw new DataFormatException(source, null, $"the metadata name the activation {ForeignText.Quoted(id)}; there are {known}");
    }
}

/// <summary>A network that was read from a file.</summary>
/// <param name="File">The file's content, with our names and layouts for the network and what stands beside it.</param>
/// <param name="Network">The network.</param>
/// <param name="Notes">What was understood of foreign names, and what was left out, in lines for the user.</param>
internal sealed record StoredNetwork(SafetensorsFile File, Network Network, IReadOnlyList<string> Notes);
