using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>Takes a network over from a safetensors file, so that it can be evaluated, and trained further.</summary>
public static class ModelImport
{
    private const int MostNamed = 3;

    /// <summary>The data of a spec that names none.</summary>
    private static readonly string _data = new ExperimentSpec().Data.Source;

    /// <summary>What an imported network can be tried on.</summary>
    private static readonly string[] _known = [_data, DataSourceIds.Cifar10];

    /// <summary>
    /// Writes <c>weights.safetensors</c>, in our names and with its activations, and <c>spec.json</c>, which begins with these weights.
    /// Where some layers of the file have biases, the others get biases of 0, for in a spec all have them or none.
    /// </summary>
    /// <param name="path">The file, e.g. made by PyTorch.</param>
    /// <param name="hidden">Activation of the hidden layers; null: what the file says.</param>
    /// <param name="output">Activation of the output layer; null: what the file says, linear if nothing.</param>
    /// <param name="data">The data that the spec is to train on; null: some with a name that fit, else the spec's default.</param>
    /// <param name="folder">Where: a new folder.</param>
    /// <param name="components">What the spec can name.</param>
    /// <param name="order">The names of the layers, from the first on; null: it follows from their names or shapes.</param>
    /// <param name="layers">The network as a spec has it; null: what the file says, dense layers if nothing.</param>
    /// <param name="notice">Is told, in lines, what was understood of foreign names and what was left out; null: nobody is.</param>
    /// <returns>The network of the file.</returns>
    /// <exception cref="DataSourceException">The file cannot be read, or its network does not fit the data.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or its network is none that a spec can describe.</exception>
    /// <exception cref="SpecException">
    /// What is to be trained on is no source of data, the layers are no network, or no spec describes the network.
    /// </exception>
    /// <exception cref="FolderException">The folder is not empty or cannot be written to.</exception>
    public static Network Run(
        string path, Activation? hidden, Activation? output, string? data, string folder, Components components,
        IReadOnlyList<string>? order = null, string? layers = null, Action<string>? notice = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(components);
        var notes = new List<string>();
        var given = GivenWeights.Read(
            Place.Named(path), components.Parts, hidden, output, order,
            network: layers is null ? null : Plan(layers, data, components, notes));
        var network = given.Network;
        notes.AddRange(given.Notes);
        if (network.Layers.Any(layer => layer.Weights.Connections is not null))
        {
            throw new DataFormatException(path, null,
                "connections are missing; write a spec with network.connections and network.initialization.from instead");
        }

        NamedTensor[] feedback =
            [.. given.File.Tensors.Where(tensor => tensor.Name.StartsWith(TensorNames.FeedbackPrefix, StringComparison.Ordinal))];
        var spec = WithFeedback(Spec(path, network, given.Plan, data ?? DataFor(network, given.Plan, notes)), network, feedback);
        var problems = SpecValidator.Validate(spec, components);
        if (problems is [{ Path: "network.layers" }, ..])
        {
            throw new DataSourceException(
                $"{path}: a network of {spec.Network.Layers} does not fit {spec.Data.Source}; name the data to train on with --data");
        }

        if (problems.Count > 0)
        {
            throw new SpecException(problems);
        }

        var metadata = network.Describe();
        metadata[RunExport.SpecKey] = SpecWriter.Write(spec);
        var content = new SafetensorsFile([.. network.ToTensors(), .. AddedBiases(network, notes), .. feedback], metadata);
        TakeBack(folder, content);
        var place = ExperimentFolder.Create(folder, inside: null);
        place.WriteFile(StoredModel.WeightsName, content.Write);
        place.WriteText(ExperimentFolder.SpecName, SpecWriter.Write(spec));
        notes.ForEach(note => notice?.Invoke(note));
        return network;
    }

    /// <summary>
    /// The network that is asked for. What it leaves open is as data with a name have it; else a whole network has a size of its own.
    /// </summary>
    private static NetworkPlan Plan(string layers, string? data, Components components, List<string> notes)
    {
        if (data is null && NetworkPlan.TryParse(layers, components.Parts, out var plan, out var mistake))
        {
            if (NetworkPlan.LeavesInput(layers))
            {
                notes.Add(
                    $"{layers} is taken as a network for {plan.Input} with {plan.Outputs} outputs; --data with a name says another size");
            }

            return plan;
        }

        return OpenNetworks.Known(data ?? _data) is var (inputs, outputs)
            ? NetworkPlan.TryParse(layers, inputs, outputs, components.Parts, out plan, out mistake) ? plan : throw Mistake(mistake)
            : NetworkPlan.TryParse(layers, components.Parts, out plan, out mistake) && !NetworkPlan.LeavesInput(layers) ? plan
            : throw Mistake(
                mistake ?? $"\"{layers}\" must say what goes in, e.g. {plan}: the size of {ForeignText.Quoted(data!)} is not known");

        static SpecException Mistake(string mistake) => new([new SpecProblem("network.layers", mistake)]);
    }

