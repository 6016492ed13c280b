using System.Globalization;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Networks;

/// <summary>Gives the items of a plan their meaning: checks words and widths, and names the modules.</summary>
/// <param name="parts">The activations and modules that it can name.</param>
internal sealed class PlanReader(NetworkParts parts)
{
    private const string Hidden = NetworkParts.Hidden, Dense = NetworkParts.Dense, Convolution = NetworkParts.Convolution,
        Residual = NetworkParts.Residual;

    private readonly Dictionary<string, int> _count = [];

    /// <summary>What is wrong, where a method gives nothing.</summary>
    public string? Mistake { get; private set; }

    /// <summary>The modules of a whole plan; null: there is a mistake.</summary>
    /// <param name="items">What goes in, and the modules after it.</param>
    /// <param name="inputs">What goes in, where the first item does not say it; null: it must.</param>
    public IReadOnlyList<PlanNode>? Read(IReadOnlyList<PlanItem> items, Shape? inputs = null)
    {
        var modules = items;
        if (inputs is not { } from)
        {
            if (items[0] is not { Words: [var first], Rows.Count: 0 } || !TryShape(first, out from))
            {
                Fail(items[0], "must be the number of inputs, e.g. 784, or a picture's channels, height and width, e.g. 3x32x32");
                return null;
            }

            modules = [.. items.Skip(1)];
            if (modules.Count == 0)
            {
                Fail(items[0], "is all there is; add modules, e.g. 784, dense 256 relu, dense 10");
                return null;
            }
        }

        PlanNode[] planes = from.IsPicture ? [new PlanesNode(from)] : [];
        var row = Row(modules, from);
        if (row is [.. var below, DenseNode output])
        {
            return [.. planes, .. below, output with { Name = Network.OutputName }];
        }

        Fail(items[^1], "cannot be the end: a network ends with its output layer, e.g. dense 10");
        return null;
    }

    /// <summary>Reads what goes in: a number of units, or a picture as <c>3x32x32</c>.</summary>
    public static bool TryShape(string word, out Shape shape)
    {
        shape = default;
        var sides = word.Split('x');
        if (sides.Length is not (1 or 3))
        {
            return false;
        }

        var numbers = new int[sides.Length];
        for (var i = 0; i < sides.Length; i++)
        {
            if (!TrySize(sides[i], out numbers[i]))
            {
                return false;
            }
        }

        shape = numbers is [var channels, var height, var width] ? new(height, width, channels) : Shape.Flat(numbers[0]);
        return shape.IsPossible;
    }

    private List<PlanNode>? Row(IReadOnlyList<PlanItem> items, Shape from)
    {
        List<PlanNode> row = [];
        foreach (var item in items)
        {
            if (Node(item, from) is not { } node)
            {
                return null;
            }

            // An activation belongs to the layer that it follows.
            if (row is [.., LayerNode below] && below.Activation == Activation.Linear
                && node is ActivationNode { Activation: var activation })
            {
                _count[activation.Kind]--;
                row[^1] = below with { Activation = activation };
                continue;
            }

            row.Add(node);
            from = node.To;
        }

        return row;
    }

    private PlanNode? Node(PlanItem item, Shape from) => item switch
    {
        { Words: [Residual], Rows.Count: > 0 } => Block(item, from),
        { Words: [Residual] } => Fail(item, "needs a branch in parentheses, e.g. residual(dense 256 relu, dense 256)"),
        { Rows.Count: > 0 } => Fail(item, $"cannot have parentheses; only {Residual} has"),
        { Words: [Dense, .. var words] } => Layer(item, words, from),
        { Words: [Convolution, .. var words] } => Filters(item, words, from),
        { Words: [var word, .. var words] } when parts.Modules.Find(word) is { } entry => OfCatalog(item, entry, words, from),
        { Words: [var id] } when id == Activation.Linear.Id => Fail(item, "does nothing; leave it out"),
        { Words: var words } when Activation.Find(string.Join(' ', words), parts.Activations) is { } activation
            => new ActivationNode(Name(activation.Kind), from, activation),
        { Words: [var id, ..] } when id == Activation.LeakyRelu.Kind => Fail(item, $"may have one slope > 0, e.g. {id} 0.1"),
        { Words: [var size] } when TrySize(size, out _)
            => Fail(item, $"is only a number; write {Dense} {size}, or sizes alone as 784-1000-10"),
        { Words: [var id] } when NetworkPresets.Find(id) is not null
            => Fail(item, "is a whole network; write it alone, without other items"),
        _ => Fail(item, $"is no module; there are {string.Join(", ", [Dense, Convolution, .. parts.Modules.Ids, Residual])} and the "
            + $"activations {string.Join(", ", parts.Activations.Entries.Where(one => one != Activation.Linear))}"),
    };

