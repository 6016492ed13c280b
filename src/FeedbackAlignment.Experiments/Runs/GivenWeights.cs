using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Initial weights from a file: <c>network.initialization.from</c>.</summary>
/// <param name="File">The file's content, with our names for the network and what stands beside it.</param>
/// <param name="Network">A network of these weights.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Notes">What was understood of foreign names, and what was left out, in lines for the user.</param>
internal sealed record GivenWeights(SafetensorsFile File, Network Network, string Sha256, IReadOnlyList<string> Notes)
{
    private const string Key = "network.initialization.from";

    /// <summary>Its plan, as a spec has it: sizes, where one activation of all hidden layers says the rest.</summary>
    public NetworkPlan Plan { get; } = Network.Layers.SkipLast(1).Select(layer => layer.Activation).Distinct().Count() > 1
        ? PlanOfNetwork.InFull(Network) : NetworkPlan.Of(Network);

    /// <summary>The weights that a spec names; null if it names none.</summary>
    /// <param name="spec">The network of a valid spec.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">The file is another one, or its network is not the spec's.</exception>
    /// <exception cref="DataSourceException">The file cannot be read.</exception>
    public static GivenWeights? Of(NetworkSpec spec, Components components)
    {
        if (spec.Initialization.From is not { } path)
        {
            return null;
        }

        var plan = spec.Layers is null ? null : spec.Plan(components);
        var given = Read(
            Place.Named(path), components.Parts, components.Activations.Get(spec.Activation),
            components.Activations.Get(spec.OutputActivation), isUnlessSaid: true, network: plan);
        if (spec.Initialization.Sha256 is { } wanted && wanted != given.Sha256)
        {
            throw Mistake(Key, $"{path} is not the file that was meant: its SHA-256 is {given.Sha256}, but network.initialization.sha256 is {wanted}");
        }

        var sized = plan is { IsChain: true } && !given.Plan.HasActivations ? NetworkPlan.OfSizes(plan.Sizes) : plan;
        if (sized is not null && $"{sized}" != $"{given.Plan}")
        {
            throw Mistake(Key, $"{path} holds a network of {given.Plan}, but network.layers is {spec.Layers}");
        }

        RequireActivations(given, spec, plan);

        if (given.Network.Layers.FirstOrDefault(layer => (layer.Biases is not null) != spec.Bias) is { } layer)
        {
            var isMixed = given.Network.Layers.Any(other => (other.Biases is null) != (layer.Biases is null));
            var hint = isMixed ? $"; `fa import {path} --network …` makes a file in which all layers have some" : "";
            throw Mistake(
                "network.bias",
                $"is {(spec.Bias ? "true, but" : "false, but")} {layer.Name} in {path} has {(spec.Bias ? "no biases" : "biases")}{hint}");
        }

        return given;
    }

    /// <summary>Reads a network from a safetensors file.</summary>
    /// <param name="place">The file.</param>
    /// <param name="parts">The activations and modules that it can name.</param>
    /// <param name="hidden">Activation of the hidden layers; null: what the file says.</param>
    /// <param name="output">Activation of the output layer; null: what the file says.</param>
    /// <param name="order">The names of the layers, from the first on; null: it follows from their names or shapes.</param>
    /// <param name="isUnlessSaid">
    /// Whether a file that names its activations or modules itself goes before those that are given.
    /// </param>
    /// <param name="network">The network, where the file does not say it; null: dense layers one after another.</param>
    /// <exception cref="DataSourceException">The file cannot be read.</exception>
    /// <exception cref="DataFormatException">
    /// The file is damaged, holds no network or what is no number, or does not say what its activations are.
    /// </exception>
    public static GivenWeights Read(
        Place place, NetworkParts parts, Activation? hidden, Activation? output, IReadOnlyList<string>? order = null,
        bool isUnlessSaid = false, NetworkPlan? network = null)
    {
        var path = place.FullPath;
        if (place.IsFolder)
        {
            throw new DataSourceException($"{path}: is a folder; name a safetensors file in it");
        }

        try
        {
            using var stream = place.Read();
            var file = SafetensorsFile.Read(stream, path);
            if (file.Tensors.FirstOrDefault(tensor => !IsFinite(tensor.Values)) is { } broken)
            {
                throw new DataFormatException(path, null,
                    $"{broken} contains a number that is not finite; a training cannot start from it");
            }

            stream.Position = 0;
            var isSaid = file.Metadata.ContainsKey(NetworkFile.ActivationsKey) || NetworkFile.PlanIn(file, path, parts) is not null;
            var isPlanned = network is { HasActivations: true };
            var given = isUnlessSaid && (isSaid || isPlanned) ? (null, null) : (hidden, output);
            var plan = isUnlessSaid && (isSaid || !isPlanned) ? null : network;
            var stored = NetworkFile.FromLayers(file, path, parts, given.hidden, given.output, order: order, plan: plan);
            return new GivenWeights(stored.File, stored.Network, Convert.ToHexStringLower(SHA256.HashData(stream)), stored.Notes);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new DataSourceException($"{path}: cannot be read ({trouble.Message.TrimEnd('.')}); name a safetensors file", trouble);
        }
    }

    /// <summary>Gives a network of the same shape these weights; connections that it misses stay missing.</summary>
    /// <param name="network">The network.</param>
    public void CopyTo(Network network)
    {
        foreach (var (to, from) in network.Parameters.Zip(Network.Parameters))
        {
            to.Set(from.Read());
        }

        foreach (var (to, from) in network.Buffers.Zip(Network.Buffers))
        {
            to.Values.CopyFrom(from.Values);
        }
    }

    /// <summary>
    /// A file that says what its activations are must say the same as the spec; where its plan has them, the two plans were compared.
    /// </summary>
    private static void RequireActivations(GivenWeights given, NetworkSpec spec, NetworkPlan? plan)
    {
        if (given.Plan.HasActivations && plan is null
            && (spec.Activation, spec.OutputActivation) != (Activation.Tanh.Id, Activation.Linear.Id))
        {
            throw Mistake(
                spec.Activation != Activation.Tanh.Id ? "network.activation" : "network.outputActivation",
                $"must be left out, because {spec.Initialization.From} has its own activations: {given.Plan}");
        }

        if (given.Plan.HasActivations || given.File.Metadata.GetValueOrDefault(NetworkFile.ActivationsKey)?.Split(',') is not { } said)
        {
            return;
        }

        foreach (var (layer, id) in said.Index())
        {
            var (isOutput, inPlan) = (layer == said.Length - 1, plan?.Layers[layer].Activation?.Id);
            var wanted = inPlan ?? (isOutput ? spec.OutputActivation : spec.Activation);
            if (id != wanted)
            {
                var key = inPlan is not null ? "network.layers" : isOutput ? "network.outputActivation" : "network.activation";
                var which = isOutput ? "the output layer" : "the hidden layers";
                throw Mistake(key, $"{which} of {spec.Initialization.From} {(isOutput ? "is" : "are")} {id}; must be that, was {wanted}");
            }
        }
    }

    /// <summary>Whether all numbers of a matrix are finite.</summary>
    public static bool IsFinite(Matrix values)
    {
        for (var row = 0; row < values.Rows; row++)
        {
            for (var column = 0; column < values.Columns; column++)
            {
                if (!float.IsFinite(values[row, column]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static SpecException Mistake(string key, string message) => new([new SpecProblem(key, message)]);
}
