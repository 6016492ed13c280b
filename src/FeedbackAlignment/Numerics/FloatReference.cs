using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>Walking memory by reference, which needs neither bounds checks nor pinning.</summary>
internal static class FloatReference
{
    /// <summary>The float <paramref name="distance"/> places on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float At(this ref float start, int distance) => ref Unsafe.Add(ref start, distance);
}
