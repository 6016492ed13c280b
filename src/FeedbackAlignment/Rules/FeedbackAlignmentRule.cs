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
    private readonly Matrix[] _feedback;

    /// <summary>Draws the feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public FeedbackAlignmentRule(RuleSetup setup)
        : this(setup, setup.DrawFeedback())
    {
    }

    /// <summary>Takes given feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="feedback">Entry i, outputs × inputs of layer i, carries the error to layer i − 1; entry 0 is ignored.</param>
    /// <exception cref="ArgumentException">There is not one matrix per layer, or one has the wrong shape.</exception>
    public FeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<Matrix> feedback)
        : base(setup)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        _feedback = FeedbackWeights.Require(feedback, Network.Layers, layer => layer.Outputs);
        Feedback = [.. Network.Layers.Skip(1).Select((_, i) => new FeedbackPath(i + 1, i, _feedback[i + 1]))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index], below);
}
