using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The way of an error back through a network, as modules see it. It knows the rule: it takes errors across weights, and brings those that
/// come straight from the output.
/// </summary>
public abstract class Walk
{
    private protected Walk()
    {
    }

    /// <summary>The gradients of this batch, for modules with parameters.</summary>
    /// <exception cref="InvalidOperationException">No walk is under way.</exception>
    public abstract Gradients Gradients { get; }

    /// <summary>Whether a layer is the output layer, whose own gradient is taken before the walk begins.</summary>
    internal abstract bool IsOutput(LayerRun layer);

    /// <summary>
    /// Whether a module with parameters of its own gets gradients; by default all do. Where none does, nobody needs the error.
    /// </summary>
    internal virtual bool IsTaught(Module module) => true;

    /// <summary>Says that a layer has its error, before its derivative goes into that.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="error">batch × outputs; must be left as it is.</param>
    internal abstract void Arrive(LayerRun layer, in Matrix error);

    /// <summary>Takes an error across a layer's weights, as the rule does it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="localError">batch × outputs: its local error.</param>
    /// <returns>batch × inputs.</returns>
    internal abstract Matrix Cross(LayerRun layer, in Matrix localError);

    /// <summary>
    /// Takes an error across a layer's weights as the rule does it, for a module that uses them at several time steps. It may come once for
    /// each step, from the last to the first.
    /// </summary>
    /// <param name="layer">A layer of the network.</param>
    /// <param name="step">The time step, from 0.</param>
    /// <param name="localError">batch × outputs of the layer: its local error at that step.</param>
    /// <param name="input">batch × inputs of the layer at that step.</param>
    /// <param name="below">batch × inputs of the layer; receives the error, all of it.</param>
    public abstract void Cross(WeightedLayer layer, int step, Matrix localError, Matrix input, Matrix below);

    /// <summary>
    /// Gives a layer's weights and biases, and the feedback weights that serve them, their gradients from all time steps at once. Comes
    /// once for a batch.
    /// </summary>
    /// <param name="layer">A layer of the network.</param>
    /// <param name="localErrors">rows × outputs of the layer, an example's steps in rows of their own.</param>
    /// <param name="inputs">rows × inputs of the layer.</param>
    public abstract void Learn(WeightedLayer layer, Matrix localErrors, Matrix inputs);

    /// <summary>Whether the error at a site is brought from the output, so that nobody needs the one that comes from above.</summary>
    /// <param name="site">Index of the site; −1 for no site.</param>
    internal abstract bool IsBrought(int site);

    /// <summary>Brings the error to a site.</summary>
    /// <param name="site">Index of the site.</param>
    /// <param name="activity">batch × units of the site: what the weights above it learn from.</param>
    /// <returns>batch × units.</returns>
    internal abstract Matrix Bring(int site, in Matrix activity);
}
