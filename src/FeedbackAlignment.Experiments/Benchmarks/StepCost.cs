using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>
/// What a step must do: floating-point operations of its matrix products (a multiply-add is two), and bytes of its weights. Activations,
/// norms, pooling, biases and loss are not counted: they go with the number of units, not of weights.
/// </summary>
/// <remarks>
/// For one example and a layer of i inputs and o outputs: forward 2io; gradient, applied to the weights, 2io; error to the layer below
/// 2io under backpropagation and feedback alignment, for all layers but the first. Under direct feedback alignment the error at a hidden
/// layer of w units takes 2·w·(network outputs) instead. A convolution uses its weights at every position of its output, those in the
/// padding too.
/// </remarks>
public static class StepCost
{
    private const int BytesOfWeight = sizeof(float);

    /// <summary>Number of weights, without biases.</summary>
    /// <param name="network">The layers.</param>
    public static long Weights(NetworkPlan network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Layers.Sum(layer => layer.Weights);
    }

    /// <summary>Bytes of the weights.</summary>
    /// <param name="network">The layers.</param>
    public static long WeightBytes(NetworkPlan network) => BytesOfWeight * Weights(network);

    /// <summary>Floating-point operations of a step.</summary>
    /// <param name="network">The layers.</param>
    /// <param name="rule">Id of backpropagation, feedback alignment or direct feedback alignment.</param>
    /// <param name="batch">Examples per step.</param>
    /// <exception cref="ArgumentException">No formula is known for the rule.</exception>
    public static long Operations(NetworkPlan network, string rule, int batch)
    {
        if (!BenchRules.All.Contains(rule))
        {
            throw new ArgumentException(
                $"no operation count is known for \"{rule}\"; there is one for {string.Join(", ", BenchRules.All)}", nameof(rule));
        }

        var counts = NetworkCounts.Of(network);
        var errors = RuleCost.Operations(RuleCatalog.Standard.Get(rule), counts);
        return batch * (4 * counts.Layers.Sum(layer => layer.Products) + 2 * errors);
    }

    /// <summary>Operations of a rule's step ∕ backpropagation's: the time ratio that arithmetic allows.</summary>
    /// <param name="network">The layers.</param>
    /// <param name="rule">Id of the rule.</param>
    public static double ToBackpropagation(NetworkPlan network, string rule)
        => (double)Operations(network, rule, 1) / Operations(network, BenchRules.Backpropagation, 1);
}

/// <summary>Ids of the rules whose steps are timed.</summary>
public static class BenchRules
{
    /// <summary>Backpropagation.</summary>
    public const string Backpropagation = "backpropagation";

    /// <summary>Feedback alignment.</summary>
    public const string FeedbackAlignment = "feedback-alignment";

    /// <summary>Direct feedback alignment.</summary>
    public const string DirectFeedbackAlignment = "direct-feedback-alignment";

    /// <summary>All of them, the one that others are compared with first.</summary>
    public static IReadOnlyList<string> All { get; } = [Backpropagation, FeedbackAlignment, DirectFeedbackAlignment];
}
