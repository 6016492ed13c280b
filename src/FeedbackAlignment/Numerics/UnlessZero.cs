using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Arithmetic with a factor that has no term where it is 0, without a branch: the processor cannot guess where the zeros are.
/// </summary>
internal static class UnlessZero
{
    /// <summary>x · y + sum; the sum itself where x is 0, which is where its magnitude is below the least there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd<T>(T x, T y, T sum)
        where T : struct, ILanes<T>
        => T.WhereLess(T.Absolute(x), T.Broadcast(float.Epsilon), sum, T.MultiplyAdd(x, y, sum));
}
