using System.Globalization;

namespace FeedbackAlignment.Networks;

/// <summary>Gives the items of a plan their meaning: checks words and widths, and names the modules.</summary>
/// <param name="parts">The activations and modules that it can name.</param>
internal sealed class PlanReader(NetworkParts parts)
{
    private const string Hidden = NetworkParts.Hidden, Dense = NetworkParts.Dense, Residual = NetworkParts.Residual;

    private readonly Dictionary<string, int> _count = [];

    /// <summary>What is wrong, where a method gives nothing.</summary>
    public string? Mistake { get; private set; }

    /// <summary>The modules of a whole plan; null: there is a mistake.</summary>
    /// <param name="items">The number of inputs, and what follows.</param>
    public IReadOnlyList<PlanNode>? Read(IReadOnlyList<PlanItem> items)
    {
        if (items[0] is not { Words: [var first], Rows.Count: 0 } || !TrySize(first, out var inputs))
        {
            Fail(items[0], "must be the number of inputs, e.g. 784");
            return null;
        }

        if (items.Count == 1)
        {
            Fail(items[0], "is all there is; add modules, e.g. 784, dense 256 relu, dense 10");
            return null;
        }

        var row = Row([.. items.Skip(1)], inputs);
        if (row is [.. var below, DenseNode output])
        {
            return [.. below, output with { Name = Network.OutputName }];
        }

        Fail(items[^1], "cannot be the end: a network ends with its output layer, e.g. dense 10");
        return null;
    }

    private List<PlanNode>? Row(IReadOnlyList<PlanItem> items, int width)
    {
        List<PlanNode> row = [];
        foreach (var item in items)
        {
            if (Node(item, width) is not { } node)
            {
                return null;
            }

            // An activation belongs to the layer that it follows.
            if (row is [.., DenseNode below] && below.Activation == Activation.Linear
                && node is ActivationNode { Activation: var activation })
            {
                _count[activation.Kind]--;
                row[^1] = below with { Activation = activation };
                continue;
            }

            row.Add(node);
            width = node.Outputs;
        }

        return row;
    }

    private PlanNode? Node(PlanItem item, int width) => item switch
    {
        { Words: [Residual], Rows.Count: > 0 } => Block(item, width),
        { Words: [Residual] } => Fail(item, "needs a branch in parentheses, e.g. residual(dense 256 relu, dense 256)"),
        { Rows.Count: > 0 } => Fail(item, $"cannot have parentheses; only {Residual} has"),
        { Words: [Dense, .. var words] } => Layer(item, words, width),
        { Words: [var word, .. var words] } when parts.Modules.Find(word) is { } entry => OfCatalog(item, entry, words, width),
        { Words: [var id] } when id == Activation.Linear.Id => Fail(item, "does nothing; leave it out"),
        { Words: var words } when Activation.Find(string.Join(' ', words), parts.Activations) is { } activation
            => new ActivationNode(Name(activation.Kind), width, activation),
        { Words: [var id, ..] } when id == Activation.LeakyRelu.Kind => Fail(item, $"may have one slope > 0, e.g. {id} 0.1"),
        { Words: [var size] } when TrySize(size, out _)
            => Fail(item, $"is only a number; write {Dense} {size}, or sizes alone as 784-1000-10"),
        _ => Fail(item, $"is no module; there are {string.Join(", ", [Dense, .. parts.Modules.Ids, Residual])} and the activations "
            + string.Join(", ", parts.Activations.Entries.Where(one => one != Activation.Linear))),
    };

    private PlanNode? OfCatalog(PlanItem item, ModuleEntry entry, string[] words, int width)
    {
        if (entry.Read(words, out var mistake) is not { } arguments)
        {
            return Fail(item, mistake);
        }

        var node = new ModuleNode(entry, Name(entry.NamePrefix), width, arguments);
        if (entry.Objection(node.Module) is { } objection)
        {
            return Fail(item, objection);
        }

        if (node.Parameters.Count > 0 && !_count.ContainsKey(Hidden))
        {
            return Fail(
                item, "learns but stands before the first dense layer, across which no rule sends an error; put it behind that layer");
        }

        if (node.Tensors.FirstOrDefault(tensor => (long)tensor.Rows * tensor.Columns > Array.MaxLength) is { Name: { } name } large)
        {
            return Fail(item, $"has {name} with {large.Rows} × {large.Columns} numbers, more than the {Array.MaxLength} that it can have");
        }

        return node with { Outputs = entry.Outputs(node.Module) };
    }

    private PlanNode? Layer(PlanItem item, string[] words, int width)
    {
        if (words.Length == 0 || (words.Length > 2 && words[1] != Activation.LeakyRelu.Kind) || !TrySize(words[0], out var units))
        {
            return Fail(item, $"needs a number of units and may have an activation, e.g. {Dense} 256 relu");
        }

        var activation = words.Length == 1 ? Activation.Linear : Activation.Find(string.Join(' ', words[1..]), parts.Activations);
        return activation is null ? Fail(item, $"names no activation; there are {string.Join(", ", parts.Activations.Ids)}")
            : (long)width * units > Array.MaxLength
                ? Fail(item, $"has {width} × {units} weights, more than the {Array.MaxLength} that a layer can have")
            : new DenseNode(Name(Hidden), width, units, activation);
    }

    private PlanNode? Block(PlanItem item, int width)
    {
        if (item.Rows.Count > 2)
        {
            return Fail(item, "has more than a branch and a shortcut");
        }

        var name = Name("block");
        if (Row(item.Rows[0], width) is not { } branch || (item.Rows.Count == 1 ? [] : Row(item.Rows[1], width)) is not { } shortcut)
        {
            return null;
        }

        var (made, around) = (branch[^1].Outputs, shortcut.Count > 0 ? shortcut[^1].Outputs : width);
        return made == around ? new ResidualNode(name, width, branch, shortcut)
            : shortcut.Count > 0
                ? Fail(item, $"adds {made} units of the branch to {around} of the shortcut; both must make the same number")
            : Fail(item, $"adds {made} units to the {around} that go in; add a shortcut: residual(… | dense {made})");
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
