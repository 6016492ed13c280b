using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Shallow learning: only the output layer learns, ΔW₀ = 0; the hidden layers stay as they were drawn. The control that a rule must
/// beat before it can be said to teach hidden layers. Lillicrap et al. 2014, figures 1 and 2.
/// </summary>
/// <param name="setup">Network, loss, batch size.</param>
public sealed class ShallowRule(RuleSetup setup) : LearningRule(setup)
{
    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        return LearnOutputLayer(batch, gradients, out _);
    }
}
