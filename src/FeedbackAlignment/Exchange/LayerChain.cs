using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>The weights and biases of one layer in a file.</summary>
/// <param name="Weight">outputs × inputs.</param>
/// <param name="Bias">One number per output; null: the layer has none.</param>
internal readonly record struct StoredLayer(NamedTensor Weight, NamedTensor? Bias)
{
    /// <summary>How the names of weights end, and those of the biases that belong to them: PyTorch's, and ours.</summary>
    private static readonly IReadOnlyList<(string Weight, string Bias)> _ends = [(".weight", ".bias"), (".weights", ".biases")];

    /// <summary>What both tensors begin with.</summary>
    public string Name => Weight.Name[..^EndOf(Weight.Name)!.Value.Weight.Length];

    /// <summary>Whether a tensor is the weights of a layer.</summary>
    public static bool IsWeight(NamedTensor tensor) => tensor.Shape.Count == 2 && EndOf(tensor.Name) is not null;

    /// <summary>What the biases are called that belong to weights.</summary>
    public static string BiasOf(NamedTensor weight)
    {
        var (own, bias) = EndOf(weight.Name)!.Value;
        return weight.Name[..^own.Length] + bias;
    }

    private static (string Weight, string Bias)? EndOf(string name)
        => _ends.Where(end => name.EndsWith(end.Weight, StringComparison.Ordinal)).Cast<(string, string)?>().FirstOrDefault();
}

/// <summary>
/// Finds the layers of a network among the tensors of a file that somebody else has made: <c>0.weight</c>, <c>net.2.weight</c>,
/// <c>fc1.weight</c>, <c>output.weight</c> and the like, in the order of the numbers in their names, or, where they have none, in the
/// only order in which they fit one another.
/// </summary>
internal static class LayerChain
{
    private const int MostShown = 8;

    /// <param name="file">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="order">The names of all layers, from the first on; null: it follows from their names and shapes.</param>
    /// <exception cref="DataFormatException">
    /// There are no weights, other tensors beside them, the layers do not fit one another, or they do so in more than one order and none
    /// is given.
    /// </exception>
    public static IReadOnlyList<StoredLayer> Of(SafetensorsFile file, string source, IReadOnlyList<string>? order)
    {
        var named = file.Tensors.Where(tensor => !TensorNames.IsBeside(tensor.Name)).ToList();
        var biases = named.ToLookup(tensor => tensor.Name);
        List<StoredLayer> found = [.. named.Where(StoredLayer.IsWeight)
            .Select(weight => new StoredLayer(weight, biases[StoredLayer.BiasOf(weight)].FirstOrDefault()))];
        if (found.Count > LayerSizes.MostLayers)
        {
            throw new DataFormatException(source, null, $"there are {found.Count} layers, must be at most {LayerSizes.MostLayers}");
        }

        if (found.Count == 0)
        {
            throw new DataFormatException(source, null, "there are no weights; the layers must be called like 0.weight, 2.weight … or fc1.weight, fc2.weight …, two dimensions each: outputs × inputs");
        }

        var known = found.SelectMany(layer => new[] { layer.Weight, layer.Bias }).ToHashSet();
        if (named.FirstOrDefault(tensor => !known.Contains(tensor)) is { } foreign)
        {
            throw new DataFormatException(
                source, null, $"{foreign} is neither weights (NAME.weight, outputs × inputs) nor the biases of a layer (NAME.bias); where the "
                + $"metadata have no \"{NetworkFile.LayersKey}\" that names other modules, say the network: `fa import --network`, or the "
                + "parameter plan");
        }

        var layers = order is null ? LayerOrder.Of(found, source) : Given(found, order, source);
        foreach (var (number, layer) in layers.Index())
        {
            RequireFit(layer, number == 0 ? null : layers[number - 1].Weight, layers, source, order is null ? "of their names" : "that was given");
        }

        return layers;
    }

    private static IReadOnlyList<StoredLayer> Given(List<StoredLayer> found, IReadOnlyList<string> order, string source)
        => order.Count == found.Count && order.Distinct().Count() == order.Count && order.All(name => found.Any(layer => layer.Name == name))
            ? [.. order.Select(name => found.First(layer => layer.Name == name))]
            : throw new DataFormatException(source, null,
                $"the order must name each layer once ({LayerOrder.Names(found)}), was {Some(",", order.Select(name => ForeignText.Quoted(name)))}");

    private static void RequireFit(StoredLayer layer, NamedTensor? below, IReadOnlyList<StoredLayer> all, string source, string which)
    {
        if (layer.Bias is { } bias && !(bias.Shape is [var units] && units == layer.Weight.Values.Rows))
        {
            throw new DataFormatException(source, null, $"{bias} must have {layer.Weight.Values.Rows} numbers, one for each row of {layer.Weight}");
        }

        if (below is not null && below.Values.Rows != layer.Weight.Values.Columns)
        {
            var order = Some(", ", all.Select(each => each.Weight));
            throw new DataFormatException(source, null, $"{layer.Weight} takes {layer.Weight.Values.Columns} inputs, but {below} before it has {below.Values.Rows} outputs (in the order {which}: {order})");
        }
    }

    /// <summary>The first of a list, and how many more there are.</summary>
    private static string Some(string between, IEnumerable<object> list)
    {
        object[] all = [.. list];
        return string.Join(between, all.Take(MostShown)) + (all.Length > MostShown ? $" and {all.Length - MostShown} more" : "");
    }
}
