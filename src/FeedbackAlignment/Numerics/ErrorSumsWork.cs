using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>Sums of each channel's errors over positions, in double, one for each block of examples; threads share the blocks.</summary>
internal sealed class ErrorSumsWork : SharedWork
{
    private const int Together = 16, Few = 8;

    private Matrix _error;
    private double[] _sums = [];
    private int _channels;

    /// <param name="error">batch × output pictures, row-major.</param>
    /// <param name="channels">Channels of a position.</param>
    public void Set(Matrix error, int channels)
    {
        (_error, _channels) = (error, channels);
        if (_sums.Length < Blocks * channels)
        {
            _sums = new double[Blocks * channels];
        }
    }

    /// <summary>How many blocks there are.</summary>
    public int Blocks => (_error.Rows + Convolution.ExamplesPerBlock - 1) / Convolution.ExamplesPerBlock;

    /// <summary>A block's sum of a channel.</summary>
    /// <param name="block">The block.</param>
    /// <param name="channel">The channel.</param>
    public double this[int block, int channel] => _sums[block * _channels + channel];

    public override void Run(int part, int parts)
    {
        var blocks = Strips.Of(Blocks, 1, part, parts);
        for (var block = blocks.From; block < blocks.To; block++)
        {
            var start = block * Convolution.ExamplesPerBlock;
            var examples = _error.Slice(start, Math.Min(Convolution.ExamplesPerBlock, _error.Rows - start));
            var sums = _sums.AsSpan(block * _channels, _channels);
            sums.Clear();
            for (var example = 0; example < examples.Rows; example++)
            {
                Add(examples.Row(example), sums);
            }
        }
    }

    /// <summary>Sixteen channels at a time, in four registers; of what is left over eight at a time.</summary>
    private void Add(Span<float> errors, Span<double> sums)
    {
        var channel = 0;
        for (; channel + Together <= _channels; channel += Together)
        {
            var into = sums.Slice(channel, Together);
            var (s0, s1, s2, s3) = (Load(into, 0), Load(into, 1), Load(into, 2), Load(into, 3));
            for (var place = channel; place < errors.Length; place += _channels)
            {
                ref var from = ref errors[place];
                var (e0, e1) = Vector256.Widen(Vector256.LoadUnsafe(ref from));
                var (e2, e3) = Vector256.Widen(Vector256.LoadUnsafe(ref from, 8));
                (s0, s1, s2, s3) = (s0 + e0, s1 + e1, s2 + e2, s3 + e3);
            }

            s0.CopyTo(into);
            s1.CopyTo(into[4..]);
            s2.CopyTo(into[8..]);
            s3.CopyTo(into[12..]);
        }

        for (; channel < _channels; channel += Few)
        {
            AddFew(errors, channel, sums[channel..Math.Min(channel + Few, _channels)]);
        }
    }

    /// <summary>
    /// At most eight channels. The vectors are whole: what they sum beyond these channels, which is the next position's, is dropped.
    /// </summary>
    private void AddFew(Span<float> errors, int channel, Span<double> sums)
    {
        Span<double> into = stackalloc double[Few];
        sums.CopyTo(into);
        var (s0, s1) = (Load(into, 0), Load(into, 1));
        var place = channel;
        for (; place + Few <= errors.Length; place += _channels)
        {
            var (e0, e1) = Vector256.Widen(Vector256.LoadUnsafe(ref errors[place]));
            (s0, s1) = (s0 + e0, s1 + e1);
        }

        s0.CopyTo(into);
        s1.CopyTo(into[4..]);
        for (; place < errors.Length; place += _channels)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                into[i] += errors[place + i];
            }
        }

        into[..sums.Length].CopyTo(sums);
    }

    private static Vector256<double> Load(ReadOnlySpan<double> from, int vector) => Vector256.Create(from.Slice(4 * vector, 4));
}
