using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// The one table from our names and layouts to PyTorch's. The modules of a network are numbered as those of a <c>torch.nn.Sequential</c>,
/// in which a layer with weights takes two places: <c>Linear</c> or <c>Conv2d</c>, and its activation, or <c>Identity</c> where it is
/// linear. Before a dense layer that takes a picture, and behind global pooling, stands a <c>Flatten</c>. A residual block is a module with
/// a <c>branch</c> and a <c>shortcut</c>, each a <c>Sequential</c>.
/// </summary>
internal sealed class PyTorchNames
{
    /// <summary>The layout of numbers that belong to nothing here.</summary>
    private static readonly PyTorchLayout _unknown = new(default, IsKernel: false);

    private readonly Dictionary<string, string> _modules = new() { [TensorNames.Input] = TensorNames.Input }, _tensors = [];

    private readonly Dictionary<string, PyTorchLayout> _layouts = [];

    private readonly Dictionary<string, Signal> _outputs = [];

    private readonly NetworkPlan _plan;

    /// <summary>Why the network has no layout in PyTorch; null: it has one.</summary>
    private string? _problem;

    /// <param name="plan">The network.</param>
    public PyTorchNames(NetworkPlan plan)
    {
        _plan = plan;
        Number("", plan.Row, new(plan.Input.IsPicture, plan.Input));
    }

    /// <summary>A file with PyTorch's names and layouts in place of ours.</summary>
    /// <exception cref="NotSupportedException">
    /// Of a module or of feedback weights nobody knows how their numbers would lie in PyTorch; the message names them.
    /// </exception>
    public SafetensorsFile Give(SafetensorsFile file) => _problem is null
        ? new(file.Tensors.Select(own => Given(own) with { Name = Renamed(own.Name, _modules, _tensors) }), file.Metadata)
        : throw new NotSupportedException(_problem);

    /// <summary>A file with our names and layouts in place of PyTorch's; tensors with names that are none of these stay.</summary>
    /// <param name="file">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="DataFormatException">A tensor has not the shape that it must have in PyTorch.</exception>
    public SafetensorsFile TakeBack(SafetensorsFile file, string source)
    {
        var (modules, tensors) = (Inverse(_modules), Inverse(_tensors));
        return new(
            file.Tensors.Select(theirs => Renamed(theirs.Name, modules, tensors) is var own && own == theirs.Name ? theirs
                : TakeBack(theirs, own, source)),
            file.Metadata);
    }

    /// <summary>A tensor of a module in our layout, by our name.</summary>
    /// <param name="theirs">As PyTorch has it.</param>
    /// <param name="own">Our name.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">It has not the shape that it must have in PyTorch, or that is not known.</exception>
    public NamedTensor TakeBack(NamedTensor theirs, string own, string source)
    {
        var named = theirs with { Name = own };
        var layout = Layout(named);
        var problem = _problem ?? (layout == _unknown ? $"{theirs} does not fit {_plan}"
            : layout?.Fits(theirs) == false
                ? $"{theirs} must be [{string.Join(", ", layout.ShapeOf([theirs.Values.Rows, layout.Numbers.Size]))}], which {own} of "
                    + $"{_plan} has in PyTorch"
            : null);
        return problem is null ? layout?.TakeBack(named) ?? named : throw new DataFormatException(source, null, problem);
    }

    /// <summary>The shape that a tensor of a module has in PyTorch.</summary>
    /// <param name="own">Our name.</param>
    /// <param name="shape">Its shape here.</param>
    public IReadOnlyList<int> ShapeOf(string own, IReadOnlyList<int> shape) => _layouts.GetValueOrDefault(own)?.ShapeOf(shape) ?? shape;

    /// <summary>Numbers the modules of a row.</summary>
    /// <returns>What comes out of it.</returns>
    private Signal Number(string prefix, IReadOnlyList<PlanNode> row, Signal signal)
    {
        var place = 0;
        foreach (var node in row.Where(node => node is not PlanesNode))
        {
            // Channels, height and width become one dimension before a dense layer sees them.
            place += node is DenseNode && signal.IsPicture ? 1 : 0;
            var path = prefix + place.ToString(CultureInfo.InvariantCulture);
            place += node is LayerNode || IsGlobalPool(node) ? 2 : 1;
            _modules.Add(node.Name, path);
            foreach (var part in node.Parts)
            {
                _tensors.Add($"{node.Name}.{part.Own}", $"{path}.{part.PyTorch}");
            }

            List<Signal> ends =
                [.. node.Inside.Zip((string[])["branch", "shortcut"], (inner, name) => Number($"{path}.{name}.", inner, signal))];
            Lay(node, signal);
            _outputs.Add(node.Name, signal = Behind(node, signal, ends));
        }

        return signal;
    }

