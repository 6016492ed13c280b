using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Writes down what modules a network has. A sequence in a row is the same as its modules in that row, and an activation right after a
/// dense layer the same as that layer's own.
/// </summary>
internal static class PlanOfNetwork
{
    /// <summary>The shortest form: the sizes of dense layers one after another, whose activations it leaves to others.</summary>
    /// <exception cref="NotSupportedException">There is a module that no plan describes.</exception>
    public static NetworkPlan Describe(Network network)
        => network.IsChain && network.Layers.All(layer => layer.Map is DenseMap)
            ? NetworkPlan.OfSizes([network.Inputs, .. network.Layers.Select(layer => layer.Outputs)])
            : InFull(network);

    /// <summary>The long form, with all activations.</summary>
    /// <exception cref="NotSupportedException">There is a module that no plan describes.</exception>
    public static NetworkPlan InFull(Network network)
        => NetworkPlan.TryParse($"{network.Inputs}, {Row(network.Root)}", out var plan, out var mistake)
            ? plan : throw new NotSupportedException($"no plan describes the network, for {mistake}");

    private static string Row(Module module) => string.Join(", ", Items(module));

    private static IEnumerable<string> Items(Module module) => module switch
    {
        Sequence => module.Children.SelectMany(Items),
        WeightedLayer { Map: DenseMap } layer
            => [$"dense {layer.Outputs}{(layer.Activation == Activation.Linear ? "" : $" {layer.Activation}")}"],
        ActivationModule { Activation: var activation } => activation == Activation.Linear ? [] : [activation.Id],
        Dropout dropout => [Default(new DropoutNode(module.Name, module.To.Size, dropout.Probability), module)],
        BatchNorm or LayerNorm when module.To == Shape.Flat(module.To.Size)
            => [Default(new NormNode(module.Name, module.To.Size, module is BatchNorm), module)],
        Residual => [$"residual({string.Join(" | ", module.Children.Select(Row))})"],
        _ => throw Unknown(module),
    };

    /// <summary>A module in a word of the plan: what that does not say must be as it is by default.</summary>
    private static string Default(PlanNode node, Module module)
    {
        var standard = node.Build(new PlanBuilder(_ => throw new InvalidOperationException("no layer is in it"))).Settings;
        var others = module.Settings.Except(standard).Select(setting => FormattableString.Invariant($"{setting.Key} is {setting.Value}"));
        return !others.Any() ? $"{node}"
            : throw new NotSupportedException(
                $"no plan describes {ForeignText.Line($"{module}", ForeignText.LongestQuote)}, whose {string.Join(" and ", others)}");
    }

    private static NotSupportedException Unknown(Module module)
        => new($"no plan describes {ForeignText.Line(module.ToString(), ForeignText.LongestQuote)} ({module.Kind}); there are dense layers, "
            + "activations, normalizations of their units, dropout and residual blocks");
}
