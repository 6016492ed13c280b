using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Backpropagation: the error goes back through the very weights that the signal came forward through, Δh = Wᵀ e. The exact gradient.
/// Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", Nature 323 (1986).
/// </summary>
/// <param name="setup">Network, loss, batch size, random streams.</param>
public sealed class BackpropagationRule(RuleSetup setup) : ErrorFeedbackRule(setup)
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "backpropagation",
        "backpropagation",
        "The error goes back through the transposed forward weights: the exact gradient.",
        "Rumelhart, Hinton & Williams, Nature 323 (1986)",
        setup => new BackpropagationRule(setup))
    {
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Wₗ₊₁",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "Wᵀ",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers",
            Memory = "none",
            Pitfalls =
            [
                "It uses each forward weight a second time on the way back, with the same value. This is the weight transport problem.",
                "The error vanishes through many layers of tanh or logistic units. Through badly scaled layers it explodes.",
            ],
        },
    };

    /// <inheritdoc/>
    internal override bool ReadsOutputError => false;

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: at.Layer.Weights, below);
}
