using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Backpropagation: the error goes back through the very weights that the signal came forward through, Δh = Wᵀ e. The exact gradient.
/// Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", Nature 323 (1986).
/// </summary>
/// <param name="setup">Network, loss, batch size, random streams.</param>
public sealed class BackpropagationRule(RuleSetup setup) : ErrorFeedbackRule(setup)
{
    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: at.Layer.Weights.Values, below);
}
