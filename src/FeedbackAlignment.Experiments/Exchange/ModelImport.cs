using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>Takes a network over from a safetensors file, so that it can be evaluated, and trained further.</summary>
public static class ModelImport
{
    /// <summary>
    /// Writes <c>weights.safetensors</c>, in our names and with its activations, and <c>spec.json</c>, which begins with these weights.
    /// </summary>
    /// <param name="path">The file, e.g. made by PyTorch.</param>
    /// <param name="hidden">Activation of the hidden layers; null: what the file says.</param>
    /// <param name="output">Activation of the output layer; null: what the file says, linear if nothing.</param>
    /// <param name="data">The data that the spec is to train on; null: the spec's default.</param>
    /// <param name="folder">Where: a new folder.</param>
    /// <param name="components">What the spec can name.</param>
    /// <param name="order">The names of the layers, from the first on; null: it follows from their names or shapes.</param>
    /// <returns>The network.</returns>
    /// <exception cref="DataSourceException">The file cannot be read, or its network does not fit the data.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or its network is none that a spec can describe.</exception>
    /// <exception cref="SpecException">What is to be trained on is no source of data, or no spec describes the network.</exception>
    /// <exception cref="FolderException">The folder is not empty or cannot be written to.</exception>
    public static Network Run(
        string path, Activation? hidden, Activation? output, string? data, string folder, Components components,
        IReadOnlyList<string>? order = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var given = GivenWeights.Read(Place.Named(path), components.Parts, hidden, output, order);
        var network = given.Network;
        var layers = network.Layers;
        if (layers.Any(layer => (layer.Biases is null) != (layers[0].Biases is null)))
        {
            throw new DataFormatException(path, null,
                "some layers have biases and some have none "
                + $"({string.Join(", ", layers.Where(layer => layer.Biases is null).Select(layer => layer.Name))}); in a spec all layers "
                + "have biases or none");
        }

        if (layers.Any(layer => layer.Weights.Connections is not null))
        {
            throw new DataFormatException(path, null,
                "connections are missing; write a spec with network.connections and network.initialization.from instead");
        }

        var spec = Spec(path, network, given.Plan, data);
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
        var content = new SafetensorsFile(network.ToTensors(), metadata);
        TakeBack(folder, content);
        var place = ExperimentFolder.Create(folder, inside: null);
        place.WriteFile(StoredModel.WeightsName, content.Write);
        place.WriteText(ExperimentFolder.SpecName, SpecWriter.Write(spec));
        return network;
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

    private static ExperimentSpec Spec(string path, Network network, NetworkPlan plan, string? data)
    {
        var standard = new ExperimentSpec();
        return standard with
        {
            Name = $"{Path.GetFileName(path)}, trained further",
            Rules = ["feedback-alignment"],
            Seeds = [1],
            Data = standard.Data with { Source = data ?? standard.Data.Source },
            Network = new NetworkSpec
            {
                Layers = plan.ToString(),
                Activation = !plan.HasActivations && network.Layers.Count > 1 ? network.Layers[0].Activation.Id : Activation.Tanh.Id,
                OutputActivation = plan.HasActivations ? Activation.Linear.Id : network.Layers[^1].Activation.Id,
                Bias = network.Layers[0].Biases is not null,
                Initialization = new InitializationSpec { From = StoredModel.WeightsName },
            },
        };
    }
}
