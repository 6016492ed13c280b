using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Local feedback alignment: feedback alignment without the derivatives of the layers in between. The error of the layer above goes on as
/// it came, before that layer's derivative, Δhₗ = Bₗ₊₁ Δhₗ₊₁; only a layer's own derivative is used. It equals direct feedback alignment
/// through the products of the matrices. Hunsberger, "Spiking deep neural networks: engineered and biological approaches to object
/// recognition", PhD thesis, University of Waterloo (2018).
/// </summary>
public sealed class LocalFeedbackAlignmentRule : ErrorFeedbackRule
{
    private readonly WeightSource[] _feedback;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "local-feedback-alignment",
        "local feedback alignment",
        "Feedback alignment without the derivatives in between.",
        "Hunsberger, PhD thesis, University of Waterloo (2018)",
        setup => new LocalFeedbackAlignmentRule(setup))
    {
        Notes = new()
        {
            Formula = "eₗ = eₗ₊₁ Bₗ, from δ_L on",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B random, no σ′",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation",
            Memory = "Σ nₗ nₗ₊₁ feedback weights, none if regenerated; every hidden layer's error once more",
            CountMemory = network => network.LayerByLayerWeights + network.HiddenUnits,
            Pitfalls =
            [
                "It is not feedback alignment. With B = Wᵀ it is not backpropagation, and a rule that learns B cannot make it so.",
                "A product of random matrices is usually worse conditioned than one matrix. Direct feedback alignment does the same at "
                + "lower cost.",
            ],
            Choices =
            [
                "The output layer's derivative stays in the formula, if the loss has one. The output layer's local error is the exact one.",
                "It takes dense layers one after another only: we know of no paper that says whether the derivative of pooling between two "
                + "layers is left out, too.",
            ],
            Unverified = ["We have not read the thesis. The rule follows descriptions in other surveys."],
        },
    };

    /// <summary>Draws the feedback weights: those of feedback alignment.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public LocalFeedbackAlignmentRule(RuleSetup setup)
        : base(setup)
    {
        Network.RequireChain(Entry.Name);
        _feedback = setup.DrawFeedback();
        Feedback = FeedbackPath.LayerByLayer(_feedback);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    internal override bool NeedsArrivedError => true;

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Arrived, through: _feedback[at.Index], below);
}
