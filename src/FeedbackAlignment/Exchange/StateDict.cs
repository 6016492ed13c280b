using System.Text.RegularExpressions;
using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// The modules of a network that somebody else has named, as in a <c>state_dict</c> of PyTorch, found by a plan: convolutions, dense layers
/// and normalizations each in their order. The order follows from the names, where these say it; else it must be given.
/// </summary>
internal sealed partial class StateDict
{
    private const string Weight = "weight", Bias = "bias", Batches = "num_batches_tracked", Feedback = "weight_backward",
        FeedbackBias = "bias_backward", Running = "running_", Convolution = "convolution", Dense = "dense layer",
        BatchNorm = "batch normalization";

    private const int MostShown = 8;

    private readonly SafetensorsFile _file;
    private readonly string _source;
    private readonly NetworkPlan _plan;
    private readonly PyTorchNames _names;
    private readonly List<NamedTensor> _found = [];
    private readonly List<string> _notes = [];

    /// <param name="file">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="plan">The network that it has.</param>
    /// <param name="order">The names of all modules, from the first on; null: it follows from their names.</param>
    /// <exception cref="DataFormatException">
    /// A tensor is missing, has another shape or belongs to nothing; or the order of the modules is not clear.
    /// </exception>
    public StateDict(SafetensorsFile file, string source, NetworkPlan plan, IReadOnlyList<string>? order)
    {
        (_file, _source, _plan, _names) = (file, source, plan, new PyTorchNames(plan));
        var modules = Modules();
        if (order is not null && !order.Order().SequenceEqual(modules.Select(module => module.Name).Order()))
        {
            throw Refused($"the order must name each module once ({Some(",", modules.Select(module => module.Name))}), was "
                + Some(",", order));
        }

        var kinds = modules.ToLookup(module => module.Kind);
        foreach (var kind in plan.Nodes.Where(node => node.Parts.Count > 0).GroupBy(KindOf))
        {
            PlanNode[] nodes = [.. kind];
            Module[] found = [.. kinds[kind.Key]];
            if (nodes.Length != found.Length)
            {
                var which = found.Length == 0 ? "" : $" ({Some(", ", found.Select(module => module.Name))})";
                throw Refused($"the file has {found.Length} of the kind \"{kind.Key}\"{which}, but {plan} has {nodes.Length}");
            }

            var there = order is null ? InOrder(found, nodes) : [.. order.SelectMany(name => found.Where(module => module.Name == name))];
            foreach (var (node, module) in nodes.Zip(there))
            {
                Take(node, module);
            }
        }

        if (modules.FirstOrDefault(module => !plan.Nodes.Any(node => node.Parts.Count > 0 && KindOf(node) == module.Kind)) is { } foreign)
        {
            throw Refused($"{foreign.Parts.Values.First()} belongs to no module of {plan}");
        }
    }

    /// <summary>The file with our names and layouts.</summary>
    public SafetensorsFile Named => new([.. _found, .. _file.Tensors.Where(tensor => TensorNames.IsBeside(tensor.Name))], _file.Metadata);

    /// <summary>What was understood of the names, and what was left out, in lines for the user.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The tensors of the file by the module that they belong to.</summary>
    private List<Module> Modules()
    {
        var modules = new Dictionary<string, Module>();
        foreach (var tensor in _file.Tensors.Where(tensor => !TensorNames.IsBeside(tensor.Name)))
        {
            var dot = tensor.Name.LastIndexOf('.');
            var name = tensor.Name[..Math.Max(0, dot)];
            if (!modules.TryGetValue(name, out var module))
            {
                modules.Add(name, module = new(name, []));
            }

            if (!module.Parts.TryAdd(tensor.Name[(dot + 1)..], tensor))
            {
                throw Refused($"{tensor.Name} is there twice");
            }
        }

        return [.. modules.Values];
    }

