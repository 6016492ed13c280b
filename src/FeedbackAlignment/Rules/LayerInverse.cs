using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What undoes a layer f, as well as it has learned to: g(h) = σ(V h + c), σ the activation of the layer below. It learns to bring back
/// what the layer below may give, disturbed by noise: ½‖g(f(x)) − x‖², x = h + ε.
/// </summary>
internal sealed class LayerInverse
{
    private readonly WeightedLayer _layer;
    private readonly WeightedLayer _decoder;
    private readonly LayerActivity _back;
    private readonly Matrix _target, _corrupted, _encoded, _error;

    /// <param name="layer">The layer to undo.</param>
    /// <param name="below">The layer below it.</param>
    /// <param name="initial">outputs × inputs of the layer: the transpose of the initial V.</param>
    /// <param name="connections">outputs × inputs of the layer: 1 where V has a connection; null: it has all.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="compute">Does the products.</param>
    public LayerInverse(WeightedLayer layer, WeightedLayer below, Matrix initial, Matrix? connections, int maxBatch, Compute compute)
    {
        _layer = layer;
        _decoder = WeightedLayer.Dense(
            $"{layer.Name}.inverse", layer.Outputs, layer.Inputs, below.Activation, below.Biases is not null, compute,
            connections?.Transposed);
        _decoder.Weights.Read().CopyFrom(initial.Transposed);
        (_target, _encoded) = (new Matrix(maxBatch, layer.Outputs), new Matrix(maxBatch, layer.Outputs));
        (_corrupted, _error) = (new Matrix(maxBatch, layer.Inputs), new Matrix(maxBatch, layer.Inputs));
        _back = new LayerActivity(_decoder, maxBatch);
    }

    /// <summary>V and c.</summary>
    public IEnumerable<Parameter> Parameters => _decoder.Parameters;

    /// <summary>outputs × inputs of the layer: Vᵀ.</summary>
    public WeightSource Weights => new TransposedWeights(_decoder.Weights);

    /// <summary>
    /// below = g(h) − g(h − missing): how far the layer below is from its target, given how far this layer is from its own.
    /// </summary>
    /// <param name="outputs">batch × outputs of the layer: h.</param>
    /// <param name="missing">batch × outputs of the layer: h minus its target.</param>
    /// <param name="below">batch × inputs of the layer; receives it.</param>
    public void PullBack(Matrix outputs, Matrix missing, Matrix below)
    {
        var target = _target.Top(outputs.Rows);
        target.CopyFrom(outputs);
        Elementwise.Map(target, missing, new AddScaled(-1));
        _decoder.Forward(outputs, below);
        Elementwise.Map(below, _back.Forward(target), new AddScaled(-1));
    }

    /// <summary>Draws x = h + ε of one example.</summary>
    /// <param name="example">Its number in the batch.</param>
    /// <param name="below">What the layer below gave for it: h.</param>
    /// <param name="deviation">Standard deviation of ε.</param>
    /// <param name="random">The stream to draw from.</param>
    public void Corrupt(int example, ReadOnlySpan<float> below, double deviation, RandomStream random)
    {
        var corrupted = _corrupted.Row(example);
        for (var i = 0; i < corrupted.Length; i++)
        {
            corrupted[i] = (float)(below[i] + deviation * random.NextNormal());
        }
    }

    /// <summary>The gradient of weight · ½‖g(f(x)) − x‖², averaged over the batch, for V and c.</summary>
    /// <param name="batch">The examples, which have all been drawn.</param>
    /// <param name="weight">What the loss counts.</param>
    /// <param name="gradients">Receives it.</param>
    public void Learn(in Batch batch, float weight, Gradients gradients)
    {
        var examples = batch.Count;
        var (corrupted, encoded, error) = (_corrupted.Top(examples), _encoded.Top(examples), _error.Top(examples));
        _layer.Forward(corrupted, encoded);
        error.CopyFrom(_back.Forward(encoded));
        Elementwise.Map(error, corrupted, new AddScaled(-1));
        Elementwise.Map(error, new Scale(weight));
        batch.ClearMasked(error);
        _back.Localize(error);
        _decoder.Gradient(encoded, error, gradients);
    }
}
