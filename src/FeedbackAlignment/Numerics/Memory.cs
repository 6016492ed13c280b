using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FeedbackAlignment.Numerics;

/// <summary>Hints to the processor about memory. They change time, never a result.</summary>
internal static class Memory
{
    /// <summary>Asks for floats to be brought into the first-level cache.</summary>
    /// <param name="first">The first float; the memory is pinned.</param>
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
