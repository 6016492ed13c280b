using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The pass of an ordinary network: layer by layer, and at once.</summary>
internal sealed class InstantPass : ForwardPass
{
    private readonly IReadOnlyList<WeightedLayer> _layers;
    private readonly Matrix[] _buffers;
    private readonly Matrix[] _outputs;
    private Matrix _input;

    public InstantPass(Network network, int maxBatch)
        : base(network, maxBatch)
    {
        _layers = network.Layers;
        _buffers = [.. _layers.Select(layer => new Matrix(maxBatch, layer.Outputs))];
        _outputs = [.. _buffers];
    }

    public override IReadOnlyList<Matrix> Outputs => _outputs;

    internal override void ReleaseInput() => _input = default;

    private protected override Matrix Input(int layer) => layer == 0 ? _input : _outputs[layer - 1];

    private protected override void Advance(Matrix input)
    {
        _input = input;
        for (var i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = _buffers[i].Top(input.Rows);
            _layers[i].Forward(Input(i), _outputs[i]);
        }
    }
}
