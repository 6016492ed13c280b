using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Probes;

/// <summary>The angle between two vectors, from the signed cosine, so 0 … 180 degrees: arccos(a·b ∕ (‖a‖ ‖b‖)).</summary>
public static class Angle
{
    /// <summary>The angle between two vectors.</summary>
    /// <param name="a">A vector.</param>
    /// <param name="b">Another of the same length.</param>
    /// <returns>Degrees; null where it is undefined: a vector is zero or has a number that is not finite.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double? Degrees(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        => a.Length == b.Length
            ? Degrees(Reductions.Dot(a, b), Reductions.Dot(a, a), Reductions.Dot(b, b))
            : throw new ArgumentException($"one vector has {a.Length} numbers, the other {b.Length}: an angle needs as many in both", nameof(b));

    /// <summary>The angle between two matrices of the same shape, taken as vectors.</summary>
    /// <param name="a">A matrix.</param>
    /// <param name="b">Another of the same shape; the order in memory may differ.</param>
    /// <returns>Degrees; null where it is undefined.</returns>
    public static double? Degrees(Matrix a, Matrix b)
        => Degrees(Reductions.Dot(a, b), Reductions.Dot(a, a), Reductions.Dot(b, b));

    /// <summary>‖a‖ ∕ ‖b‖; null where b is zero or a number is not finite.</summary>
    /// <param name="a">A matrix.</param>
    /// <param name="b">Another.</param>
    internal static double? NormRatio(Matrix a, Matrix b)
    {
        var ratio = Math.Sqrt(Reductions.Dot(a, a) / Reductions.Dot(b, b));
        return double.IsFinite(ratio) ? ratio : null;
    }

    /// <summary>‖a‖ ∕ √parts; null where a number is not finite.</summary>
    /// <param name="a">A matrix.</param>
    /// <param name="parts">How many equal parts it has, of which one is wanted.</param>
    internal static double? Norm(Matrix a, int parts = 1)
    {
        var norm = Math.Sqrt(Reductions.Dot(a, a) / parts);
        return double.IsFinite(norm) ? norm : null;
    }

    private static double? Degrees(double dot, double aSquared, double bSquared)
    {
        // The root of the product, not the product of the roots: it gives exactly 1 for equal vectors. Squares of floats cannot overflow it.
        var cosine = dot / Math.Sqrt(aSquared * bSquared);
        return double.IsFinite(cosine) ? Math.Acos(Math.Clamp(cosine, -1, 1)) * (180 / Math.PI) : null;
    }
}
