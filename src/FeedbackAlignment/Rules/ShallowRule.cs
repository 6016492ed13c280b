using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Shallow learning: only the output layer learns, ΔW₀ = 0; the hidden layers stay as they were drawn. The control that a rule must
/// beat before it can be said to teach hidden layers. Lillicrap et al. 2014, figures 1 and 2.
/// </summary>
/// <param name="setup">Network, loss, batch size.</param>
public sealed class ShallowRule(RuleSetup setup) : LearningRule(setup)
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "shallow",
        "shallow learning",
        "Only the output layer learns; hidden layers stay random. The control to beat.",
        "Lillicrap et al. 2014, figs. 1-2",
        setup => new ShallowRule(setup))
    {
        Aliases = ["frozen"],
        TeachesHiddenLayers = false,
        Notes = new()
        {
            Formula = "ΔWₗ = 0 in all hidden layers",
            Route = ErrorRoute.None,
            Operations = "none",
            Memory = "none",
            Pitfalls =
            [
                "A rule that does worse than this one harms its hidden layers.",
                "Random hidden layers with many units do well on easy tasks, so show this rule next to every result.",
            ],
            Choices = ["\"Frozen\" hidden layers are the same rule in networks of dense layers. So it is another name, not another rule."],
        },
    };

    /// <inheritdoc/>
    public override string? SplitObjection => null;

    /// <inheritdoc/>
    protected override bool HonorsMask => true;

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        return LearnOutputLayer(batch, gradients, out _);
    }
}
