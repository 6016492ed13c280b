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
}
