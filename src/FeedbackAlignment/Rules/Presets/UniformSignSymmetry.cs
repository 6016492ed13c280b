using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Uniform sign symmetry (uSF): the error goes back through the signs of the forward weights, all of one size a layer,
/// Δh = m (sign W)ᵀ e. Liao, Leibo, Poggio, AAAI 2016, arXiv 1510.05067; the size as in Xiao, Chen, Liao, Poggio, ICLR 2019, arXiv
/// 1811.03567.
/// </summary>
/// <remarks>
/// m is the root mean square of the feedback weights that feedback alignment would draw from the same setup, so the two have feedback of
/// the same norm. Under Glorot's distributions that is √(2 ∕ (fan-in + fan-out)) but for chance. A size of 1 would grow the error with
/// every wide layer.
/// </remarks>
internal static class UniformSignSymmetry
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "sign-symmetry-uniform",
        "uniform sign symmetry",
        "The error goes back through the signs of the forward weights, all with the same magnitude.",
        "Liao, Leibo & Poggio, AAAI 2016, arXiv 1510.05067",
        setup => new SignSymmetryRule(setup, Even(setup.DrawFeedback())))
    {
        Aliases = ["usf", "sign-symmetry"],
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ (m sign Wₗ₊₁)",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "m sign W",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation, and as many signs once a batch",
            Memory = "2 Σ nₗ nₗ₊₁: magnitudes, and magnitudes with signs",
            CountMemory = network => 2 * network.LayerByLayerWeights,
            Pitfalls =
            [
                "It still needs the sign of every forward weight on the way back: weight transport of one bit.",
                "Without a scale (m = 1) the error grows with width and depth.",
                "Weights near 0 count as much as large ones. The angle to W is some 30° for uniform weights and 37° for normal ones, and "
                + "it grows as W becomes sparse.",
            ],
            Choices =
            [
                "m is the root mean square of the feedback weights drawn from `feedback`, so the norm equals that of feedback alignment's "
                + "weights. Xiao et al. (2019) divide by a factor from the initialization.",
                "For deep convolutional networks the papers need batch normalization or batch-Manhattan updates. Neither is part of the "
                + "rule here.",
                "A weight of exactly 0 sends nothing back.",
            ],
            Unverified = ["We read the papers' abstracts, and code by their authors and by others, but not the full texts."],
        },
    };

    private static WeightSource[] Even(WeightSource[] drawn) => [.. drawn.Select(weights => new FixedWeights(EvenOut(weights.Read())))];

    /// <summary>What is missing stays missing; the norm stays as it was.</summary>
    internal static Matrix EvenOut(Matrix weights)
    {
        var present = 0;
        for (var row = 0; row < weights.Rows; row++)
        {
            foreach (var weight in weights.Row(row))
            {
                present += weight != 0 ? 1 : 0;
            }
        }

        var size = (float)Math.Sqrt(Reductions.Dot(weights, weights) / Math.Max(1, present));
        for (var row = 0; row < weights.Rows; row++)
        {
            foreach (ref var weight in weights.Row(row))
            {
                weight = weight != 0 ? size : 0;
            }
        }

        return weights;
    }
}
