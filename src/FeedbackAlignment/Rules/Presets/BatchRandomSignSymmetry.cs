namespace FeedbackAlignment.Rules;

/// <summary>
/// Sign symmetry with magnitudes that are drawn anew for every batch (brSF): the error goes back through |B| ∘ sign W.
/// Liao, Leibo, Poggio, AAAI 2016, arXiv 1510.05067.
/// </summary>
internal static class BatchRandomSignSymmetry
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "sign-symmetry-batch-random",
        "batchwise random sign symmetry",
        "The error goes back through the signs of the forward weights with magnitudes drawn anew for every batch.",
        "Liao, Leibo & Poggio, AAAI 2016, arXiv 1510.05067",
        SignSymmetryRule.Redrawn)
    {
        Aliases = ["brsf"],
        DrawsOncePerBatch = true,
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ (|Bₗ| ∘ sign Wₗ₊₁),  B new for every batch",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "|B| sign W",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation, and as many random numbers once a batch",
            Memory = "2 Σ nₗ nₗ₊₁: magnitudes, and magnitudes with signs",
            CountMemory = network => 2 * network.LayerByLayerWeights,
            Pitfalls =
            [
                "It still needs the sign of every forward weight on the way back: weight transport of one bit.",
                "With one example at a time, it draws a random number for every multiply-add of the error.",
                "Its mean over many batches is the error of uniform sign symmetry, with the mean magnitude. So it is that rule with added "
                + "noise.",
            ],
            Choices =
            [
                "Magnitudes are drawn like feedback weights (`feedback`), from a noise stream of their own. Missing feedback connections "
                + "stay missing.",
                "Instruments and weights.npz show the magnitudes that the next batch would use.",
            ],
            Unverified =
            [
                "The paper's own distribution of magnitudes (uniform in 0 … 1, from memory) was not checked. We read only the abstract "
                + "and other people's code.",
            ],
        },
    };
}
