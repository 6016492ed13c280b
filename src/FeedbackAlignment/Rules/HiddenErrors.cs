using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// The error at every hidden layer as a rule sees it: ∂loss/∂(the layer's outputs), before the layer's own derivative — the paper's Δh.
/// Instruments compare two rules' by it.
/// </summary>
public sealed class HiddenErrors
{
    private readonly Matrix[] _buffers;
    private readonly Matrix[] _errors;

    /// <summary>Makes room.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    public HiddenErrors(Network network, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(network);
        _buffers = [.. network.Layers.SkipLast(1).Select(layer => new Matrix(maxBatch, layer.Outputs))];
        _errors = new Matrix[_buffers.Length];
    }

    /// <summary>Number of hidden layers.</summary>
    public int Count => _errors.Length;

    /// <summary>batch × units of a hidden layer; with no rows where the rule sends that layer no error.</summary>
    /// <param name="layer">Index of the hidden layer, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Matrix this[int layer] => _errors[Known(layer)];

    /// <summary>Forgets all errors.</summary>
    public void Clear() => Array.Clear(_errors);

    /// <summary>Keeps a copy of an error.</summary>
    /// <param name="layer">Index of the hidden layer, from 0.</param>
    /// <param name="error">batch × units.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or the batch is too large.</exception>
    /// <exception cref="ArgumentException">The error has another width than the layer.</exception>
    public void Set(int layer, Matrix error)
    {
        var copy = _buffers[Known(layer)].Top(error.Rows);
        copy.CopyFrom(error);
        _errors[layer] = copy;
    }

    private int Known(int layer) => Indices.Require(layer, Count, "hidden layers");
}
