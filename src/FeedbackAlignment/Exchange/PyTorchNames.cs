using System.Globalization;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// The one table from our names to PyTorch's. The modules of a network are numbered as those of a <c>torch.nn.Sequential</c>, in which a
/// dense layer takes two places: <c>Linear</c>, and its activation, or <c>Identity</c> where it is linear. A residual block is a module
/// with a <c>branch</c> and a <c>shortcut</c>, each a <c>Sequential</c>.
/// </summary>
internal sealed class PyTorchNames
{
    private readonly Dictionary<string, string> _modules = new() { [TensorNames.Input] = TensorNames.Input }, _tensors = [];

    private readonly bool _hasPictures;

    /// <param name="plan">The network.</param>
    public PyTorchNames(NetworkPlan plan)
    {
        _hasPictures = plan.Input.IsPicture;
        Number("", plan.Row);
    }

    /// <summary>A file with PyTorch's names in place of ours.</summary>
    /// <exception cref="NotSupportedException">The network takes pictures, whose channels PyTorch has in another order.</exception>
    public SafetensorsFile Give(SafetensorsFile file) => !_hasPictures ? Renamed(file, _modules, _tensors)
        : throw new NotSupportedException("a network of pictures cannot be written with PyTorch's names: channels lie in another order there");

    /// <summary>
    /// A file with our names in place of PyTorch's; names that are none of these stay, and all do in a network of pictures.
    /// </summary>
    public SafetensorsFile TakeBack(SafetensorsFile file) => _hasPictures ? file : Renamed(file, Inverse(_modules), Inverse(_tensors));

    private void Number(string prefix, IReadOnlyList<PlanNode> row)
    {
        var place = 0;
        foreach (var node in row.Where(node => node is not PlanesNode))
        {
            var path = prefix + place.ToString(CultureInfo.InvariantCulture);
            place += node is LayerNode ? 2 : 1;
            _modules.Add(node.Name, path);
            foreach (var part in node.Parts)
            {
                _tensors.Add($"{node.Name}.{part.Own}", $"{path}.{part.PyTorch}");
            }

            foreach (var (inner, name) in node.Inside.Zip((string[])["branch", "shortcut"]))
            {
                Number($"{path}.{name}.", inner);
            }
        }
    }

    private static Dictionary<string, string> Inverse(Dictionary<string, string> names)
        => names.ToDictionary(pair => pair.Value, pair => pair.Key);

    private static SafetensorsFile Renamed(SafetensorsFile file, Dictionary<string, string> modules, Dictionary<string, string> tensors)
        => new(file.Tensors.Select(tensor => tensor with { Name = Renamed(tensor.Name, modules, tensors) }), file.Metadata);

    private static string Renamed(string name, Dictionary<string, string> modules, Dictionary<string, string> tensors)
    {
        if (Rest(name, TensorNames.ConnectionsPrefix) is { } layer)
        {
            return TensorNames.Connections(modules.GetValueOrDefault(layer, layer));
        }

        // Neither the name of a layer nor its number has a hyphen in it, but those of other modules may.
        if (Rest(name, TensorNames.FeedbackPrefix)?.Split('-', 2) is [var from, var to])
        {
            return TensorNames.Feedback(modules.GetValueOrDefault(from, from), modules.GetValueOrDefault(to, to));
        }

        // The memory's own name stands behind the last dot, the parameter's before it.
        return Rest(name, TensorNames.OptimizerPrefix) is { } memory && memory.LastIndexOf('.') is > 0 and var dot
            ? TensorNames.Optimizer(tensors.GetValueOrDefault(memory[..dot], memory[..dot]), memory[(dot + 1)..])
            : tensors.GetValueOrDefault(name, name);
    }

    private static string? Rest(string name, string prefix)
        => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;
}
