using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FeedbackAlignment.Numerics;

/// <summary>Hints to the processor about memory. They change time, never a result.</summary>
internal static class Memory
{
    /// <summary>So many floats do not wait in the near caches until they are wanted again: 4 MB.</summary>
    public const int FarFloats = 1 << 20;

    /// <summary>
    /// Numbers that threads watch lie so many bytes from each other and from all else: two lines of the cache, for processors fetch
    /// pairs.
    /// </summary>
    public const int Apart = 128;

    /// <summary>Asks for floats to be brought into the first-level cache.</summary>
    /// <param name="first">The first float. Memory that moves meanwhile makes the hint useless and harms nothing.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch(ref float first, int count)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < count; i += Matrix.Granule)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref first.At(i)));
            }
        }
    }
}
