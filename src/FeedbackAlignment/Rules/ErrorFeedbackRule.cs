using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule that sends an error back, layer by layer. The walk is written here once: the output layer's gradient is exact, every hidden
/// layer's error passes through its own derivative, and every gradient is local error × input. What varies is one line,
/// <see cref="PropagateError"/>.
/// </summary>
public abstract class ErrorFeedbackRule : LearningRule
{
    private readonly Matrix _allErrors;
    private readonly Matrix[] _errors;

    /// <summary>Makes room for the errors of all hidden layers, side by side.</summary>
    /// <param name="setup">Network, loss, batch size, random streams.</param>
    protected ErrorFeedbackRule(RuleSetup setup)
        : base(setup)
        => (_allErrors, _errors) = Matrix.SideBySide(setup.MaxBatch, [.. setup.Network.Layers.SkipLast(1).Select(layer => layer.Outputs)]);

    /// <summary>batch × outputs: the targets of the rule's latest batch.</summary>
    protected Matrix Targets { get; private set; }

    /// <inheritdoc/>
    public sealed override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out var outputError);
        Targets = batch.Targets;
        BeginWalk(outputError, _allErrors.Top(batch.Count));
        var error = outputError;
        for (var index = Network.Layers.Count - 1; index > 0; index--)
        {
            var below = _errors[index - 1].Top(batch.Count);
            var crossing = new Crossing(index, Network.Layers[index], error, outputError);
            PropagateError(crossing, below);
            LearnFeedback(crossing, gradients);
            Arrive(index - 1, below);
            hiddenErrors?.Set(index - 1, below);

            var layer = Network.Layers[index - 1];
            layer.Localize(below, Pass.Outputs[index - 1]);
            layer.Gradient(Pass.InputOf(index - 1), below, gradients);
            error = below;
        }

        return loss;
    }

    /// <summary>
    /// Comes before the first crossing; by default does nothing. A rule whose errors all follow from the output's can compute them here
    /// at once.
    /// </summary>
    /// <param name="outputError">batch × outputs of the network: the output layer's local error.</param>
    /// <param name="allBelow">
    /// batch × (the hidden layers' units side by side, each layer's from a multiple of 16 on): where all errors will stand.
    /// </param>
    private protected virtual void BeginWalk(Matrix outputError, Matrix allBelow)
    {
    }

    /// <summary>Comes when a hidden layer has its error, before the layer's derivative goes into that; by default does nothing.</summary>
    /// <param name="layer">Index of the hidden layer, from 0.</param>
    /// <param name="error">batch × units of the layer: the error at its outputs. It must be left as it is.</param>
    internal virtual void Arrive(int layer, Matrix error)
    {
    }

    /// <summary>As a part of a mixture: begins its walk, with buffers of its own.</summary>
    internal void Begin(Matrix outputError, Matrix targets)
    {
        Targets = targets;
        BeginWalk(outputError, _allErrors.Top(outputError.Rows));
    }

    /// <summary>
    /// As a part of a mixture: brings the error down one layer. What it made at the beginning of the walk stands there first.
    /// </summary>
    internal void Cross(in Crossing at, Matrix below)
    {
        below.CopyFrom(_errors[at.Index - 1].Top(below.Rows));
        PropagateError(at, below);
    }

    /// <summary>As a part of a mixture: gives the feedback weights of a crossing their gradient.</summary>
    internal void Learn(in Crossing at, Gradients gradients) => LearnFeedback(at, gradients);

    /// <summary>Brings the error from a layer to the outputs of the layer below it.</summary>
    /// <param name="at">Where the walk is.</param>
    /// <param name="below">batch × inputs of the layer; receives the error. All of it must be written.</param>
    protected abstract void PropagateError(in Crossing at, Matrix below);

    /// <summary>
    /// Gives the feedback weights that the error has just come through their gradient, if they are <see cref="LearningRule.Parameters"/>;
    /// by default does nothing. What it needs is at the crossing, and what goes into the layer is <c>Pass.InputOf(at.Index)</c>.
    /// </summary>
    /// <param name="at">Where the walk is.</param>
    /// <param name="gradients">Receives the gradient.</param>
    protected virtual void LearnFeedback(in Crossing at, Gradients gradients)
    {
    }
}

/// <summary>A place in the walk back: an error stands above a layer and must get below it.</summary>
/// <param name="Index">Index of the layer, 1 … last.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Error">batch × outputs of the layer: its local error, ∂loss/∂pre-activations as this rule sees it.</param>
/// <param name="OutputError">batch × outputs of the network: the output layer's local error, which is exact.</param>
public readonly record struct Crossing(int Index, WeightedLayer Layer, Matrix Error, Matrix OutputError);
