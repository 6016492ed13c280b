using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule that brings every hidden layer an error straight from the output. What varies is the signal that is sent and one line,
/// <see cref="BringError"/>: the weights that it goes through. <see cref="ErrorRule"/> does the rest.
/// </summary>
/// <param name="setup">Network, loss, batch size, random streams.</param>
public abstract class BroadcastRule(RuleSetup setup) : ErrorRule(setup)
{
    private Matrix _signal;

    /// <summary>Where it brings its errors, from the input up; <see cref="Site.Index"/> counts them.</summary>
    internal IReadOnlyList<NetworkSite> Sites { get; } = SitesOf(setup);

    /// <summary>What is sent, once a batch, in the sign of an error: by default the error itself.</summary>
    /// <param name="outputError">batch × outputs of the network: the output layer's local error. It must be left as it is.</param>
    /// <param name="targets">batch × outputs of the network. They must be left as they are.</param>
    /// <returns>batch × outputs of the network.</returns>
    protected virtual Matrix Signal(Matrix outputError, Matrix targets) => outputError;

    /// <summary>Brings a hidden layer its error.</summary>
    /// <param name="at">The hidden layer.</param>
    /// <param name="signal">batch × outputs of the network: what <see cref="Signal"/> gave.</param>
    /// <param name="error">batch × units of the layer; receives the error. All of it must be written.</param>
    protected abstract void BringError(in Site at, Matrix signal, Matrix error);

    /// <summary>
    /// Gives the feedback weights of a hidden layer their gradient, if they are <see cref="LearningRule.Parameters"/>; by default does
    /// nothing.
    /// </summary>
    /// <param name="at">The hidden layer.</param>
    /// <param name="signal">batch × outputs of the network: what went through the weights.</param>
    /// <param name="gradients">Receives the gradient.</param>
    protected virtual void LearnFeedback(in Site at, Matrix signal, Gradients gradients)
    {
    }

    /// <summary>
    /// Brings all hidden layers their errors at once, where that is faster; the bits are those of <see cref="BringError"/>. By default it
    /// does not.
    /// </summary>
    /// <param name="signal">batch × outputs of the network.</param>
    /// <param name="errors">Receive the errors.</param>
    /// <returns>Whether it did.</returns>
    private protected virtual bool TryBringAll(Matrix signal, in SiteErrors errors) => false;

    private static IReadOnlyList<NetworkSite> SitesOf(RuleSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return setup.Sites;
    }

    /// <inheritdoc/>
    protected override void BeginBatch(Matrix outputError, Matrix targets) => _signal = Signal(outputError, targets);

    /// <summary>Brings all errors at once if it can.</summary>
    internal bool TryBringAll(in SiteErrors errors) => TryBringAll(_signal, errors);

    /// <summary>Brings one error.</summary>
    internal void Bring(in Site at, Matrix error) => BringError(at, _signal, error);

    /// <summary>Learns from the error that was brought.</summary>
    internal void Learn(in Site at, Gradients gradients) => LearnFeedback(at, _signal, gradients);
}

/// <summary>A place to which a broadcast rule brings an error: a hidden layer, or where <see cref="FeedbackSites"/> has one.</summary>
/// <param name="Index">Its index among the rule's sites, from 0; in a chain the index of the hidden layer.</param>
/// <param name="FromOutputs">
/// How feedback weights connect its units and the network's outputs: an error goes back from there to here.
/// </param>
/// <param name="Activity">
/// batch × units: what the weights above learn from, the layer's outputs. In a spiking network these are low-pass filtered spikes.
/// </param>
public readonly record struct Site(int Index, LinearMap FromOutputs, Matrix Activity);
