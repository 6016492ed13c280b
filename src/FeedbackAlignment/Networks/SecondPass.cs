using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A batch a second time through a network that learns, with something changed: dropout leaves the same units out as in the first pass, and
/// batch normalization takes the statistics of this pass. It leaves no trace: running statistics and the places of streams are those after
/// the first pass.
/// </summary>
internal sealed class SecondPass
{
    private readonly ForwardPass _first, _second;
    private readonly ulong[] _places;
    private readonly (Matrix Values, Matrix Kept)[] _buffers;

    /// <param name="network">The network, which answers at once.</param>
    /// <param name="first">Its first pass.</param>
    /// <param name="streams">The training's random numbers.</param>
    /// <param name="instead">Makes another run than a module's own, or none (null).</param>
    public SecondPass(
        Network network, ForwardPass first, RandomStreams streams, Func<Module, RunSetup, ModuleRun?>? instead = null)
    {
        (_first, _second) = (first, new InstantPass(network, first.MaxBatch, streams, instead));
        _places = new ulong[first.Noise.Count];
        _buffers = [.. network.Buffers.Select(buffer => (buffer.Values, buffer.Values.Copy()))];
    }

    /// <summary>Comes before the first pass: notes which masks that will have.</summary>
    public void BeforeTheFirst()
    {
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = _first.Noise[i].Position;
        }
    }

    /// <summary>Comes after the first pass.</summary>
    /// <param name="inputs">batch × inputs, those of the first pass.</param>
    /// <returns>batch × outputs. Valid until the next run.</returns>
    public Matrix Run(Matrix inputs)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            _second.Noise[i].Position = _places[i];
        }

        foreach (var (values, kept) in _buffers)
        {
            kept.CopyFrom(values);
        }

        var outputs = _second.Run(inputs);
        foreach (var (values, kept) in _buffers)
        {
            values.CopyFrom(kept);
        }

        return outputs;
    }
}
