namespace FeedbackAlignment.Rules;

/// <summary>
/// Sparse direct feedback alignment: direct feedback alignment in which every hidden unit gets only a few components of the output's
/// error, down to one, so that its change is a product of three numbers: input, derivative, one error. With all of them it is direct
/// feedback alignment. Crafton, Parihar, Gebhardt, Raychowdhury, "Direct feedback alignment with sparse connections for local learning",
/// Frontiers in Neuroscience 13:525 (2019), arXiv 1903.02083.
/// </summary>
internal static class SparseDirectFeedbackAlignment
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "sparse-direct-feedback-alignment",
        "sparse direct feedback alignment",
        "Direct feedback alignment in which every hidden unit gets a single component of the error.",
        "Crafton, Parihar, Gebhardt & Raychowdhury, Front. Neurosci. 13:525 (2019), arXiv 1903.02083",
        setup => new DirectFeedbackAlignmentRule(setup, setup.DrawDirectFeedback(setup.Feedback.SparseUnlessGiven(errorsPerUnit: 1))))
    {
        Notes = new()
        {
            Formula = "eₗ = δ_L Bₗ, k entries in each column of Bₗ",
            Route = ErrorRoute.Direct,
            Carrier = "B random, sparse",
            Operations = "C Σ nₗ over the hidden layers, as direct feedback alignment: the zeros are multiplied too (k Σ nₗ would be needed)",
            Memory = "C Σ nₗ feedback weights: the zeros are kept too",
            Pitfalls =
            [
                "Errors are smaller by √(k∕C), unless feedback is normalized. Compare at a tuned feedback scale.",
                "A unit with a single component of the error learns about a single class.",
            ],
            Choices =
            [
                "The default is one error per unit, the sparsest that the paper tries. feedback.errorsPerUnit and feedback.share change "
                + "it.",
                "The authors' code draws the weights uniformly in ±√(√(C k) ∕ n), a range that grows with k. Here the distribution and "
                + "its scale are options as for all rules.",
                "The components that a unit gets are drawn separately for each unit. The authors' code can also fix the rank of the "
                + "sparse matrix; this is not done here.",
            ],
            Unverified = ["Defaults and scale were read in the authors' code and the paper's abstract, not in the paper's text."],
        },
    };
}
