using System.Globalization;
using System.Text.RegularExpressions;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Exchange;

/// <summary>The weights and biases of one layer in a file.</summary>
/// <param name="Weight">outputs × inputs.</param>
/// <param name="Bias">One number per output; null: the layer has none.</param>
internal readonly record struct StoredLayer(NamedTensor Weight, NamedTensor? Bias);

/// <summary>
/// Finds the layers of a network among the tensors of a file that somebody else has made: <c>0.weight</c>, <c>net.2.weight</c>,
/// <c>fc1.weight</c>, <c>output.weight</c> and the like, in the order of the numbers in their names.
/// </summary>
internal static partial class LayerChain
{
    private const string WeightEnd = ".weight", BiasEnd = ".bias";

    /// <exception cref="DataFormatException">There are no weights, other tensors beside them, or the layers do not fit one another.</exception>
    public static IReadOnlyList<StoredLayer> Of(SafetensorsFile file, string source)
    {
        var named = file.Tensors.Where(tensor => !TensorNames.IsBeside(tensor.Name)).ToList();
        var layers = named.Where(IsWeight).OrderBy(tensor => OutputsLast(tensor.Name)).ThenBy(tensor => InOrder(tensor.Name), StringComparer.Ordinal)
            .Select(weight => new StoredLayer(weight, named.FirstOrDefault(tensor => tensor.Name == BiasOf(weight)))).ToList();
        if (layers.Count == 0)
        {
            throw new DataFormatException(source, null, "there are no weights; the layers must be called like 0.weight, 2.weight … or fc1.weight, fc2.weight …, two dimensions each: outputs × inputs");
        }

        var known = layers.SelectMany(layer => new[] { layer.Weight, layer.Bias }).ToHashSet();
        if (named.FirstOrDefault(tensor => !known.Contains(tensor)) is { } foreign)
        {
            throw new DataFormatException(source, null, $"{foreign} is neither weights (NAME.weight, outputs × inputs) nor the biases of a layer (NAME.bias); only networks of dense layers can be read");
        }

        foreach (var (number, layer) in layers.Index())
        {
            RequireFit(layer, number == 0 ? null : layers[number - 1].Weight, layers, source);
        }

        return layers;
    }

    private static void RequireFit(StoredLayer layer, NamedTensor? below, IReadOnlyList<StoredLayer> all, string source)
    {
        if (layer.Bias is { } bias && !(bias.Shape is [var units] && units == layer.Weight.Values.Rows))
        {
            throw new DataFormatException(source, null, $"{bias} must have {layer.Weight.Values.Rows} numbers, one for each row of {layer.Weight}");
        }

        if (below is not null && below.Values.Rows != layer.Weight.Values.Columns)
        {
            var order = string.Join(", ", all.Select(each => each.Weight));
            throw new DataFormatException(source, null, $"{layer.Weight} takes {layer.Weight.Values.Columns} inputs, but {below} before it has {below.Values.Rows} outputs (in the order of their names: {order})");
        }
    }

    private static bool IsWeight(NamedTensor tensor) => tensor.Shape.Count == 2 && tensor.Name.EndsWith(WeightEnd, StringComparison.Ordinal);

    private static string BiasOf(NamedTensor weight) => $"{weight.Name[..^WeightEnd.Length]}{BiasEnd}";

    /// <summary>The name with its numbers so written that 10 comes after 9.</summary>
    private static string InOrder(string name)
        => Number().Replace(name, number => $"{number.Value.TrimStart('0').Length.ToString("D6", CultureInfo.InvariantCulture)}{number.Value.TrimStart('0')}");

    private static bool OutputsLast(string name) => OutputName().IsMatch(name);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?:^|[._])(?:out|output|head|classifier|last|final)\.weight$")]
    private static partial Regex OutputName();
}
