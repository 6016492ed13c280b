using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Runs a network forward and keeps what every layer gave. Several passes over one network do not disturb each other.</summary>
public sealed class ForwardPass
{
    private readonly Network _network;
    private readonly Matrix[] _buffers;
    private readonly Matrix[] _outputs;

    /// <summary>Makes room.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples in a batch, ≥ 1.</param>
    public ForwardPass(Network network, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        _network = network;
        _buffers = [.. network.Layers.Select(layer => new Matrix(maxBatch, layer.Outputs))];
        _outputs = [.. _buffers];
        MaxBatch = maxBatch;
    }

    /// <summary>The most examples in a batch.</summary>
    public int MaxBatch { get; }

    /// <summary>What the layers gave, batch × outputs each, from the first layer on. Valid until the next run.</summary>
    public IReadOnlyList<Matrix> Outputs => _outputs;

    /// <summary>What the first layer was given, batch × inputs.</summary>
    public Matrix Input { get; private set; }

    /// <summary>What a layer was given: the network's input, or the layer below's outputs.</summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    public Matrix InputOf(int layer) => layer == 0 ? Input : _outputs[layer - 1];

    /// <summary>Runs the network.</summary>
    /// <param name="input">batch × inputs, at most <see cref="MaxBatch"/> rows.</param>
    /// <returns>batch × outputs. Valid until the next run.</returns>
    /// <exception cref="ArgumentException">The input has the wrong width or too many rows.</exception>
    public Matrix Run(Matrix input)
    {
        if (input.Columns != _network.Inputs || input.Rows > MaxBatch)
        {
            throw new ArgumentException($"input is {input.Shape}, must be at most {MaxBatch} × {_network.Inputs}", nameof(input));
        }

        Input = input;
        for (var i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = _buffers[i].Top(input.Rows);
            _network.Layers[i].Forward(InputOf(i), _outputs[i]);
        }

        return _outputs[^1];
    }
}