    /// <summary>The data for a network where nobody names some: those of its size, if there are any.</summary>
    private static string DataFor(Network network, NetworkPlan plan, List<string> notes)
    {
        var fitting = _known.FirstOrDefault(source => OpenNetworks.Known(source) is var (inputs, outputs)
            && (inputs == plan.Input || (!plan.Input.IsPicture && inputs.Size == plan.Inputs)) && outputs == network.Outputs);
        if (fitting is not null && fitting != _data)
        {
            notes.Add($"the spec trains on {fitting}, whose examples are {plan.Input}; --data names others");
        }

        return fitting ?? _data;
    }

    /// <summary>Biases of 0 for layers without, where others have some.</summary>
    private static NamedTensor[] AddedBiases(Network network, List<string> notes)
    {
        WeightedLayer[] without = [.. network.Layers.Where(layer => layer.Biases is null)];
        if (without.Length == network.Layers.Count || without.Length == 0)
        {
            return [];
        }

        var named = string.Join(", ", without.Take(MostNamed).Select(layer => layer.Name))
            + (without.Length > MostNamed ? $" … ({without.Length} layers)" : "");
        var (have, get) = without.Length == 1 ? ("has", "gets") : ("have", "get");
        notes.Add($"{named} {have} no biases in the file, and {get} biases of 0, which a training moves");
        return [.. without.Select(layer => NamedTensor.Vector($"{layer.Name}.biases", new Matrix(1, layer.Map.Rows)))];
    }

    /// <summary>
    /// The same import may have been killed between its two files: then the first is there, with the very content that it is to have.
    /// </summary>
    private static void TakeBack(string folder, SafetensorsFile content)
    {
        var there = Place.Named(folder).In(StoredModel.WeightsName);
        if (!there.IsFile || there.Folder!.In(ExperimentFolder.SpecName).IsThere)
        {
            return;
        }

        using var wanted = SHA256.Create();
        using (var hashed = new CryptoStream(Stream.Null, wanted, CryptoStreamMode.Write))
        {
            content.Write(hashed);
        }

        using var file = there.Read();
        if (SHA256.HashData(file).AsSpan().SequenceEqual(wanted.Hash))
        {
            there.Delete();
        }
    }

    /// <summary>
    /// The spec with the rule whose feedback weights the file has: from layer to layer, or from the output to each; through kernels, if
    /// there are convolutions. These lead to the inputs of a layer, which are behind pooling.
    /// </summary>
    private static ExperimentSpec WithFeedback(ExperimentSpec spec, Network network, NamedTensor[] feedback)
    {
        if (feedback.Length == 0)
        {
            return spec;
        }

        var fromOutputs = TensorNames.Feedback(Network.OutputName, "");
        var isDirect = feedback.Length > 1 && feedback.All(tensor => tensor.Name.StartsWith(fromOutputs, StringComparison.Ordinal));
        var hasKernels = network.Layers.Any(layer => layer.Map is ConvolutionMap);
        return spec with
        {
            Rules = [isDirect ? hasKernels ? "repeated-direct-feedback-alignment" : "direct-feedback-alignment" : "feedback-alignment"],
            Feedback = spec.Feedback with { Sites = isDirect && hasKernels ? FeedbackSiteIds.Pooled : spec.Feedback.Sites },
            Network = spec.Network with { Initialization = spec.Network.Initialization with { Carries = CarriedIds.Feedback } },
        };
    }

    private static ExperimentSpec Spec(string path, Network network, NetworkPlan plan, string data)
    {
        var standard = new ExperimentSpec();
        return standard with
        {
            Name = $"{Path.GetFileName(path)}, trained further",
            Rules = ["feedback-alignment"],
            Seeds = [1],
            Data = standard.Data with { Source = data },
            Network = new NetworkSpec
            {
                Layers = plan.ToString(),
                Activation = !plan.HasActivations && network.Layers.Count > 1 ? network.Layers[0].Activation.Id : Activation.Tanh.Id,
                OutputActivation = plan.HasActivations ? Activation.Linear.Id : network.Layers[^1].Activation.Id,
                Bias = network.Layers.Any(layer => layer.Biases is not null),
                Initialization = new InitializationSpec { From = StoredModel.WeightsName },
            },
        };
    }
}
