using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Feedback weights: what carries an error to a hidden layer, or to the inputs.</summary>
/// <param name="From">Index of the layer the error comes from (the layer above, or the output layer for direct feedback).</param>
/// <param name="To">Index of the hidden layer it goes to; −1: it goes to the network's inputs.</param>
/// <param name="Source">units of <paramref name="From"/> × units of <paramref name="To"/>: where the weights come from.</param>
public sealed record FeedbackPath(int From, int To, WeightSource Source)
{
    /// <summary>The paths from every layer to the one below.</summary>
    /// <param name="feedback">One per layer, as <see cref="RuleSetup.DrawFeedback"/> gives them; entry 0 is ignored.</param>
    public static IReadOnlyList<FeedbackPath> LayerByLayer(IEnumerable<WeightSource> feedback)
        => [.. feedback.Skip(1).Select((weights, i) => new FeedbackPath(i + 1, i, weights))];

    /// <summary>The paths from the output layer straight to every site of a rule.</summary>
    /// <param name="feedback">One per site, as <see cref="RuleSetup.DrawDirectFeedback"/> gives them.</param>
    /// <param name="rule">The rule whose sites they lead to.</param>
    public static IReadOnlyList<FeedbackPath> Direct(IEnumerable<WeightSource> feedback, BroadcastRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return
        [
            .. feedback.Zip(
                rule.Sites, (weights, site) => new FeedbackPath(rule.Network.Layers.Count - 1, site.Layer, weights) { Site = site }),
        ];
    }

    /// <summary>
    /// units of <see cref="From"/> × units of <see cref="To"/>, as they are now. Where they are regenerated, a new matrix every time.
    /// </summary>
    public Matrix Weights => Source.Read();

    /// <summary>
    /// Whether the weights take no memory, for they are drawn wherever an error goes through them
    /// (<see cref="FeedbackOptions.Regenerate"/>).
    /// </summary>
    public bool IsRegenerated => Source is DrawnWeights;

    /// <summary>The place that direct feedback leads to; null for feedback from a layer to the one below, and to the inputs.</summary>
    internal NetworkSite? Site { get; init; }

    /// <summary>What the rule learns for this path: the source itself if it is a parameter, or what the source is made from.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = Source is Parameter learned ? [learned] : [];
}
