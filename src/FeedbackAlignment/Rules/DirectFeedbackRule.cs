using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule that sends one signal from the output straight to every hidden layer, each through a fixed matrix of its own, Δhₗ = Bₗ s. What
/// varies is the signal s and how the matrices are drawn.
/// </summary>
public abstract class DirectFeedbackRule : ErrorFeedbackRule
{
    private readonly Matrix _allFeedback;
    private readonly DrawnMatrix[]? _regenerated;
    private Matrix _signal;

    /// <summary>Draws the feedback weights, to keep them or, if the setup says so, to draw them again at every step.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    protected DirectFeedbackRule(RuleSetup setup)
        : base(setup)
    {
        if (setup.Feedback.Regenerate)
        {
            _regenerated = setup.RegenerateDirectFeedback();
            Feedback = FeedbackWeights.Direct(_regenerated);
        }
        else
        {
            (_allFeedback, Feedback) = Keep(setup.DrawDirectFeedback());
        }
    }

    /// <summary>Takes given feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="feedback">Entry i, network outputs × inputs of layer i, carries the signal to layer i − 1; entry 0 is ignored.</param>
    /// <exception cref="ArgumentException">There is not one matrix per layer, or one has the wrong shape.</exception>
    protected DirectFeedbackRule(RuleSetup setup, IReadOnlyList<Matrix> feedback)
        : base(setup)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        (_allFeedback, Feedback) = Keep(FeedbackWeights.Require(feedback, Network.Layers, _ => Network.Outputs));
        NoteGiven(feedback.Skip(1));
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <summary>What is sent, in the sign of an error: by default the error itself.</summary>
    /// <param name="outputError">batch × outputs of the network: the output layer's local error. It must be left as it is.</param>
    /// <returns>batch × outputs of the network.</returns>
    protected virtual Matrix Signal(Matrix outputError) => outputError;

    /// <summary>
    /// All layers' errors in one product, Δh₁ | Δh₂ | … = s (B₁ | B₂ | …): none of them waits for another. Matrices that are not kept do
    /// not lie side by side either; each has its product when the walk comes to its layer.
    /// </summary>
    private protected sealed override void BeginWalk(Matrix outputError, Matrix allBelow)
    {
        if (Feedback.Count == 0)
        {
            return;
        }

        _signal = Signal(outputError);
        if (_regenerated is null)
        {
            Network.Compute.Product(_signal, _allFeedback, allBelow);
        }
    }

    /// <inheritdoc/>
    protected sealed override void PropagateError(in Crossing at, Matrix below)
    {
        if (_regenerated is not null)
        {
            at.Layer.Backward(_signal, through: _regenerated[at.Index - 1], below);
        }
    }

    /// <summary>The matrices side by side, and the paths through them.</summary>
    private (Matrix, IReadOnlyList<FeedbackPath>) Keep(Matrix[] feedback)
    {
        var (whole, parts) = Matrix.SideBySide(Network.Outputs, [.. Network.Layers.Skip(1).Select(layer => layer.Inputs)]);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].CopyFrom(feedback[i + 1]);
        }

        return (whole, FeedbackWeights.Direct(parts));
    }
}
