using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Feedback alignment: the error goes back through fixed random weights, Δh = B e. They never learn; the forward weights come to agree
/// with them. Lillicrap, Cownden, Tweed, Akerman, "Random synaptic feedback weights support error backpropagation for deep learning",
/// Nature Communications 7:13276 (2016), arXiv 1411.0247.
/// </summary>
/// <remarks>
/// Our feedback matrices have the shape of the weights they replace, outputs × inputs; the paper's B is their transpose. In between
/// stand the derivatives of all layers on the way, as in backpropagation.
/// </remarks>
public sealed class FeedbackAlignmentRule : ErrorFeedbackRule
{
    private readonly WeightSource[] _feedback;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "feedback-alignment",
        "feedback alignment",
        "The error goes back layer by layer through fixed random weights.",
        "Lillicrap et al., Nat. Commun. 7:13276 (2016), arXiv 1411.0247",
        setup => new FeedbackAlignmentRule(setup))
    {
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Bₗ",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B random",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation",
            Memory = "Σ nₗ nₗ₊₁ feedback weights, none if regenerated",
            Pitfalls =
            [
                "The scale of B acts as a learning rate of the hidden layers. If it is too small they hardly change; if it is too large "
                + "they saturate.",
                "Large initial forward weights align slowly and poorly. Values near zero are best (docs/reproduction.md, scale-error and "
                + "scale-angle).",
                "Without the derivatives in between it is another rule (local-feedback-alignment).",
            ],
            Choices =
            [
                "The paper draws B uniformly and finds its scale by hand. Here the distribution and its scale are options; the default is "
                + "Glorot's uniform distribution.",
            ],
        },
    };

    /// <summary>Draws the feedback weights, to keep them or, if the setup says so, to draw them again at every step.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public FeedbackAlignmentRule(RuleSetup setup)
        : this(setup, setup.DrawFeedback(), isGiven: false)
    {
    }

    /// <summary>Takes given feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="feedback">
    /// Entry i has the shape of the weights of layer i and carries the error to layer i − 1; entry 0 is ignored.
    /// </param>
    /// <exception cref="ArgumentException">There is not one per layer, or one has the wrong shape.</exception>
    public FeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<WeightSource> feedback)
        : this(setup, feedback, isGiven: true)
    {
    }

    private FeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<WeightSource> feedback, bool isGiven)
        : base(setup)
    {
        _feedback = FeedbackWeights.LayerByLayer(feedback, Network);
        Feedback = FeedbackPath.LayerByLayer(_feedback);
        NoteGiven(isGiven ? _feedback[1..] : []);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    internal override bool ReadsOutputError => false;

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index], below);
}