    private void Take(PlanNode node, Module module)
    {
        var left = module.Parts.Keys.ToHashSet();
        left.Remove(Batches);
        foreach (var (ours, theirs) in node.Parts)
        {
            if (module.Parts.TryGetValue(theirs, out var tensor))
            {
                _found.Add(Taken(tensor, $"{node.Name}.{ours}", ShapeOf(node, ours)));
                left.Remove(theirs);
            }
            else if (node is not LayerNode || theirs != Bias)
            {
                throw Refused($"there is no {module.Name}.{theirs} [{Sizes(ShapeOf(node, ours))}], which {node} ({node.Name}) has");
            }
        }

        if (node is LayerNode layer && module.Parts.TryGetValue(Feedback, out var feedback))
        {
            left.ExceptWith([Feedback, FeedbackBias]);
            TakeFeedback(layer, feedback);
        }

        if (left.FirstOrDefault() is { } foreign)
        {
            throw Refused($"{module.Parts[foreign]} belongs to nothing of {node} ({node.Name})");
        }
    }

    /// <summary>
    /// BioTorch's feedback weights: of the shape of the layer's own, or with a row for each output of the network in direct feedback. They
    /// bring the error to the inputs of the layer. What stands beside them for biases takes part in nothing.
    /// </summary>
    private void TakeFeedback(LayerNode node, NamedTensor theirs)
    {
        var weights = _names.ShapeOf($"{node.Name}.weights", [node.Rows, node.Columns]);
        var isDirect = theirs.Values.Rows != node.Rows;
        if ((isDirect && theirs.Values.Rows != _plan.Outputs) || !theirs.Shape.Skip(1).SequenceEqual(weights.Skip(1)))
        {
            throw Refused($"{theirs} must be [{Sizes(weights)}] as the weights, or have {_plan.Outputs} rows, one for each output");
        }

        var place = _plan.LayerNames.ToList().IndexOf(node.Name);
        if (place == 0)
        {
            _notes.Add($"{theirs.Name} is not used: no error goes below the first layer");
            return;
        }

        var name = TensorNames.Feedback(isDirect ? Network.OutputName : node.Name, _plan.LayerNames[place - 1]);
        _found.Add(_names.TakeBack(theirs, $"{node.Name}.weights", _source) with { Name = name });
    }

    private NamedTensor Taken(NamedTensor theirs, string own, IReadOnlyList<int> shape)
    {
        // A kernel may have a dimension less than is wanted; who takes it back looks at the others.
        var fits = shape.Count > 2 ? theirs.Values.Rows == shape[0] : theirs.Shape.SequenceEqual(shape);
        return fits ? _names.TakeBack(theirs, own, _source)
            : throw Refused($"{theirs} must be [{Sizes(shape)}], which {own} of {_plan} has in PyTorch");
    }

    /// <summary>The shape of a tensor in PyTorch.</summary>
    private IReadOnlyList<int> ShapeOf(PlanNode node, string part)
    {
        var own = $"{node.Name}.{part}";
        return node.Tensors.FirstOrDefault(tensor => tensor.Name == own) is not (not null, var rows, var columns) ? [((LayerNode)node).Rows]
            : _names.ShapeOf(own, node is LayerNode || rows > 1 ? [rows, columns] : [columns]);
    }

    /// <summary>
    /// The modules of one kind, from the first on: by their names, or, where these say nothing, by shapes that no two share.
    /// </summary>
    private Module[] InOrder(Module[] modules, PlanNode[] nodes)
    {
        foreach (var one in modules)
        {
            foreach (var other in modules)
            {
                if (one != other && Compare(one, other) is null)
                {
                    return ByShape(modules, nodes)
                        ?? throw Refused(
                            $"the order of {ForeignText.Quoted(one.Name)} and {ForeignText.Quoted(other.Name)} is not clear from their "
                            + "names; name all modules in their order with the parameter order, or with `fa import --order "
                            + $"{Some(",", modules.Select(module => module.Name))}`");
                }
            }
        }

        Module[] ordered = [.. modules.Order(Comparer<Module>.Create((one, other) => Compare(one, other)!.Value))];
        if (ordered.Zip(ordered.Skip(1)).Any(pair => HaveOtherWords(pair.First, pair.Second)))
        {
            _notes.Add($"the order {Some(", ", ordered.Select(module => module.Name))} follows from their names");
        }

        return ordered;
    }

