using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What a rule takes beside forward pass, gradients, weights and activations, as numbers: what <see cref="RuleNotes"/> says in words. Its
/// options are at their defaults.
/// </summary>
internal static class RuleCost
{
    /// <summary>Multiply-adds for one example.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="network">A network that it can teach.</param>
    public static long Operations(RuleEntry rule, NetworkCounts network)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(network);
        return rule.Notes.CountOperations?.Invoke(network) ?? rule.Notes.Route switch
        {
            ErrorRoute.LayerByLayer or ErrorRoute.Targets => network.LayerByLayer,
            ErrorRoute.Direct => network.Direct,
            ErrorRoute.FirstThenForward => network.Sites.Count == 0 ? 0
                : (network.Outputs * network.Sites[0].Units) + network.Crossed.SkipLast(1).Sum(layer => layer.Products),
            ErrorRoute.Scalar or ErrorRoute.SecondPass => network.Layers[0].Products + network.LayerByLayer,
            _ => 0,
        };
    }

    /// <summary>Numbers that are kept.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="network">A network that it can teach.</param>
    public static long Memory(RuleEntry rule, NetworkCounts network)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(network);
        return rule.Notes.CountMemory?.Invoke(network) ?? (rule.HasFeedback, rule.Notes.Route) switch
        {
            (true, ErrorRoute.LayerByLayer or ErrorRoute.Targets) => network.LayerByLayerWeights,
            (true, ErrorRoute.Direct) => network.Direct,
            (true, ErrorRoute.FirstThenForward) => network.Sites.Count == 0 ? 0 : network.Outputs * network.Sites[0].Units,
            (true, ErrorRoute.SecondPass) => network.Outputs * network.Layers[0].Inputs,
            _ => 0,
        };
    }

    /// <summary>
    /// Why a rule's costs cannot be counted in a network, in words that follow its name: it cannot teach it, or a mixture's parts are not
    /// layers of a chain. Null: they can.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="network">The network's plan.</param>
    public static string? Objection(RuleEntry rule, NetworkPlan network)
        => rule.MissesConvolution(network) ? "needs a network with convolutions"
            : ObjectionToModules(rule, network, "this network", isAlsoToMixtures: true);

    /// <summary>Which of a network's modules a rule cannot teach, in words that follow its name; null: it can teach them.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="network">The network's plan.</param>
    /// <param name="called">What the user calls the network.</param>
    /// <param name="isAlsoToMixtures">Whether a mixture is to be refused in all networks but chains.</param>
    public static string? ObjectionToModules(RuleEntry rule, NetworkPlan network, string called, bool isAlsoToMixtures = false)
        => network.IsChain ? null
            : rule.NeedsChain || (isAlsoToMixtures && rule.Parts.Count > 0)
                ? $"needs dense layers one after another, but {called} has {network.BesideDense}"
            : rule.RefusesConvolution && network.Layers.Skip(1).FirstOrDefault(layer => layer.IsConvolution) is { Name: { } convolution }
                ? $"needs dense layers behind the first, but {convolution} is a convolution"
            : null;

    /// <summary>What a mixture's parts take to bring each its error to the layers that it serves.</summary>
    /// <param name="parts">The rule of each hidden layer, from the lowest up.</param>
    /// <param name="sizes">Layer sizes from input to output, as many as the parts and two.</param>
    internal static long OfMixture(IReadOnlyList<RuleEntry> parts, IReadOnlyList<int> sizes)
    {
        return parts.Index().Sum(part => part.Item.Notes.Route switch
        {
            ErrorRoute.Direct => Operations(part.Item, NetworkCounts.OfSizes([0, sizes[part.Index + 1], sizes[^1]])),

            // What the network from this layer up takes, less what it takes from the next one up.
            ErrorRoute.LayerByLayer => Operations(part.Item, From(part.Index)) - Operations(part.Item, From(part.Index + 1)),

            // Its errors follow one from another: it makes them all, once, whichever it serves.
            _ => parts.Take(part.Index).Any(below => below.Id == part.Item.Id) ? 0 : Operations(part.Item, NetworkCounts.OfSizes(sizes)),
        });

        NetworkCounts From(int layer) => NetworkCounts.OfSizes([.. sizes.Skip(layer)]);
    }
}
