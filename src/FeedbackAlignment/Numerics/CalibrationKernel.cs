using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The two limits of a core, each as plain as it can be: multiply-adds whose operands never leave the registers, and a walk over memory
/// that reads every vector once, multiplies it and writes it back.
/// </summary>
/// <remarks>
/// Twelve chains side by side: enough for four cycles of latency on two (or three) multiply-add units, and with the two factors all that
/// sixteen registers hold. The factors come from memory, so that the compiler cannot do the sums itself, and every product depends on the
/// chain, so that it cannot take one out of the loop. Compiled well at once: such a
/// loop is entered once and runs long, and what tiered compilation puts into it on the way keeps its chains in memory instead of registers.
/// </remarks>
internal static class CalibrationKernel<T>
    where T : struct, ILanes<T>
{
    /// <summary>Chains of multiply-adds that run side by side.</summary>
    public const int Chains = 12;

    /// <summary>Every chain, every lane: count ← count · one + one, so a lane counts its own multiply-adds.</summary>
    /// <param name="rounds">Multiply-adds in each chain.</param>
    /// <param name="one">The number 1.</param>
    /// <param name="counts">Receives the lanes of every chain, a vector each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count(int rounds, float one, Span<float> counts)
    {
        var (a, b) = (T.Broadcast(one), T.Broadcast(one));
        T s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = T.Broadcast(0);
        for (; rounds > 0; rounds--)
        {
            s0 = T.MultiplyAdd(s0, a, b);
            s1 = T.MultiplyAdd(s1, a, b);
            s2 = T.MultiplyAdd(s2, a, b);
            s3 = T.MultiplyAdd(s3, a, b);
            s4 = T.MultiplyAdd(s4, a, b);
            s5 = T.MultiplyAdd(s5, a, b);
            s6 = T.MultiplyAdd(s6, a, b);
            s7 = T.MultiplyAdd(s7, a, b);
            s8 = T.MultiplyAdd(s8, a, b);
            s9 = T.MultiplyAdd(s9, a, b);
            s10 = T.MultiplyAdd(s10, a, b);
            s11 = T.MultiplyAdd(s11, a, b);
        }

        s0.Store(ref counts[0]);
        s1.Store(ref counts[T.Count]);
        s2.Store(ref counts[2 * T.Count]);
        s3.Store(ref counts[3 * T.Count]);
        s4.Store(ref counts[4 * T.Count]);
        s5.Store(ref counts[5 * T.Count]);
        s6.Store(ref counts[6 * T.Count]);
        s7.Store(ref counts[7 * T.Count]);
        s8.Store(ref counts[8 * T.Count]);
        s9.Store(ref counts[9 * T.Count]);
        s10.Store(ref counts[10 * T.Count]);
        s11.Store(ref counts[11 * T.Count]);
    }

    /// <summary>line ← factor · line.</summary>
    /// <param name="line">Whole vectors, a multiple of 16 floats.</param>
    /// <param name="factor">The factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> line, float factor)
    {
        var c = T.Broadcast(factor);
        for (var i = 0; i < line.Length; i += T.Count)
        {
            (T.Load(ref line[i]) * c).Store(ref line[i]);
        }
    }
}
