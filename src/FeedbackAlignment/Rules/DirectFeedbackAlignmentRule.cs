using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct feedback alignment: the output's error goes straight to every hidden layer, each through a fixed random matrix of its own,
/// Δhₗ = Bₗ e. Of the derivatives only the layer's own is used. Nøkland, "Direct feedback alignment provides learning in deep neural
/// networks", NIPS 2016, arXiv 1609.01596.
/// </summary>
public sealed class DirectFeedbackAlignmentRule : DirectFeedbackRule
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "direct-feedback-alignment",
        "direct feedback alignment",
        "The output error goes straight to every hidden layer through fixed random weights.",
        "Nøkland, NIPS 2016, arXiv 1609.01596",
        setup => new DirectFeedbackAlignmentRule(setup))
    {
        HasFeedback = true,
        CanRegenerateFeedback = true,
        Notes = new()
        {
            Formula = "eₗ = δ_L Bₗ",
            Route = ErrorRoute.Direct,
            Carrier = "B random",
            Operations = "C Σ nₗ over the hidden layers, in one product",
            Memory = "C Σ nₗ feedback weights, none if regenerated",
            Pitfalls =
            [
                "A small random matrix may be badly conditioned. Some directions of the error then hardly reach a layer.",
                "B does not grow or shrink with the weights. Tune its scale and the learning rate again for other widths and depths.",
                "Do not compare it with feedback alignment at the same scale of B. There, errors go through a product of several matrices.",
            ],
            Choices = ["The errors of all layers are computed as one product, with the feedback matrices side by side."],
        },
    };

    /// <summary>Draws the feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public DirectFeedbackAlignmentRule(RuleSetup setup)
        : base(setup)
    {
    }

    /// <summary>Takes given feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="feedback">
    /// Entry i, network outputs × inputs of layer i, carries the output error to layer i − 1; entry 0 is ignored.
    /// </param>
    /// <exception cref="ArgumentException">There is not one matrix per layer, or one has the wrong shape.</exception>
    public DirectFeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<Matrix> feedback)
        : base(setup, feedback)
    {
    }
}
