namespace FeedbackAlignment.Rules;

/// <summary>
/// Low-rank feedback alignment: the error goes back layer by layer through fixed random matrices of low rank, Δh = P Q e, that is through
/// a few channels. Hanut and Kadmon, "Training large neural networks with low-dimensional error feedback", arXiv 2502.20580 (2025).
/// </summary>
internal static class LowRankFeedbackAlignment
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "low-rank-feedback-alignment",
        "low-rank feedback alignment",
        "Feedback alignment through fixed random matrices of low rank.",
        "Hanut & Kadmon 2025, arXiv 2502.20580",
        setup => new FeedbackAlignmentRule(setup, setup.DrawLowRankFeedback(rank: setup.Network.Outputs)))
    {
        Notes = new()
        {
            Formula = "eₗ = (δₗ₊₁ Qₗ) Pₗ, r channels",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "Q P random",
            Operations = "r Σ (nₗ + nₗ₊₁) over the hidden layers, in two thin products each",
            Memory = "r Σ (nₗ + nₗ₊₁) feedback weights, and one example's r channels for every hidden layer",
            CountOperations = network => network.Crossed.Sum(
                layer => layer.IsDense ? Rank(layer, network) * (layer.Columns + layer.Rows) : layer.Products),
            CountMemory = network => network.Crossed.Sum(
                layer => (Rank(layer, network) * (layer.Columns + layer.Rows + 1)) + (layer.IsDense ? 0 : layer.Weights)),
            Pitfalls =
            [
                "The part of an error that the channels do not carry never reaches the layer. The paper says that a fixed low-dimensional "
                + "feedback can assign credit wrongly, and solves this by learning the feedback.",
                "Instruments multiply Q P out, once.",
            ],
            Choices =
            [
                "Both factors are fixed. In the paper the feedback adapts to the errors that occur. This is its rule without that "
                + "learning.",
                "The default rank is that of the task, the number of outputs. feedback.rank changes it. A rank above the highest possible "
                + "one counts as the highest.",
                "Q has variance 1∕r, and P has the variance of the distribution. So the entries of Q P have the distribution's variance "
                + "at any rank. With feedback.rank set, feedback-alignment uses the same numbers multiplied out.",
            ],
            Unverified = ["We do not know how the paper scales and initializes Q and P. We could read only abstracts and summaries."],
        },
    };

    private static long Rank(LayerCounts layer, NetworkCounts network)
        => Math.Min(network.Outputs, Math.Min(layer.Columns, layer.Rows));
}