    private Module[]? ByShape(Module[] modules, PlanNode[] nodes)
    {
        var shapes = nodes.Select(node => string.Join(',', ShapeOf(node, node.Parts[0].Own))).ToList();
        Module[] found = [.. shapes.SelectMany(
            shape => modules.Where(module => module.Parts.Values.Any(part => string.Join(',', part.Shape) == shape)))];
        return ((int[])[found.Length, found.Distinct().Count(), shapes.Distinct().Count()]).All(count => count == nodes.Length) ? found
            : null;
    }

    /// <summary>Which of two modules comes first; null: their names do not say.</summary>
    private static int? Compare(Module one, Module other)
    {
        foreach (var ((word, number), (otherWord, otherNumber)) in one.Path.Zip(other.Path))
        {
            if (word == otherWord)
            {
                if (number != otherNumber)
                {
                    return number.CompareTo(otherNumber);
                }
            }
            else
            {
                return Rank(word) is { } rank && Rank(otherWord) is { } otherRank && rank != otherRank ? rank.CompareTo(otherRank) : null;
            }
        }

        return one.Path.Count == other.Path.Count ? one == other ? 0 : null : null;
    }

    /// <summary>Whether words, and not numbers alone, say which of two modules comes first.</summary>
    private static bool HaveOtherWords(Module one, Module other)
        => one.Path.Zip(other.Path).FirstOrDefault(pair => pair.First != pair.Second) is var (first, second) && first.Word != second.Word;

    /// <summary>
    /// What comes first in a row of modules, by a word in the names; null: the word does not say it. What has one rank is of different
    /// kinds, or not clear.
    /// </summary>
    private static int? Rank(string word) => word.ToUpperInvariant() switch
    {
        "STEM" => 0,
        "CONV" or "BN" or "NORM" or "LN" => 1,
        "FEATURES" or "LAYER" or "LAYERS" or "BLOCK" or "BLOCKS" or "STAGE" or "BRANCH" => 2,
        "DOWNSAMPLE" or "SHORTCUT" => 3,
        "FC" or "LINEAR" => 4,
        "CLASSIFIER" or "HEAD" => 5,
        "OUT" or "OUTPUT" or "LAST" or "FINAL" => 6,
        _ => null,
    };

    private static string KindOf(PlanNode node) => node switch
    {
        ConvNode => Convolution,
        DenseNode => Dense,
        _ => KindOf(node.Parts.Select(part => part.PyTorch)),
    };

    private static string KindOf(IEnumerable<string> parts)
        => parts.Any(part => part.StartsWith(Running, StringComparison.Ordinal)) ? BatchNorm
            : $"module with {string.Join(" and ", parts.Order(StringComparer.Ordinal))}";

    private static string Sizes(IReadOnlyList<int> shape) => string.Join(", ", shape);

    private static string Some(string between, IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => ForeignText.Line(name, ForeignText.LongestQuote))];
        return string.Join(between, all.Take(MostShown)) + (all.Length > MostShown ? $"{between}… ({all.Length})" : "");
    }

    private DataFormatException Refused(string problem) => new(_source, null, problem);

    /// <summary>The words of a name between dots, each with the number at its end.</summary>
    [GeneratedRegex("^(.*?)_?([0-9]{1,9})?$")]
    private static partial Regex Segment();

    /// <summary>What a file has of one module.</summary>
    private sealed record Module(string Name, Dictionary<string, NamedTensor> Parts)
    {
        public IReadOnlyList<(string Word, int Number)> Path { get; } =
        [
            .. Name.Split('.').Select(segment => Segment().Match(segment).Groups)
                .Select(groups => (groups[1].Value, groups[2].Success ? int.Parse(groups[2].ValueSpan) : -1)),
        ];

        /// <summary>What it is: weights of four dimensions, or three, are filters; of two a dense layer.</summary>
        public string Kind => Parts.GetValueOrDefault(Weight) is { Shape.Count: > 2 } ? Convolution
            : Parts.GetValueOrDefault(Weight) is { Shape.Count: 2 } ? Dense
            : KindOf(Parts.Keys.Except([Batches, Feedback, FeedbackBias]));
    }
}
