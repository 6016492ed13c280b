using System.Numerics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Arithmetic on the channels of a position. Channels do not depend on each other, so the width of vectors changes no bit. Lines need not
/// be whole vectors, for only whole examples are padded.
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

    /// <summary>sums ← sums + x.</summary>
    public static void AddTo(Span<double> sums, ReadOnlySpan<float> x)
    {
        var all = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        for (var i = 0; i < xs.Length; i++)
        {
            Vector.Widen(xs[i], out var low, out var high);
            all[2 * i] += low;
            all[2 * i + 1] += high;
        }

        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            sums[i] += x[i];
        }
    }

    /// <summary>sums ← sums + (x − mean)².</summary>
    public static void AddSquares(Span<double> sums, ReadOnlySpan<float> x, ReadOnlySpan<double> mean)
    {
        var all = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var means = MemoryMarshal.Cast<double, Vector<double>>(mean);
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        for (var i = 0; i < xs.Length; i++)
        {
            Vector.Widen(xs[i], out var low, out var high);
            (low, high) = (low - means[2 * i], high - means[2 * i + 1]);
            all[2 * i] += low * low;
            all[2 * i + 1] += high * high;
        }

        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            sums[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
        }
    }

    /// <summary>y ← (x − mean) · inverse, in double.</summary>
    public static void Normalize(ReadOnlySpan<float> x, ReadOnlySpan<double> mean, ReadOnlySpan<double> inverse, Span<float> y)
    {
        var means = MemoryMarshal.Cast<double, Vector<double>>(mean);
        var inverses = MemoryMarshal.Cast<double, Vector<double>>(inverse);
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < xs.Length; i++)
        {
            Vector.Widen(xs[i], out var low, out var high);
            ys[i] = Vector.Narrow((low - means[2 * i]) * inverses[2 * i], (high - means[2 * i + 1]) * inverses[2 * i + 1]);
        }

        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            y[i] = (float)((x[i] - mean[i]) * inverse[i]);
        }
    }

    /// <summary>y ← scale · x + shift, rounded once.</summary>
    public static void ScaleAndShift(ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var scales = MemoryMarshal.Cast<float, Vector<float>>(scale);
        var shifts = MemoryMarshal.Cast<float, Vector<float>>(shift);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < xs.Length; i++)
        {
            ys[i] = Vector.FusedMultiplyAdd(xs[i], scales[i], shifts[i]);
        }

        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            y[i] = float.FusedMultiplyAdd(x[i], scale[i], shift[i]);
        }
    }

    /// <summary>Adds e · n, e, s and s · n to four rows of sums, where s = e · scale is rounded to a float.</summary>
    /// <param name="error">e, for each channel.</param>
    /// <param name="normalized">n, for each channel.</param>
    /// <param name="scale">For each channel.</param>
    /// <param name="sums">Four times as many numbers.</param>
    public static void AddErrors(ReadOnlySpan<float> error, ReadOnlySpan<float> normalized, ReadOnlySpan<float> scale, Span<double> sums)
    {
        var channels = error.Length;
        Span<double> products = sums[..channels], errors = sums.Slice(channels, channels);
        Span<double> scaled = sums.Slice(2 * channels, channels), along = sums.Slice(3 * channels, channels);
        var allProducts = MemoryMarshal.Cast<double, Vector<double>>(products);
        var allErrors = MemoryMarshal.Cast<double, Vector<double>>(errors);
        var allScaled = MemoryMarshal.Cast<double, Vector<double>>(scaled);
        var allAlong = MemoryMarshal.Cast<double, Vector<double>>(along);
        var es = MemoryMarshal.Cast<float, Vector<float>>(error);
        var ns = MemoryMarshal.Cast<float, Vector<float>>(normalized);
        var scales = MemoryMarshal.Cast<float, Vector<float>>(scale);
        for (var i = 0; i < es.Length; i++)
        {
            Vector.Widen(es[i], out var lowError, out var highError);
            Vector.Widen(ns[i], out var lowNormalized, out var highNormalized);
            Vector.Widen(es[i] * scales[i], out var lowScaled, out var highScaled);
            allProducts[2 * i] += lowError * lowNormalized;
            allProducts[2 * i + 1] += highError * highNormalized;
            allErrors[2 * i] += lowError;
            allErrors[2 * i + 1] += highError;
            allScaled[2 * i] += lowScaled;
            allScaled[2 * i + 1] += highScaled;
            allAlong[2 * i] += lowScaled * lowNormalized;
            allAlong[2 * i + 1] += highScaled * highNormalized;
        }

        for (var i = es.Length * Vector<float>.Count; i < channels; i++)
        {
            var s = error[i] * scale[i];
            products[i] += (double)error[i] * normalized[i];
            errors[i] += error[i];
            scaled[i] += s;
            along[i] += (double)s * normalized[i];
        }
    }

    /// <summary>error ← (error · scale − mean − normalized · along) · inverse, in double behind the scale.</summary>
    public static void TakeOut(
        Span<float> error, ReadOnlySpan<float> normalized, ReadOnlySpan<float> scale, ReadOnlySpan<double> mean,
        ReadOnlySpan<double> along, ReadOnlySpan<double> inverse)
    {
        var means = MemoryMarshal.Cast<double, Vector<double>>(mean);
        var alongs = MemoryMarshal.Cast<double, Vector<double>>(along);
        var inverses = MemoryMarshal.Cast<double, Vector<double>>(inverse);
        var es = MemoryMarshal.Cast<float, Vector<float>>(error);
        var ns = MemoryMarshal.Cast<float, Vector<float>>(normalized);
        var scales = MemoryMarshal.Cast<float, Vector<float>>(scale);
        for (var i = 0; i < es.Length; i++)
        {
            Vector.Widen(es[i] * scales[i], out var low, out var high);
            Vector.Widen(ns[i], out var lowNormalized, out var highNormalized);
            es[i] = Vector.Narrow(
                (low - means[2 * i] - lowNormalized * alongs[2 * i]) * inverses[2 * i],
                (high - means[2 * i + 1] - highNormalized * alongs[2 * i + 1]) * inverses[2 * i + 1]);
        }

        for (var i = es.Length * Vector<float>.Count; i < error.Length; i++)
        {
            error[i] = (float)((error[i] * scale[i] - mean[i] - normalized[i] * along[i]) * inverse[i]);
        }
    }
}
