namespace FeedbackAlignment.Rules;

/// <summary>
/// Sign symmetry with fixed random magnitudes (frSF): the error goes back through |B| ∘ sign W, with B drawn once.
/// Liao, Leibo, Poggio, AAAI 2016, arXiv 1510.05067.
/// </summary>
internal static class FixedRandomSignSymmetry
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "sign-symmetry-fixed-random",
        "fixed random sign symmetry",
        "The error goes back through the signs of the forward weights with fixed random magnitudes.",
        "Liao, Leibo & Poggio, AAAI 2016, arXiv 1510.05067",
        setup => new SignSymmetryRule(setup, setup.DrawFeedback()))
    {
        Aliases = ["frsf"],
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ (|Bₗ| ∘ sign Wₗ₊₁)",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "|B| sign W",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation, and as many signs once a batch",
            Memory = "2 Σ nₗ nₗ₊₁: magnitudes, and magnitudes with signs",
            CountMemory = network => 2 * network.LayerByLayerWeights,
            Pitfalls =
            [
                "It still needs the sign of every forward weight on the way back: weight transport of one bit.",
                "The angle between W and |B| says nothing. The angle measured here is that between W and |B| ∘ sign W.",
            ],
            Choices =
            [
                "The magnitudes are those of feedback weights drawn from `feedback`. So the norm equals that of feedback alignment's "
                + "weights.",
            ],
            Unverified =
            [
                "The paper's own distribution of magnitudes (uniform in 0 … 1, from memory) was not checked. We read only the abstract "
                + "and other people's code.",
            ],
        },
    };
}
