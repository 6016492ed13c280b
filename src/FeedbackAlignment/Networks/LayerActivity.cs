using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// What a layer gives for a batch, and what its derivative needs of that: a rule that runs a layer by itself has one. Its memory is taken
/// when it is made; a step takes none.
/// </summary>
public sealed class LayerActivity
{
    private readonly WeightedLayer _layer;
    private readonly Matrix _outputs, _preActivations;
    private Matrix _input;

    /// <summary>Makes room.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    public LayerActivity(WeightedLayer layer, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(layer);
        _layer = layer;
        _outputs = new Matrix(maxBatch, layer.Outputs);
        _preActivations = layer.Activation.DerivativeNeedsInput ? new Matrix(maxBatch, layer.Outputs) : default;
    }

    /// <summary>batch × outputs: what the latest <see cref="Forward"/> gave. Valid until the next one.</summary>
    public Matrix Output { get; private set; }

    /// <summary>σ(W input + b), into <see cref="Output"/>.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <returns>batch × outputs.</returns>
    public Matrix Forward(Matrix input)
    {
        if (Output.Rows != input.Rows)
        {
            Output = _outputs.Top(input.Rows);
            _input = _preActivations.Rows == 0 ? default : _preActivations.Top(input.Rows);
        }

        if (_layer.Activation.DerivativeNeedsInput)
        {
            _layer.Integrate(input, _input);
            _layer.Activation.Apply(_input, Output, _layer.Map.Compute);
        }
        else
        {
            _layer.Forward(input, Output);
        }

        return Output;
    }

    /// <summary>error ← error ∘ σ′ at the latest outputs: from ∂loss/∂outputs to ∂loss/∂pre-activations, in place.</summary>
    /// <param name="error">batch × outputs.</param>
    /// <exception cref="ArgumentException">It has another shape, or is column-major.</exception>
    public void Localize(Matrix error) => _layer.Activation.MultiplyByDerivative(error, _input, Output, _layer.Map.Compute);
}
