using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>Copies a few floats and nothing beside them, with less ado than memory of any length needs.</summary>
internal static class Line
{
    /// <param name="from">The first float.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="length">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref float from, ref float to, int length)
    {
        // The last vector ends with the last float, and may copy some twice.
        if (length >= Vector256<float>.Count)
        {
            for (var i = 0; i + Vector256<float>.Count <= length; i += Vector256<float>.Count)
            {
                Vector256.LoadUnsafe(ref from.At(i)).StoreUnsafe(ref to.At(i));
            }

            var last = length - Vector256<float>.Count;
            Vector256.LoadUnsafe(ref from.At(last)).StoreUnsafe(ref to.At(last));
        }
        else if (length >= Vector128<float>.Count)
        {
            var last = length - Vector128<float>.Count;
            Vector128.LoadUnsafe(ref from).StoreUnsafe(ref to);
            Vector128.LoadUnsafe(ref from.At(last)).StoreUnsafe(ref to.At(last));
        }
        else
        {
            for (var i = 0; i < length; i++)
            {
                to.At(i) = from.At(i);
            }
        }
    }
}
