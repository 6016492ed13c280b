using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Writes down what modules a network has. A sequence in a row is the same as its modules in that row, and an activation right after a
/// dense layer the same as that layer's own.
/// </summary>
/// <param name="parts">The modules that can be named.</param>
/// <param name="root">All modules of the network.</param>
internal sealed class PlanOfNetwork(NetworkParts parts, Module root)
{
    private readonly Module _first = First(root);

    /// <summary>The shortest form: the sizes of dense layers one after another, whose activations it leaves to others.</summary>
    /// <exception cref="NotSupportedException">There is a module that no plan describes.</exception>
    public static NetworkPlan Describe(Network network)
        => network.IsChain && network.Layers.All(layer => layer.Map is DenseMap)
            ? NetworkPlan.OfSizes([network.Inputs, .. network.Layers.Select(layer => layer.Outputs)], network.Parts)
            : InFull(network);

    /// <summary>The long form, with all activations.</summary>
    /// <exception cref="NotSupportedException">There is a module that no plan describes.</exception>
    public static NetworkPlan InFull(Network network)
    {
        var used = Network.All(network.Root).Select(module => module switch
        {
            WeightedLayer layer => layer.Activation,
            ActivationModule { Activation: var activation } => activation,
            _ => Activation.Linear,
        });
        var parts = network.Parts.With(used);
        var first = First(network.Root);
        if (first.From is { IsPicture: true, Channels: > 1 })
        {
            throw new NotSupportedException($"no plan describes a network that takes pictures as positions × channels; put a module of "
                + $"{nameof(FromPlanes)} before {ForeignText.Line($"{first}", ForeignText.LongestQuote)}");
        }

        var inputs = first is FromPlanes ? first.To : first.From;
        return NetworkPlan.TryParse(
            $"{inputs.InPlan}, {new PlanOfNetwork(parts, network.Root).Row(network.Root)}", parts, out var plan, out var mistake)
            ? plan : throw new NotSupportedException($"no plan describes the network, for {mistake}");
    }

    private static Module First(Module module) => module is Sequence or Residual ? First(module.Children[0]) : module;

    private string Row(Module module) => string.Join(", ", Items(module));

    private IEnumerable<string> Items(Module module) => module switch
    {
        FromPlanes when module == _first => [],
        Sequence => module.Children.SelectMany(Items),
        WeightedLayer { Map: DenseMap } layer => [$"{new DenseNode(layer.Name, layer.From, layer.Outputs, layer.Activation)}"],
        WeightedLayer { Map: ConvolutionMap map } layer
            => [$"{new ConvNode(layer.Name, map.From, map.To.Channels, map.Options, layer.Activation)}"],
        ActivationModule { Activation: var activation } => activation == Activation.Linear ? [] : [activation.Id],
        Residual => [$"{NetworkParts.Residual}({string.Join(" | ", module.Children.Select(Row))})"],
        _ => [OfCatalog(module)],
    };

    /// <summary>A module in a word of the plan: what that does not say must be as the word has it.</summary>
    private string OfCatalog(Module module)
    {
        string? others = null;
        foreach (var entry in parts.Modules.Entries)
        {
            if (entry.ArgumentsOf(module) is not { } arguments)
            {
                continue;
            }

            var node = new ModuleNode(new(entry, module.Name, module.From, arguments));
            var made = entry.Build(node, new RandomStreams(0)).Settings;
            var differing = module.Settings.Except(made)
                .Select(setting => FormattableString.Invariant($"{setting.Key} is {setting.Value}")).ToList();
            if (differing.Count == 0)
            {
                return $"{node}";
            }

            others ??= string.Join(" and ", differing);
        }

        throw others is null ? Unknown(module) : new NotSupportedException(
            $"no plan describes {ForeignText.Line($"{module}", ForeignText.LongestQuote)}, whose {others}");
    }

    private NotSupportedException Unknown(Module module)
        => new($"no plan describes {ForeignText.Line(module.ToString(), ForeignText.LongestQuote)} ({module.Kind}); there are dense layers, "
            + $"convolutions, activations, residual blocks and {string.Join(", ", parts.Modules.Ids)}");
}
