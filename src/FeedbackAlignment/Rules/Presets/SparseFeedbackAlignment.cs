namespace FeedbackAlignment.Rules;

/// <summary>
/// Sparse feedback alignment: feedback alignment of which only a part of the feedback connections is there, Δh = B e with a sparse fixed
/// B. With all of them it is feedback alignment. Lillicrap, Cownden, Tweed, Akerman, arXiv 1411.0247 (2014), where half of them are
/// missing.
/// </summary>
internal static class SparseFeedbackAlignment
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "sparse-feedback-alignment",
        "sparse feedback alignment",
        "Feedback alignment with half of the feedback connections missing.",
        "Lillicrap et al. 2014, arXiv 1411.0247",
        setup => new FeedbackAlignmentRule(setup, setup.DrawFeedback(setup.Feedback.SparseUnlessGiven(share: 0.5))))
    {
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Bₗ, B sparse",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B random, sparse",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation: the zeros are multiplied too",
            Memory = "Σ nₗ nₗ₊₁ feedback weights: the zeros are kept too",
            Pitfalls =
            [
                "Errors are smaller by the root of the share that remains, unless feedback is normalized. Compare at a tuned feedback "
                + "scale.",
                "If only a small share of connections remains, a unit may get no error at all and never learn. With errors per unit, "
                + "every unit gets the same number of errors.",
            ],
            Choices =
            [
                "Half of the connections exist, each independently of the others, as in the paper. feedback.share and "
                + "feedback.errorsPerUnit change this.",
                "Products are dense. Sparsity saves connections (in hardware or biology), but no time here.",
            ],
        },
    };
}
