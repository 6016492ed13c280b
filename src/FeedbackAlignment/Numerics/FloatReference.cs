using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>Walking memory by reference, which needs neither bounds checks nor pinning.</summary>
internal static class FloatReference
{
    /// <summary>The float <paramref name="distance"/> places on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float At(this ref float start, int distance) => ref Unsafe.Add(ref start, distance);

    /// <summary>The same; in the innermost loops, where widening an index would cost as much as the arithmetic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float At(this ref float start, nint distance) => ref Unsafe.Add(ref start, distance);

    /// <summary>x ≠ 0, by its bits without the sign, which the processor compares faster than two numbers that may be none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNotZero(this float x) => BitConverter.SingleToInt32Bits(x) << 1 != 0;
}
