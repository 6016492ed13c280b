namespace FeedbackAlignment.Rules;

/// <summary>
/// Low-rank direct feedback alignment: the output's error goes straight to every hidden layer, each through a fixed random matrix of low
/// rank of its own, Δhₗ = Pₗ Qₗ e. The direct kin of Hanut and Kadmon, "Training large neural networks with low-dimensional error
/// feedback", arXiv 2502.20580 (2025).
/// </summary>
internal static class LowRankDirectFeedbackAlignment
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "low-rank-direct-feedback-alignment",
        "low-rank direct feedback alignment",
        "Direct feedback alignment through fixed random matrices of low rank.",
        "Hanut & Kadmon 2025, arXiv 2502.20580",
        setup => new DirectFeedbackAlignmentRule(setup, setup.DrawLowRankDirectFeedback(rank: (setup.Network.Outputs + 1) / 2)))
    {
        Notes = new()
        {
            Formula = "eₗ = (δ_L Qₗ) Pₗ, r channels",
            Route = ErrorRoute.Direct,
            Carrier = "Q P random",
            Operations = "r Σ (nₗ + C) over the hidden layers: one thin product for all channels, one for each layer",
            Memory = "r Σ (nₗ + C) feedback weights, and one example's r channels for every hidden layer",
            CountOperations = network => network.Sites.Sum(
                site => Math.Min((network.Outputs + 1) / 2, site.Units) * (site.Units + network.Outputs)),
            CountMemory = network => network.Sites.Sum(
                site => Math.Min((network.Outputs + 1) / 2, site.Units) * (site.Units + network.Outputs + 1)),
            Pitfalls =
            [
                "A rank below the number of outputs hides a part of the error from a layer. Which part it hides is drawn for each layer.",
                "Instruments multiply Q P out, once.",
            ],
            Choices =
            [
                "Both factors are fixed; in the paper the feedback adapts. The paper's feedback goes layer by layer; this is the direct "
                + "form.",
                "The default rank is half the number of outputs, rounded up, because the number of outputs is full rank here. "
                + "feedback.rank changes it. A rank above the highest possible one counts as the highest.",
                "Q has variance 1∕r, and P has the variance of the distribution. So the entries of Q P have the distribution's variance "
                + "at any rank. With feedback.rank set, direct-feedback-alignment uses the same numbers multiplied out.",
            ],
            Unverified = ["We do not know how the paper scales and initializes Q and P. We could read only abstracts and summaries."],
        },
    };
}
