using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule that sends an error back, layer by layer. What varies is one line, <see cref="PropagateError"/>: the weights that the error goes
/// through on its way down. <see cref="ErrorRule"/> does the rest.
/// </summary>
/// <param name="setup">Network, loss, batch size, random streams.</param>
public abstract class ErrorFeedbackRule(RuleSetup setup) : ErrorRule(setup)
{
    /// <summary>Whether the rule reads <see cref="Crossing.Arrived"/>, which otherwise nobody keeps.</summary>
    internal virtual bool NeedsArrivedError => false;

    /// <summary>Brings the error from a layer to the outputs of the layer below it.</summary>
    /// <param name="at">Where the walk is.</param>
    /// <param name="below">batch × inputs of the layer; receives the error. All of it must be written.</param>
    protected abstract void PropagateError(in Crossing at, Matrix below);

    /// <summary>
    /// Gives the feedback weights that the error has just come through their gradient, if they are <see cref="LearningRule.Parameters"/>;
    /// by default does nothing.
    /// </summary>
    /// <param name="at">Where the walk is.</param>
    /// <param name="gradients">Receives the gradient.</param>
    protected virtual void LearnFeedback(in Crossing at, Gradients gradients)
    {
    }

    /// <summary>Takes the error across a layer, for the walk.</summary>
    internal void Cross(in Crossing at, Matrix below) => PropagateError(at, below);

    /// <summary>Learns from what crossed a layer, from all time steps at once.</summary>
    internal void Learn(in Crossing at, Gradients gradients) => LearnFeedback(at, gradients);
}

/// <summary>A place in the walk back: an error stands above a layer and must get below it.</summary>
/// <param name="Index">Index of the layer, 1 … last.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Error">batch × outputs of the layer: its local error, ∂loss/∂pre-activations as this rule sees it.</param>
/// <param name="Arrived">
/// batch × outputs of the layer: the error as it arrived, before the layer's derivative. For the output layer, and for rules that do not
/// ask for it, it is <paramref name="Error"/>.
/// </param>
/// <param name="Input">batch × inputs of the layer: what its weights learn from.</param>
/// <param name="OutputError">batch × outputs of the network: the output layer's local error, which is exact.</param>
public readonly record struct Crossing(int Index, WeightedLayer Layer, Matrix Error, Matrix Arrived, Matrix Input, Matrix OutputError)
{
    /// <summary>The time step, from 0; 0 where the layer is used once.</summary>
    public int Step { get; init; }
}
