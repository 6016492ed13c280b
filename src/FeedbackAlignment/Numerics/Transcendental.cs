using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// e^x and what follows from it, made of operations that IEEE 754 fixes to the bit: the same on every processor and at every vector
/// width, which neither libm nor the framework's vector functions promise.
/// </summary>
internal static class Transcendental
{
    /// <summary>e^x within 2 units in the last place for x in −87.3 … 88; x is first brought into that range. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        // x = n ln 2 + r, |r| ≤ ½ ln 2: the polynomial of Cephes' expf on r, then 2^n put into the exponent.
        x = T.Max(T.Min(x, T.Broadcast(88f)), T.Broadcast(-87.3f));
        var n = T.Round(x * T.Broadcast(1.44269504f));
        var r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        var p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        return T.MultiplyAdd(p, r * r, r + T.Broadcast(1f)) * T.PowerOfTwo(n);
    }

    /// <summary>1 ∕ (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Logistic<T>(T x)
        where T : struct, ILanes<T>
        => T.Broadcast(1f) / (T.Broadcast(1f) + Exp(T.Broadcast(0f) - x));

    /// <summary>tanh x: a polynomial near 0, where 1 − 2∕(e^2x + 1) would lose all digits, and that formula elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        var square = x * x;
        var p = T.Broadcast(-5.70498872745e-3f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.06390887954e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.33314422036e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-3.33332819422e-1f));
        var near = T.MultiplyAdd(p * square, x, x);

        var magnitude = T.Absolute(x);
        var far = T.Broadcast(1f) - T.Broadcast(2f) / (Exp(magnitude + magnitude) + T.Broadcast(1f));
        far = T.WhereLess(x, T.Broadcast(0f), T.Broadcast(0f) - far, far);
        return T.WhereLess(magnitude, T.Broadcast(0.625f), near, far);
    }

    /// <summary>ln(1 + u) within 2 units in the last place for u in 0 … 1. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogOnePlus<T>(T u)
        where T : struct, ILanes<T>
    {
        // 2 artanh s with s = u ∕ (u + 2) ≤ ⅓, as a power series; what is left out is below 2⁻²⁵ of it.
        var s = u / (u + T.Broadcast(2f));
        var square = s * s;
        var p = T.Broadcast(1f / 13);
        p = T.MultiplyAdd(p, square, T.Broadcast(1f / 11));
        p = T.MultiplyAdd(p, square, T.Broadcast(1f / 9));
        p = T.MultiplyAdd(p, square, T.Broadcast(1f / 7));
        p = T.MultiplyAdd(p, square, T.Broadcast(1f / 5));
        p = T.MultiplyAdd(p, square, T.Broadcast(1f / 3));
        var twice = s + s;
        return T.MultiplyAdd(p * square, twice, twice);
    }

    /// <summary>
    /// Φ(x) = ½ (1 + erf(x ∕ √2)), the probability that a standard normal number is below x, to 1.9 · 10⁻⁷; and e^(−x² ∕ 2).
    /// NaN stays NaN.
    /// </summary>
    /// <param name="x">Any number.</param>
    /// <param name="bell">Receives e^(−x² ∕ 2).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Normal<T>(T x, out T bell)
        where T : struct, ILanes<T>
    {
        // Φ(−|x|) = e^(−x² ∕ 2) · t · p(2t − 1) with t = 1 ∕ (1 + 0.28 |x|): p is the Chebyshev series of the scaled complementary error
        // function, cut where it is 7 · 10⁻⁹ of it.
        bell = Exp(x * x * T.Broadcast(-0.5f));
        var t = T.Broadcast(1f) / T.MultiplyAdd(T.Absolute(x), T.Broadcast(0.28f), T.Broadcast(1f));
        var s = t + t - T.Broadcast(1f);
        var p = T.Broadcast(-1.412881496e-5f);
        p = T.MultiplyAdd(p, s, T.Broadcast(-7.802677092e-7f));
        p = T.MultiplyAdd(p, s, T.Broadcast(1.339324497e-4f));
        p = T.MultiplyAdd(p, s, T.Broadcast(4.449716425e-5f));
        p = T.MultiplyAdd(p, s, T.Broadcast(-1.004779534e-3f));
        p = T.MultiplyAdd(p, s, T.Broadcast(-1.487601454e-3f));
        p = T.MultiplyAdd(p, s, T.Broadcast(6.383797681e-3f));
        p = T.MultiplyAdd(p, s, T.Broadcast(3.533297966e-2f));
        p = T.MultiplyAdd(p, s, T.Broadcast(9.141783480e-2f));
        p = T.MultiplyAdd(p, s, T.Broadcast(1.602589852e-1f));
        p = T.MultiplyAdd(p, s, T.Broadcast(2.089352616e-1f));
        var tail = bell * t * p;
        return T.WhereLess(x, T.Broadcast(0f), tail, T.Broadcast(1f) - tail);
    }
}
