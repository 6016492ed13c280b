namespace FeedbackAlignment.Rules;

/// <summary>
/// What a rule costs beside forward pass, gradients, weights and activations, as numbers for a network of given layer sizes.
/// </summary>
internal static class RuleCost
{
    /// <summary>Multiply-adds for one example.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="sizes">Layer sizes from input to output, at least two.</param>
    public static long Operations(RuleEntry rule, IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(sizes);
        return rule.Notes.CountOperations?.Invoke(sizes) ?? rule.Notes.Route switch
        {
            ErrorRoute.LayerByLayer or ErrorRoute.Targets => LayerByLayer(sizes),
            ErrorRoute.Direct => Direct(sizes),
            ErrorRoute.FirstThenForward => sizes.Count < 3 ? 0 : ((long)sizes[^1] * sizes[1]) + Enumerable.Range(2, sizes.Count - 3).Sum(layer => (long)sizes[layer - 1] * sizes[layer]),
            ErrorRoute.Scalar or ErrorRoute.SecondPass => ((long)sizes[0] * sizes[1]) + LayerByLayer(sizes),
            _ => 0,
        };
    }

    /// <summary>Numbers that are kept.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="sizes">Layer sizes from input to output, at least two.</param>
    public static long Memory(RuleEntry rule, IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(sizes);
        return rule.Notes.CountMemory?.Invoke(sizes) ?? (rule.HasFeedback, rule.Notes.Route) switch
        {
            (true, ErrorRoute.LayerByLayer or ErrorRoute.Targets) => LayerByLayer(sizes),
            (true, ErrorRoute.Direct) => Direct(sizes),
            (true, ErrorRoute.FirstThenForward) => sizes.Count < 3 ? 0 : (long)sizes[^1] * sizes[1],
            (true, ErrorRoute.SecondPass) => (long)sizes[^1] * sizes[0],
            _ => 0,
        };
    }

    /// <summary>Σ nₗ nₗ₊₁ over the hidden layers: an error from each layer to the one below, or weights for it.</summary>
    /// <param name="sizes">Layer sizes from input to output.</param>
    public static long LayerByLayer(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.Skip(1).Zip(sizes.Skip(2), (below, above) => (long)below * above).Sum();
    }

    /// <summary>C Σ nₗ over the hidden layers: the output's error to each of them, or weights for it.</summary>
    /// <param name="sizes">Layer sizes from input to output.</param>
    public static long Direct(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.Skip(1).SkipLast(1).Sum(units => (long)units * sizes[^1]);
    }

    /// <summary>Σ nₗ: the units of the hidden layers.</summary>
    /// <param name="sizes">Layer sizes from input to output.</param>
    public static long HiddenUnits(IReadOnlyList<int> sizes) => HiddenSum(sizes, (units, _, _) => units);

    /// <summary>Σ nₗ₋₁ nₗ over the hidden layers: their weights, or a forward pass through them.</summary>
    /// <param name="sizes">Layer sizes from input to output.</param>
    public static long HiddenWeights(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.SkipLast(1).Zip(sizes.Skip(1).SkipLast(1), (below, units) => (long)below * units).Sum();
    }

    /// <summary>The units of the widest hidden layer; 0 where there is none.</summary>
    /// <param name="sizes">Layer sizes from input to output.</param>
    public static int WidestHidden(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.Skip(1).SkipLast(1).DefaultIfEmpty().Max();
    }

    /// <summary>A sum over the hidden layers.</summary>
    /// <param name="sizes">Layer sizes from input to output.</param>
    /// <param name="term">A layer's term, of its units, those of the layer above, and the network's outputs.</param>
    public static long HiddenSum(IReadOnlyList<int> sizes, Func<int, int, int, long> term)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(term);
        return sizes.Skip(1).Zip(sizes.Skip(2), (units, above) => term(units, above, sizes[^1])).Sum();
    }

    /// <summary>What a mixture's parts take to bring each its error to the layers that it serves.</summary>
    /// <param name="parts">The rule of each hidden layer, from the lowest up.</param>
    /// <param name="sizes">Layer sizes from input to output, as many as the parts and two.</param>
    internal static long OfMixture(IReadOnlyList<RuleEntry> parts, IReadOnlyList<int> sizes) => parts.Index().Sum(part => part.Item.Notes.Route switch
    {
        ErrorRoute.Direct => Operations(part.Item, [0, sizes[part.Index + 1], sizes[^1]]),

        // What the network from this layer up takes, less what it takes from the next one up.
        ErrorRoute.LayerByLayer => Operations(part.Item, [.. sizes.Skip(part.Index)]) - Operations(part.Item, [.. sizes.Skip(part.Index + 1)]),

        // Its errors follow one from another: it makes them all, once, whichever it serves.
        _ => parts.Take(part.Index).Any(below => below.Id == part.Item.Id) ? 0 : Operations(part.Item, sizes),
    });
}
