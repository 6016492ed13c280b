using System.Numerics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Arithmetic on the channels of an example's positions. Channels do not depend on each other, and a sum goes over the positions in their
/// order, so the width of vectors changes no bit. A few channels at a time go over all positions, so that what belongs to a channel stays
/// in registers.
/// </summary>
internal static class ChannelLines
{
    /// <summary>x ← x + y.</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < ys.Length; i++)
        {
            xs[i] += ys[i];
        }

        for (var i = ys.Length * Vector<float>.Count; i < y.Length; i++)
        {
            x[i] += y[i];
        }
    }

    /// <summary>x ← factor · x.</summary>
    public static void Multiply(Span<float> x, float factor)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        for (var i = 0; i < xs.Length; i++)
        {
            xs[i] *= factor;
        }

        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }

    /// <summary>sums ← Σ x, for each channel.</summary>
    /// <param name="x">Positions × channels.</param>
    /// <param name="sums">A number for each channel.</param>
    public static void Sum(ReadOnlySpan<float> x, Span<double> sums)
    {
        var channels = sums.Length;
        ref var from = ref MemoryMarshal.GetReference(x);
        var channel = 0;
        for (; channel + Vector<float>.Count <= channels; channel += Vector<float>.Count)
        {
            var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
            for (var at = channel; at < x.Length; at += channels)
            {
                Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)at), out var first, out var second);
                (low, high) = (low + first, high + second);
            }

            low.CopyTo(sums[channel..]);
            high.CopyTo(sums[(channel + Vector<double>.Count)..]);
        }

        for (; channel < channels; channel++)
        {
            var sum = 0.0;
            for (var at = channel; at < x.Length; at += channels)
            {
                sum += x[at];
            }

            sums[channel] = sum;
        }
    }

    /// <summary>sums ← Σ (x − mean)², for each channel.</summary>
    /// <param name="x">Positions × channels.</param>
    /// <param name="mean">A number for each channel.</param>
    /// <param name="sums">A number for each channel.</param>
    public static void SumSquares(ReadOnlySpan<float> x, ReadOnlySpan<double> mean, Span<double> sums)
    {
        var channels = sums.Length;
        ref var from = ref MemoryMarshal.GetReference(x);
        var channel = 0;
        for (; channel + Vector<float>.Count <= channels; channel += Vector<float>.Count)
        {
            var (lowMean, highMean) = Two(mean, channel);
            var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
            for (var at = channel; at < x.Length; at += channels)
            {
                Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)at), out var first, out var second);
                (first, second) = (first - lowMean, second - highMean);
                (low, high) = (low + first * first, high + second * second);
            }

            low.CopyTo(sums[channel..]);
            high.CopyTo(sums[(channel + Vector<double>.Count)..]);
        }

        for (; channel < channels; channel++)
        {
            var sum = 0.0;
            for (var at = channel; at < x.Length; at += channels)
            {
                sum += (x[at] - mean[channel]) * (x[at] - mean[channel]);
            }

            sums[channel] = sum;
        }
    }

    /// <summary>y ← (x − mean) · inverse in double, rounded to a float, and output ← scale · y + shift.</summary>
    /// <param name="x">Positions × channels.</param>
    /// <param name="mean">A number for each channel; so have the next three.</param>
    /// <param name="inverse">What to multiply by.</param>
    /// <param name="scale">What the output is multiplied by.</param>
    /// <param name="shift">What is added.</param>
    /// <param name="y">Positions × channels.</param>
    /// <param name="output">Positions × channels.</param>
    public static void Normalize(
        ReadOnlySpan<float> x, ReadOnlySpan<double> mean, ReadOnlySpan<double> inverse, ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift, Span<float> y, Span<float> output)
    {
        if (Lanes.AreSeparate)
        {
            Normalize<Separate>(x, mean, inverse, scale, shift, y, output);
        }
        else
        {
            Normalize<Fused>(x, mean, inverse, scale, shift, y, output);
        }
    }

    /// <summary>output ← scale · x + shift, for one position.</summary>
    /// <param name="x">A number for each channel; so have the others.</param>
    /// <param name="scale">What it is multiplied by.</param>
    /// <param name="shift">What is added.</param>
    /// <param name="output">Receives the result.</param>
    public static void ScaleAndShift(ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> output)
    {
        if (Lanes.AreSeparate)
        {
            ScaleAndShift<Separate>(x, scale, shift, output);
        }
        else
        {
            ScaleAndShift<Fused>(x, scale, shift, output);
        }
    }

    /// <summary>Σ e · n, Σ e, Σ s and Σ s · n, for each channel, where s = e · scale is rounded to a float.</summary>
    /// <param name="error">e: positions × channels.</param>
    /// <param name="normalized">n: positions × channels.</param>
    /// <param name="scale">A number for each channel.</param>
    /// <param name="sums">Four numbers for each channel, sum by sum; receives them.</param>
    public static void SumErrors(ReadOnlySpan<float> error, ReadOnlySpan<float> normalized, ReadOnlySpan<float> scale, Span<double> sums)
    {
        var channels = scale.Length;
        Span<double> products = sums[..channels], errors = sums.Slice(channels, channels);
        Span<double> scaled = sums.Slice(2 * channels, channels), along = sums.Slice(3 * channels, channels);
        ref var e = ref MemoryMarshal.GetReference(error);
        ref var n = ref MemoryMarshal.GetReference(normalized);
        var (channel, half) = (0, Vector<double>.Count);
        for (; channel + Vector<float>.Count <= channels; channel += Vector<float>.Count)
        {
            var factor = new Vector<float>(scale[channel..]);
            Vector<double> lowProducts = default, highProducts = default, lowErrors = default, highErrors = default;
            Vector<double> lowScaled = default, highScaled = default, lowAlong = default, highAlong = default;
            for (var at = channel; at < error.Length; at += channels)
            {
                var one = Vector.LoadUnsafe(ref e, (nuint)at);
                Vector.Widen(one, out var lowError, out var highError);
                Vector.Widen(Vector.LoadUnsafe(ref n, (nuint)at), out var lowNormalized, out var highNormalized);
                Vector.Widen(one * factor, out var low, out var high);
                lowProducts += lowError * lowNormalized;
                highProducts += highError * highNormalized;
                lowErrors += lowError;
                highErrors += highError;
                lowScaled += low;
                highScaled += high;
                lowAlong += low * lowNormalized;
                highAlong += high * highNormalized;
            }

            lowProducts.CopyTo(products[channel..]);
            highProducts.CopyTo(products[(channel + half)..]);
            lowErrors.CopyTo(errors[channel..]);
            highErrors.CopyTo(errors[(channel + half)..]);
            lowScaled.CopyTo(scaled[channel..]);
            highScaled.CopyTo(scaled[(channel + half)..]);
            lowAlong.CopyTo(along[channel..]);
            highAlong.CopyTo(along[(channel + half)..]);
        }

        for (; channel < channels; channel++)
        {
            var (product, sum, scaledSum, alongSum) = (0.0, 0.0, 0.0, 0.0);
            for (var at = channel; at < error.Length; at += channels)
            {
                var s = error[at] * scale[channel];
                product += (double)error[at] * normalized[at];
                sum += error[at];
                scaledSum += s;
                alongSum += (double)s * normalized[at];
            }

            (products[channel], errors[channel], scaled[channel], along[channel]) = (product, sum, scaledSum, alongSum);
        }
    }

    /// <summary>error ← (error · scale − mean − normalized · along) · inverse, in double behind the scale.</summary>
    /// <param name="error">Positions × channels.</param>
    /// <param name="normalized">Positions × channels.</param>
    /// <param name="scale">A number for each channel; so have the others.</param>
    /// <param name="mean">What is taken out of all alike.</param>
    /// <param name="along">What is taken out along the normalized numbers.</param>
    /// <param name="inverse">What to multiply by.</param>
    public static void TakeOut(
        Span<float> error, ReadOnlySpan<float> normalized, ReadOnlySpan<float> scale, ReadOnlySpan<double> mean,
        ReadOnlySpan<double> along, ReadOnlySpan<double> inverse)
    {
        var channels = scale.Length;
        ref var e = ref MemoryMarshal.GetReference(error);
        ref var n = ref MemoryMarshal.GetReference(normalized);
        var channel = 0;
        for (; channel + Vector<float>.Count <= channels; channel += Vector<float>.Count)
        {
            var ((lowMean, highMean), (lowInverse, highInverse)) = (Two(mean, channel), Two(inverse, channel));
            var ((lowAlong, highAlong), factor) = (Two(along, channel), new Vector<float>(scale[channel..]));
            for (var at = channel; at < error.Length; at += channels)
            {
                Vector.Widen(Vector.LoadUnsafe(ref e, (nuint)at) * factor, out var low, out var high);
                Vector.Widen(Vector.LoadUnsafe(ref n, (nuint)at), out var lowNormalized, out var highNormalized);
                Vector.Narrow(
                    (low - lowMean - lowNormalized * lowAlong) * lowInverse, (high - highMean - highNormalized * highAlong) * highInverse)
                    .StoreUnsafe(ref e, (nuint)at);
            }
        }

        for (; channel < channels; channel++)
        {
            for (var at = channel; at < error.Length; at += channels)
            {
                error[at] = (float)((error[at] * scale[channel] - mean[channel] - normalized[at] * along[channel]) * inverse[channel]);
            }
        }
    }

    private static void Normalize<TArithmetic>(
        ReadOnlySpan<float> x, ReadOnlySpan<double> mean, ReadOnlySpan<double> inverse, ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift, Span<float> y, Span<float> output)
        where TArithmetic : struct, IArithmetic
    {
        var channels = mean.Length;
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var normalized = ref MemoryMarshal.GetReference(y);
        ref var to = ref MemoryMarshal.GetReference(output);
        var channel = 0;
        for (; channel + Vector<float>.Count <= channels; channel += Vector<float>.Count)
        {
            var ((lowMean, highMean), (lowInverse, highInverse)) = (Two(mean, channel), Two(inverse, channel));
            var (factor, added) = (new Vector<float>(scale[channel..]), new Vector<float>(shift[channel..]));
            for (var at = channel; at < x.Length; at += channels)
            {
                Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)at), out var first, out var second);
                var value = Vector.Narrow((first - lowMean) * lowInverse, (second - highMean) * highInverse);
                value.StoreUnsafe(ref normalized, (nuint)at);
                TArithmetic.MultiplyAdd(value, factor, added).StoreUnsafe(ref to, (nuint)at);
            }
        }

        for (; channel < channels; channel++)
        {
            for (var at = channel; at < x.Length; at += channels)
            {
                y[at] = (float)((x[at] - mean[channel]) * inverse[channel]);
                output[at] = TArithmetic.MultiplyAdd(y[at], scale[channel], shift[channel]);
            }
        }
    }

    private static void ScaleAndShift<TArithmetic>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> output)
        where TArithmetic : struct, IArithmetic
    {
        var i = 0;
        for (; i + Vector<float>.Count <= x.Length; i += Vector<float>.Count)
        {
            TArithmetic.MultiplyAdd(new(x[i..]), new Vector<float>(scale[i..]), new(shift[i..])).CopyTo(output[i..]);
        }

        for (; i < x.Length; i++)
        {
            output[i] = TArithmetic.MultiplyAdd(x[i], scale[i], shift[i]);
        }
    }

    private static (Vector<double> Low, Vector<double> High) Two(ReadOnlySpan<double> numbers, int channel)
        => (new(numbers[channel..]), new(numbers[(channel + Vector<double>.Count)..]));
}
