using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>A layer with weights in one pass.</summary>
/// <param name="layer">The layer.</param>
/// <param name="index">Its index among the network's layers with weights.</param>
internal abstract class LayerRun(WeightedLayer layer, int index) : ModuleRun
{
    /// <summary>The layer.</summary>
    public WeightedLayer Layer => layer;

    /// <summary>Its index among the network's layers with weights.</summary>
    public int Index => index;

    /// <summary>batch × inputs: what the weights learn from.</summary>
    public abstract Matrix Input { get; }

    /// <summary>error ← error ∘ σ′ at the latest outputs: from ∂loss/∂outputs to ∂loss/∂pre-activations, in place.</summary>
    /// <param name="error">batch × outputs.</param>
    public abstract void Localize(in Matrix error);

    /// <inheritdoc/>
    public sealed override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        if (!walk.IsOutput(this))
        {
            walk.Arrive(this, error);
            Localize(error);
            if (walk.IsTaught(layer))
            {
                layer.Gradient(Input, error, walk.Gradients);
            }
        }

        return isWanted ? walk.Cross(this, error) : default;
    }
}

/// <summary>A layer that answers at once.</summary>
/// <param name="layer">The layer.</param>
/// <param name="index">Its index among the network's layers with weights.</param>
/// <param name="maxBatch">The most examples in a batch.</param>
internal sealed class InstantLayerRun(WeightedLayer layer, int index, int maxBatch) : LayerRun(layer, index)
{
    private readonly LayerActivity _activity = new(layer, maxBatch);
    private Matrix _input;

    /// <inheritdoc/>
    public override Matrix Input => _input;

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        _input = input;
        _activity.Forward(input);

        // The outputs of as many examples lie in the same memory.
        if (Output.Rows != input.Rows)
        {
            Output = _activity.Output;
        }
    }

    /// <inheritdoc/>
    public override void Localize(in Matrix error) => _activity.Localize(error);

    /// <inheritdoc/>
    internal override void ReleaseInput() => _input = default;
}
