using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A layer with weights: it knows its own mathematics and no learning rule. What carries an error back through it is an argument:
/// its own weights (backpropagation), fixed random ones (feedback alignment), or whatever a rule likes.
/// </summary>
/// <remarks>
/// Two errors must be kept apart. The <em>error</em> at a layer is ∂loss/∂(its outputs h), one row per example. Its <em>local error</em> is
/// that times the derivative of its own activation, ∂loss/∂(its pre-activations z). <see cref="Localize"/> makes the one into the other;
/// what goes through weights and into gradients is always the local error, so a rule cannot forget the derivative.
/// </remarks>
public abstract class WeightedLayer
{
    private protected WeightedLayer(string name, int inputs, int outputs, Activation activation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(activation);
        (Name, Inputs, Outputs, Activation) = (name, inputs, outputs, activation);
    }

    /// <summary><c>hidden1</c>, <c>hidden2</c> … or <c>output</c>.</summary>
    public string Name { get; }

    /// <summary>Width of the input.</summary>
    public int Inputs { get; }

    /// <summary>Number of units.</summary>
    public int Outputs { get; }

    /// <summary>What the units do to their pre-activations.</summary>
    public Activation Activation { get; }

    /// <summary>The connections, outputs × inputs: element [i, j] leads from input j to unit i.</summary>
    public abstract Parameter Weights { get; }

    /// <summary>One number per unit; null for a layer without.</summary>
    public abstract Parameter? Biases { get; }

    /// <summary>The weights, and the biases if there are any.</summary>
    public IEnumerable<Parameter> Parameters => Biases is null ? [Weights] : [Weights, Biases];

    /// <summary>output = σ(input · Wᵀ + b).</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="output">batch × outputs; receives the result.</param>
    public abstract void Forward(Matrix input, Matrix output);

    /// <summary>output = input · Wᵀ + b, without the activation: the current that spikes bring.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="output">batch × outputs; receives the result.</param>
    internal abstract void Integrate(Matrix input, Matrix output);

    /// <summary>error ← error ∘ σ′: from ∂loss/∂outputs to ∂loss/∂pre-activations, in place.</summary>
    /// <param name="error">batch × outputs.</param>
    /// <param name="output">batch × outputs: what <see cref="Forward"/> gave.</param>
    public abstract void Localize(Matrix error, Matrix output);

    /// <summary>below = localError · through: the error at this layer's inputs, as seen through the given weights.</summary>
    /// <param name="localError">batch × outputs: ∂loss/∂pre-activations.</param>
    /// <param name="through">outputs × inputs: the weights to send the error through.</param>
    /// <param name="below">batch × inputs; receives the error at the outputs of the layer below.</param>
    public abstract void Backward(Matrix localError, Matrix through, Matrix below);

    /// <summary>
    /// The same through weights that are learned, with the same bits. One example at a time it is faster than asking for their values.
    /// </summary>
    /// <param name="localError">batch × outputs: ∂loss/∂pre-activations.</param>
    /// <param name="through">outputs × inputs: the layer's own weights, or others of their shape.</param>
    /// <param name="below">batch × inputs; receives the error at the outputs of the layer below.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public abstract void Backward(Matrix localError, Parameter through, Matrix below);

    /// <summary>The same through weights that are drawn on the way, with the same bits.</summary>
    /// <param name="localError">batch × outputs.</param>
    /// <param name="through">outputs × inputs.</param>
    /// <param name="below">batch × inputs; receives the error.</param>
    internal abstract void Backward(Matrix localError, DrawnMatrix through, Matrix below);

    /// <summary>The gradient of the mean loss: local error ⊗ input, averaged over the batch. The same for every rule.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="localError">batch × outputs: ∂loss/∂pre-activations.</param>
    /// <param name="into">Receives it.</param>
    public abstract void Gradient(Matrix input, Matrix localError, Gradients into);

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add(Identity.Kind, Kind);
        identity.Add("inputs", Inputs);
        identity.Add("outputs", Outputs);
        identity.Add("activation", Activation.Id);
        identity.Add("bias", Biases is not null);
        identity.Add("connections", Weights.Connections is { } present ? Fingerprint.Of(present) : "all");
    }

    /// <summary>What kind of layer it is, in files.</summary>
    private protected abstract string Kind { get; }

    /// <summary>A layer of the same shape, activation and connections, with weights and biases of its own, all 0.</summary>
    internal abstract WeightedLayer Twin();

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Inputs}-{Outputs} {Activation}";
}
