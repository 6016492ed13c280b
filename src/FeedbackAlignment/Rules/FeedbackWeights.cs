using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What rules with feedback weights share: the check that given ones fit a network.
/// </summary>
internal static class FeedbackWeights
{
    /// <summary>Checks weights that replace those of the layers.</summary>
    /// <param name="feedback">One per layer; entry 0 is ignored.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">There is not one per layer, or one has the wrong shape.</exception>
    public static WeightSource[] LayerByLayer(IReadOnlyList<WeightSource> feedback, Network network)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        if (feedback.Count != network.Layers.Count)
        {
            throw new ArgumentException(
                $"{feedback.Count} feedback matrices were given for {network.Layers.Count} layers; one each is needed, the first may "
                    + "be empty", nameof(feedback));
        }

        for (var i = 1; i < feedback.Count; i++)
        {
            RequireShape(feedback[i], network.Layers[i].Map.Rows, network.Layers[i].Map.Columns, $"feedback[{i}]");
        }

        return [.. feedback];
    }

    /// <summary>Checks weights from the outputs to every site.</summary>
    /// <param name="feedback">One per site.</param>
    /// <param name="rule">The rule whose sites they lead to.</param>
    /// <exception cref="ArgumentException">There is not one per site, or one has the wrong shape.</exception>
    public static WeightSource[] Direct(IReadOnlyList<WeightSource> feedback, BroadcastRule rule)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        if (feedback.Count != rule.Sites.Count)
        {
            throw new ArgumentException(
                $"{feedback.Count} feedback matrices were given for {rule.Sites.Count} hidden layers; one each is needed",
                    nameof(feedback));
        }

        foreach (var (i, site) in rule.Sites.Index())
        {
            RequireShape(feedback[i], rule.Network.Outputs, site.Module.To.Size, $"feedback[{i}]");
        }

        return [.. feedback];
    }

    private static void RequireShape(WeightSource given, int rows, int columns, string name)
    {
        if (given.Rows != rows || given.Columns != columns)
        {
            throw new ArgumentException($"{name} is {given.Rows} × {given.Columns}, must be {rows} × {columns}", name);
        }
    }
}
