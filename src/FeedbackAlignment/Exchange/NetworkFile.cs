using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// Networks in safetensors files, named as PyTorch names those of <c>torch.nn.Sequential</c> (see <see cref="TensorNames"/>), so that
/// <c>load_state_dict</c> takes them as they are. The activations are in the metadata.
/// </summary>
public static class NetworkFile
{
    /// <summary>
    /// The key of the metadata that has the ids of the layers' activations, from the first layer on, e.g. <c>tanh,linear</c>.
    /// </summary>
    public const string ActivationsKey = "activations";

    private const string SpikingKey = "spiking";

    /// <summary>Weights, biases and missing connections, from the first layer on.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NotSupportedException">It is more than layers one after another.</exception>
    public static IReadOnlyList<NamedTensor> ToTensors(this Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireChain(network, "a safetensors file");
        var tensors = new List<NamedTensor>();
        foreach (var (index, layer) in network.Layers.Index())
        {
            tensors.Add(NamedTensor.Matrix(TensorNames.Weight(index), layer.Weights.Read()));
            if (layer.Biases is { } biases)
            {
                tensors.Add(NamedTensor.Vector(TensorNames.Bias(index), biases.Read()));
            }

            if (layer.Weights.Connections is { } connections)
            {
                tensors.Add(NamedTensor.Matrix(TensorNames.Connections(index), connections));
            }
        }

        return tensors;
    }

    /// <summary>What the tensors do not say, as metadata of a file: its kind, the sizes of the layers and their activations.</summary>
    /// <param name="network">The network.</param>
    public static Dictionary<string, string> Describe(this Network network)
    {
        ArgumentNullException.ThrowIfNull(network);

        // "pt" is what readers of other frameworks expect of tensors that follow PyTorch's conventions.
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["layers"] = string.Join('-', network.Layers.Select(layer => layer.Outputs).Prepend(network.Inputs)),
            [ActivationsKey] = string.Join(',', network.Layers.Select(layer => layer.Activation)),
        };
        if (network.Dynamics is not null)
        {
            metadata[SpikingKey] = "true";
        }

        return metadata;
    }

    /// <exception cref="NotSupportedException">
    /// The network is a spiking one, or more than layers one after another: such a file has no place for that.
    /// </exception>
    internal static void RequireWritable(Network network)
    {
        RequireChain(network, "a safetensors file");

        if (network.Dynamics is not null)
        {
            throw new NotSupportedException("a spiking network cannot be saved: its dynamics have no place in a safetensors file");
        }
    }

    /// <exception cref="NotSupportedException">The network is more than layers one after another.</exception>
    internal static void RequireChain(Network network, string file)
    {
        if (!network.IsChain)
        {
            var other = network.Root.Children.First(module => module is not WeightedLayer);
            throw new NotSupportedException($"{file} holds dense layers one after another; this network also has {other}");
        }
    }

    /// <summary>Makes a network from the content of a file.</summary>
    /// <param name="file">The content.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="hidden">Activation of the hidden layers; null: what the metadata say.</param>
    /// <param name="output">Activation of the output layer; null: what the metadata say, linear if nothing.</param>
    /// <param name="compute">Does the products; null: one thread.</param>
    /// <param name="order">
    /// The names of all layers, from the first on; null: it follows from the numbers in their names, or from their shapes.
    /// </param>
    /// <exception cref="DataFormatException">
    /// There is no network of dense layers in it, nobody says what the activations are, the layers fit in more than one order, or the
    /// network needs a standardizer that is in the file too.
    /// </exception>
    public static Network FromTensors(SafetensorsFile file, string source, Activation? hidden = null, Activation? output = null, Compute? compute = null, IReadOnlyList<string>? order = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (TrainedModelFile.Scaling(file) is { } scaling)
        {
            throw new DataFormatException(
                source, null, $"the network in it needs {scaling}, which a network alone does not have: its answers would be wrong. Read the file with {nameof(TrainedModel)}.{nameof(TrainedModel.Load)}");
        }

        return FromLayers(file, source, hidden, output, compute, order);
    }

    /// <summary>The network alone, whatever else it needs.</summary>
    internal static Network FromLayers(
        SafetensorsFile file, string source, Activation? hidden = null, Activation? output = null, Compute? compute = null, IReadOnlyList<string>? order = null)
    {
        if (file.Metadata.ContainsKey(SpikingKey))
        {
            throw new DataFormatException(source, null, "the network is a spiking one, whose dynamics the file does not have; train it from its spec");
        }

        var stored = LayerChain.Of(file, source, order);
        var activations = Activations(file, source, stored.Count, hidden, output);
        var names = Network.LayerNames(stored.Count);
        compute ??= new Compute();
        var layers = new WeightedLayer[stored.Count];
        for (var i = 0; i < layers.Length; i++)
        {
            var (weight, bias) = (stored[i].Weight.Values, stored[i].Bias);
            var connections = file.Find(TensorNames.Connections(i));
            if (connections is not null && (connections.Values.Rows, connections.Values.Columns) != (weight.Rows, weight.Columns))
            {
                throw new DataFormatException(source, null, $"{connections} must have the shape of {stored[i].Weight}");
            }

            layers[i] = WeightedLayer.Dense(
                names[i], weight.Columns, weight.Rows, activations[i], bias is not null, compute, connections?.Values);
            layers[i].Weights.Set(weight);
            layers[i].Biases?.Set(bias!.Values);
        }

        return new Network(layers, compute);
    }

    private static Activation[] Activations(SafetensorsFile file, string source, int layers, Activation? hidden, Activation? output)
    {
        var known = string.Join(", ", Activation.All);
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

        Activation Of(string id) => Activation.Find(id)
            ?? throw new DataFormatException(source, null, $"the metadata name the activation {ForeignText.Quoted(id)}; there are {known}");
    }
}