    private PlanNode? OfCatalog(PlanItem item, ModuleEntry entry, string[] words, Shape from)
    {
        if (entry.NeedsPicture && !from.IsPicture)
        {
            return NoPicture(item, from);
        }

        if (entry.Read(words, from, out var mistake) is not { } arguments)
        {
            return Fail(item, mistake);
        }

        var planned = new PlannedModule(entry, Name(entry.NamePrefix), from, arguments);
        if (entry.Objection(planned) is { } objection)
        {
            return Fail(item, objection);
        }

        if (!entry.Outputs(planned).IsPossible)
        {
            return Fail(item, $"makes more than the {Array.MaxLength} numbers that an example can have");
        }

        var node = new ModuleNode(planned);
        if (node.Parameters.Count > 0 && !_count.ContainsKey(Hidden))
        {
            return Fail(item,
                "learns but stands before the first layer with weights, across which no rule sends an error; put it behind that layer");
        }

        return node.Tensors.FirstOrDefault(tensor => (long)tensor.Rows * tensor.Columns > Array.MaxLength) is { Name: { } name } large
            ? Fail(item, $"has {name} with {large.Rows} × {large.Columns} numbers, more than the {Array.MaxLength} that it can have")
            : node;
    }

    private PlanNode? Layer(PlanItem item, string[] words, Shape from)
    {
        if (words.Length == 0 || (words.Length > 2 && words[1] != Activation.LeakyRelu.Kind) || !TrySize(words[0], out var units))
        {
            return Fail(item, $"needs a number of units and may have an activation, e.g. {Dense} 256 relu");
        }

        return !TryActivation(item, words.AsSpan(1), out var activation) ? null
            : (long)from.Size * units > Array.MaxLength
                ? Fail(item, $"has {from.Size} × {units} weights, more than the {Array.MaxLength} that a layer can have")
            : new DenseNode(Name(Hidden), from, units, activation);
    }

    private PlanNode? Filters(PlanItem item, ReadOnlySpan<string> words, Shape from)
    {
        if (!from.IsPicture)
        {
            return NoPicture(item, from);
        }

        return ConvolutionWords.Read(ref words, from, out var mistake) is not var (filters, options) ? Fail(item, mistake)
            : !TryActivation(item, words, out var activation) ? null
            : new ConvNode(Name(Hidden), from, filters, options, activation);
    }

    /// <summary>What stands behind a layer's numbers: nothing, or an activation.</summary>
    private bool TryActivation(PlanItem item, ReadOnlySpan<string> words, out Activation? activation)
    {
        var id = string.Join(' ', words);
        activation = id.Length == 0 ? Activation.Linear : Activation.Find(id, parts.Activations);
        var known = string.Join(", ", parts.Activations.Ids);
        _ = activation is null ? Fail(item, item.Words[0] == Convolution
            ? $"has {ForeignText.Quoted(id)}, but may have {string.Join(", ", ConvolutionWords.Known)} with a number and then an activation: "
                + known
            : $"names no activation; there are {known}") : null;
        return activation is not null;
    }

    private PlanNode? NoPicture(PlanItem item, Shape from) => Fail(item,
        $"takes pictures, but {from} units in a row go in; a network of pictures begins with one, e.g. 1x28x28, conv 3x3 32 relu, dense 10");

    private PlanNode? Block(PlanItem item, Shape from)
    {
        if (item.Rows.Count > 2)
        {
            return Fail(item, "has more than a branch and a shortcut");
        }

        var name = Name("block");
        if (Row(item.Rows[0], from) is not { } branch || (item.Rows.Count == 1 ? [] : Row(item.Rows[1], from)) is not { } shortcut)
        {
            return null;
        }

        var (made, around) = (branch[^1].To, shortcut.Count > 0 ? shortcut[^1].To : from);
        var unit = made.IsPicture ? "" : " units";
        return made == around ? new ResidualNode(name, from, branch, shortcut)
            : shortcut.Count > 0
                ? Fail(item, $"adds {made}{unit} of the branch to {around} of the shortcut; both must make the same "
                    + (made.IsPicture || around.IsPicture ? "shape" : "number"))
            : Fail(item, $"adds {made}{unit} to the {around} that go in; add a shortcut: residual(… | {Shortcut(from, made)})");
    }

    /// <summary>A shortcut that would do.</summary>
    private static string Shortcut(Shape from, Shape to)
    {
        var stride = 1;
        while (stride < from.Height && ((from.Height - 1) / stride + 1 > to.Height || (from.Width - 1) / stride + 1 > to.Width))
        {
            stride++;
        }

        return ((from.Height - 1) / stride + 1, (from.Width - 1) / stride + 1) != (to.Height, to.Width) || !to.IsPicture
            ? $"dense {to.Size}" : stride == 1 ? $"conv 1x1 {to.Channels}" : $"conv 1x1 {to.Channels} stride {stride}";
    }

    /// <summary>A name that ends with a number of its own, so that <c>a1</c>'s first and <c>a</c>'s eleventh differ.</summary>
    private string Name(string kind)
        => $"{kind}{(char.IsAsciiDigit(kind[^1]) ? "-" : "")}{_count[kind] = _count.GetValueOrDefault(kind) + 1}";

    private PlanNode? Fail(PlanItem item, string mistake)
    {
        Mistake ??= $"{item} {mistake}";
        return null;
    }

    private static bool TrySize(string word, out int size)
        => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size > 0;
}
