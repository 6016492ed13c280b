using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Feedback alignment with a concordant start: the feedback weights have the signs that the forward weights have when the rule is made,
/// all of one size a layer, and stay so, B = m sign W(0). The forward weights may change their signs afterwards; the feedback does not
/// follow. The sign-symmetry programs of Liao, Leibo, Poggio (AAAI 2016, arXiv 1510.05067) contain it as a rule of its own.
/// </summary>
internal static class ConcordantFeedbackAlignment
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "concordant-feedback-alignment",
        "feedback alignment with a concordant start",
        "Feedback alignment whose fixed weights begin with the signs of the forward weights.",
        "Liao, Leibo & Poggio, AAAI 2016, arXiv 1510.05067",
        setup => new FeedbackAlignmentRule(setup, Start(setup)))
    {
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Bₗ,  B = m sign W at the start",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B = m sign W₀",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation",
            Memory = "Σ nₗ nₗ₊₁ feedback weights",
            Pitfalls =
            [
                "It needs the sign of every forward weight once, before training: weight transport of one bit, once.",
                "Forward weights that change their sign lose the agreement. The angle to the forward weights may therefore grow during "
                    + "training.",
            ],
            Choices =
            [
                "m is the root mean square of the feedback weights that feedback alignment would draw from the same setup, as in "
                    + "uniform sign symmetry.",
                "The start is the network as it is when the rule is made: with given weights (`network.initialWeights`), theirs.",
            ],
            Unverified = ["We know the rule from other people's descriptions of the authors' program, which has no published table for "
                + "it."],
        },
    };

    private static WeightSource[] Start(RuleSetup setup)
    {
        var drawn = setup.DrawFeedback();
        return
        [
            .. setup.Network.Layers.Select((layer, i) => i == 0
                ? FixedWeights.None
                : new FixedWeights(new SignedWeights(layer.Weights, UniformSignSymmetry.EvenOut(drawn[i].Read())).Read())),
        ];
    }
}
