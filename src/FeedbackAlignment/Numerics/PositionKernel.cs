using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// A product from a picture of planes to few channels: lanes run along the positions, where along the channels most would be idle. Each
/// element is the chain of an <see cref="OffsetProduct"/>, in the same order.
/// </summary>
/// <param name="phase">Where the positions are.</param>
/// <typeparam name="T">One vector.</typeparam>
internal readonly ref struct PositionKernel<T>(PicturePhase phase)
    where T : struct, ILanes<T>
{
    private const int Together = 3;

    private readonly ReadOnlySpan<int> _starts = phase.Vectors!.Starts, _inner = phase.Inner;

    /// <summary>Tiles of six or four channels and three vectors.</summary>
    /// <param name="planes">The picture.</param>
    /// <param name="right">Terms × channels, row-major.</param>
    /// <param name="rightStep">Floats from one term to the next.</param>
    /// <param name="begin">For each channel, what its chains start from.</param>
    /// <param name="channels">How many.</param>
    /// <param name="results">For each channel the lanes of all vectors.</param>
    /// <param name="step">Floats from one channel to the next.</param>
    public void Run(ref float planes, ref float right, int rightStep, ReadOnlySpan<float> begin, int channels, ref float results, int step)
    {
        for (var channel = 0; channel < channels;)
        {
            var isSix = T.Registers >= 32 && channels - channel > 4;
            var count = Math.Min(isSix ? 6 : 4, channels - channel);
            for (var vector = 0; vector < _starts.Length; vector += Together)
            {
                // The last vector stands in for those that are missing, and the last channel.
                ref var into = ref results.At(channel * step + vector * T.Count);
                var second = Math.Min(1, _starts.Length - 1 - vector);
                var third = Math.Min(2, _starts.Length - 1 - vector);
                ref var x0 = ref planes.At((nint)_starts[vector]);
                ref var x1 = ref planes.At((nint)_starts[vector + second]);
                ref var x2 = ref planes.At((nint)_starts[vector + third]);
                if (isSix)
                {
                    Six(ref x0, ref x1, ref x2, ref right.At(channel), rightStep, begin[channel..], count,
                        ref into, second * T.Count, third * T.Count, step);
                }
                else
                {
                    Four(ref x0, ref x1, ref x2, ref right.At(channel), rightStep, begin[channel..], count,
                        ref into, second * T.Count, third * T.Count, step);
                }
            }

            channel += count;
        }
    }

    private void Six(
        ref float x0, ref float x1, ref float x2, ref float right, nint rightStep, ReadOnlySpan<float> begin, int count, ref float into,
        int second, int third, int step)
    {
        nint sixth = Math.Min(5, count - 1);
        var (b0, b1, b2) = (T.Broadcast(begin[0]), T.Broadcast(begin[1]), T.Broadcast(begin[2]));
        var (b3, b4, b5) = (T.Broadcast(begin[3]), T.Broadcast(begin[4]), T.Broadcast(begin[(int)sixth]));
        T s00 = b0, s01 = b0, s02 = b0, s10 = b1, s11 = b1, s12 = b1, s20 = b2, s21 = b2, s22 = b2;
        T s30 = b3, s31 = b3, s32 = b3, s40 = b4, s41 = b4, s42 = b4, s50 = b5, s51 = b5, s52 = b5;
        ref var w = ref right;
        ref var inner = ref MemoryMarshal.GetReference(_inner);
        for (var left = _inner.Length; left > 0; left--)
        {
            nint at = inner;
            var (y0, y1, y2) = (T.Load(ref x0.At(at)), T.Load(ref x1.At(at)), T.Load(ref x2.At(at)));
            var x = T.Broadcast(w);
            T.AddProduct(ref s00, x, y0);
            T.AddProduct(ref s01, x, y1);
            T.AddProduct(ref s02, x, y2);
            x = T.Broadcast(w.At(1));
            T.AddProduct(ref s10, x, y0);
            T.AddProduct(ref s11, x, y1);
            T.AddProduct(ref s12, x, y2);
            x = T.Broadcast(w.At(2));
            T.AddProduct(ref s20, x, y0);
            T.AddProduct(ref s21, x, y1);
            T.AddProduct(ref s22, x, y2);
            x = T.Broadcast(w.At(3));
            T.AddProduct(ref s30, x, y0);
            T.AddProduct(ref s31, x, y1);
            T.AddProduct(ref s32, x, y2);
            x = T.Broadcast(w.At(4));
            T.AddProduct(ref s40, x, y0);
            T.AddProduct(ref s41, x, y1);
            T.AddProduct(ref s42, x, y2);
            x = T.Broadcast(w.At(sixth));
            T.AddProduct(ref s50, x, y0);
            T.AddProduct(ref s51, x, y1);
            T.AddProduct(ref s52, x, y2);
            w = ref w.At(rightStep);
            inner = ref Unsafe.Add(ref inner, 1);
        }

        Store(ref into, second, third, s00, s01, s02);
        Store(ref into.At(step), second, third, s10, s11, s12);
        Store(ref into.At(2 * step), second, third, s20, s21, s22);
        Store(ref into.At(3 * step), second, third, s30, s31, s32);
        Store(ref into.At(4 * step), second, third, s40, s41, s42);
        Store(ref into.At(sixth * step), second, third, s50, s51, s52);
    }

    private void Four(
        ref float x0, ref float x1, ref float x2, ref float right, nint rightStep, ReadOnlySpan<float> begin, int count, ref float into,
        int second, int third, int step)
    {
        nint first = Math.Min(1, count - 1), next = Math.Min(2, count - 1), last = count - 1;
        var (b0, b1) = (T.Broadcast(begin[0]), T.Broadcast(begin[(int)first]));
        var (b2, b3) = (T.Broadcast(begin[(int)next]), T.Broadcast(begin[(int)last]));
        T s00 = b0, s01 = b0, s02 = b0, s10 = b1, s11 = b1, s12 = b1, s20 = b2, s21 = b2, s22 = b2, s30 = b3, s31 = b3, s32 = b3;
        ref var w = ref right;
        ref var inner = ref MemoryMarshal.GetReference(_inner);
        for (var left = _inner.Length; left > 0; left--)
        {
            nint at = inner;
            var (y0, y1, y2) = (T.Load(ref x0.At(at)), T.Load(ref x1.At(at)), T.Load(ref x2.At(at)));
            var x = T.Broadcast(w);
            T.AddProduct(ref s00, x, y0);
            T.AddProduct(ref s01, x, y1);
            T.AddProduct(ref s02, x, y2);
            x = T.Broadcast(w.At(first));
            T.AddProduct(ref s10, x, y0);
            T.AddProduct(ref s11, x, y1);
            T.AddProduct(ref s12, x, y2);
            x = T.Broadcast(w.At(next));
            T.AddProduct(ref s20, x, y0);
            T.AddProduct(ref s21, x, y1);
            T.AddProduct(ref s22, x, y2);
            x = T.Broadcast(w.At(last));
            T.AddProduct(ref s30, x, y0);
            T.AddProduct(ref s31, x, y1);
            T.AddProduct(ref s32, x, y2);
            w = ref w.At(rightStep);
            inner = ref Unsafe.Add(ref inner, 1);
        }

        Store(ref into, second, third, s00, s01, s02);
        Store(ref into.At(first * step), second, third, s10, s11, s12);
        Store(ref into.At(next * step), second, third, s20, s21, s22);
        Store(ref into.At(last * step), second, third, s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float into, int second, int third, T s0, T s1, T s2)
    {
        s0.Store(ref into);
        s1.Store(ref into.At(second));
        s2.Store(ref into.At(third));
    }
}