    /// <summary>Says how the numbers of a module lie.</summary>
    private void Lay(PlanNode node, Signal signal)
    {
        if (node is ConvNode filters)
        {
            var (height, width) = filters.Options.Kernel;
            _layouts.Add($"{node.Name}.weights", new(new(height, width, filters.Columns / (height * width)), IsKernel: true));
        }
        else if (node is DenseNode && signal.HasOrder)
        {
            _layouts.Add($"{node.Name}.weights", new(signal.Order, IsKernel: false));
        }
        else if (node is ModuleNode module && signal.HasOrder)
        {
            foreach (var tensor in module.Parameters.Concat(module.Buffers))
            {
                var own = $"{node.Name}.{tensor.Part}";
                if (tensor.Rows == 1 && tensor.Columns == signal.Order.Size)
                {
                    _layouts.Add(own, new(signal.Order, IsKernel: false));
                }
                else if (!signal.IsPicture || tensor.Rows > 1 || tensor.Columns != signal.Order.Channels)
                {
                    _problem ??= $"how {own} ({tensor.Rows} × {tensor.Columns}) lies in PyTorch is not known, for {node} takes a picture";
                }
            }
        }
    }

    private Signal Behind(PlanNode node, Signal before, List<Signal> ends)
    {
        if (node is ResidualNode && ends.Append(before).Take(2).Distinct().Count() > 1)
        {
            _problem ??= $"{node} adds units of a picture to units that lie in another way in PyTorch; let a dense layer come before it";
        }

        return ends.Count > 0 ? ends[0]
            : node is ConvNode ? new(IsPicture: true, node.To)
            : node is DenseNode || IsGlobalPool(node) ? new(IsPicture: false, node.To)
            : IsFlatten(node) ? new(IsPicture: false, before.HasOrder ? before.Order : node.To)
            : before with { Order = node.To.Size == before.Order.Size ? before.Order : node.To };
    }

    private static bool IsGlobalPool(PlanNode node) => node is ModuleNode { Entry: var entry } && entry == GlobalAveragePool.Entry;

    private static bool IsFlatten(PlanNode node) => node is ModuleNode { Entry: var entry } && entry == Flatten.Entry;

    /// <summary>The layout of one of our tensors; null: it is the same in PyTorch.</summary>
    private PyTorchLayout? Layout(NamedTensor tensor)
    {
        if (_layouts.Count == 0)
        {
            return null;
        }

        var own = tensor.Name;
        if (Rest(own, TensorNames.ConnectionsPrefix) is { } layer)
        {
            return _layouts.GetValueOrDefault($"{layer}.weights");
        }

        if (Rest(own, TensorNames.FeedbackPrefix)?.Split('-', 2) is [var from, var to])
        {
            return OfFeedback(from, to, tensor);
        }

        return Rest(own, TensorNames.OptimizerPrefix) is { } memory && memory.LastIndexOf('.') is > 0 and var dot
            ? _layouts.GetValueOrDefault(memory[..dot])
            : _layouts.GetValueOrDefault(own);
    }

    /// <summary>
    /// Feedback weights stand for those of the layer that they come from, lead to all units of a place, or are filters of the layer above
    /// it.
    /// </summary>
    private PyTorchLayout? OfFeedback(string from, string to, NamedTensor tensor)
    {
        var columns = tensor.Values.Columns;
        if (_plan.Nodes.FirstOrDefault(node => node.Name == from) is not LayerNode layer || to == TensorNames.Input)
        {
            // The inputs of a network come channel by channel, here as there.
            return null;
        }

        if (layer is ConvNode && columns == layer.Columns)
        {
            return _layouts[$"{from}.weights"];
        }

        var passed = _plan.Nodes.SkipWhile(node => node.Name != to).ToList();
        var above = passed.Count == 0 ? null : passed.Skip(passed[0].All.Count()).OfType<LayerNode>().FirstOrDefault();
        return !_outputs.TryGetValue(to, out var there) ? _unknown
            : columns == there.Order.Size ? there.HasOrder ? new(there.Order, IsKernel: false) : null
            : above is ConvNode { Options: { Kernel: var kernel } } && columns == kernel.Height * kernel.Width * above.From.Channels
                ? new(new(kernel.Height, kernel.Width, above.From.Channels), IsKernel: true)
            : columns == above?.Columns ? _layouts.GetValueOrDefault($"{above.Name}.weights")
            : columns == there.Order.Channels ? null
            : _unknown;
    }

    private NamedTensor Given(NamedTensor own) => Layout(own) is not { } layout ? own
        : layout != _unknown ? layout.Give(own)
        : throw new NotSupportedException($"how {own} lies in PyTorch is not known");

    private static Dictionary<string, string> Inverse(Dictionary<string, string> names)
        => names.ToDictionary(pair => pair.Value, pair => pair.Key);

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

    /// <summary>What goes from module to module.</summary>
    /// <param name="IsPicture">Whether it has channels, height and width in PyTorch.</param>
    /// <param name="Order">The picture in whose order its numbers lie; else its units.</param>
    private readonly record struct Signal(bool IsPicture, Shape Order)
    {
        /// <summary>Whether the numbers lie in another order in PyTorch.</summary>
        public bool HasOrder => Order.IsPicture && Order.Channels > 1;
    }
}
