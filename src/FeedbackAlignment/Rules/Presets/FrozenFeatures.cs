namespace FeedbackAlignment.Rules;

/// <summary>
/// The control for convolutions in which nothing below the dense layers learns, normalizations neither: a dense network on random
/// features. <see cref="FrozenConvolutionsRule"/> has the definition.
/// </summary>
internal static class FrozenFeatures
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "frozen-features",
        "frozen features",
        "Convolutions and their normalizations stay random; the dense layers above learn by backpropagation.",
        "Jarrett, Kavukcuoglu, Ranzato & LeCun, ICCV 2009",
        setup => new FrozenConvolutionsRule(setup, trainsNorms: false))
    {
        NeedsConvolution = true,
        Notes = new()
        {
            Formula = "ΔW = 0 up to the last convolution, above it eₗ = δₗ₊₁ Wₗ₊₁",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "Wᵀ",
            Frozen = FrozenPart.Features,
            Operations = "Σ nₗ nₗ₊₁ over the dense layers above the first after the last convolution",
            CountOperations = network => network.AboveConvolutions.Skip(1).Sum(layer => layer.Products),
            Memory = "none",
            Pitfalls =
            [
                "Random convolutions with pooling do well on easy tasks, so show this rule next to every result with convolutions.",
            ],
            Choices =
            [
                "Everything below the first dense layer after the last convolution is frozen.",
                "Running statistics of batch normalization still follow the batches, because a network answers with them.",
            ],
            Unverified = ["We know the paper's idea of random filters from its abstract, not the full text."],
        },
    };
}
