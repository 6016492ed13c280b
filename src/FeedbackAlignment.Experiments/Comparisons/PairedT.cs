using FeedbackAlignment.Experiments.Records;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>Student's t-test of paired differences, and the effect size that goes with it.</summary>
public static class PairedT
{
    /// <summary>A spread below this share of the numbers themselves is what rounding leaves of equal differences.</summary>
    private const double RoundingShare = 10 * 2.220446049250313e-16;

    /// <summary>
    /// t = mean ∕ (s ∕ √n) with n − 1 degrees of freedom, and its two-sided p. Null where it is undefined: fewer than two differences, or
    /// no spread beyond rounding. A t of equal differences would be infinite and its p 0, which no few seeds can show.
    /// </summary>
    /// <param name="differences">The differences.</param>
    /// <param name="size">The greatest size of the numbers that were subtracted; it says what rounding may leave.</param>
    public static (double T, double P)? Test(IReadOnlyList<double> differences, double size)
    {
        ArgumentNullException.ThrowIfNull(differences);
        if (Summary.Of(differences.Select(value => (double?)value)) is not { Count: > 1, Deviation: { } deviation } summary
            || !HasSpread(deviation, summary.Count, size))
        {
            return null;
        }

        var t = summary.Mean / (deviation / Math.Sqrt(summary.Count));
        return (t, Math.Min(1, 2 * StudentT.CDF(location: 0, scale: 1, freedom: summary.Count - 1, x: -Math.Abs(t))));
    }

    /// <summary>
    /// d_z = mean ∕ s of the differences, times Hedges' correction for small samples J(n − 1). Null where J or d_z is undefined: fewer
    /// than three differences, or no spread beyond rounding. Source: L. V. Hedges, Journal of Educational Statistics 6 (1981) 107.
    /// </summary>
    /// <param name="differences">The differences.</param>
    /// <param name="size">The greatest size of the numbers that were subtracted.</param>
    public static double? EffectSize(IReadOnlyList<double> differences, double size)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return Summary.Of(differences.Select(value => (double?)value)) is { Count: > 2, Deviation: { } deviation } summary
            && HasSpread(deviation, summary.Count, size) ? Hedges(summary.Count - 1) * summary.Mean / deviation : null;
    }

    /// <summary>J(m) = Γ(m∕2) ∕ (√(m∕2) Γ((m − 1)∕2)): the share of d that is left when its bias is taken away.</summary>
    /// <param name="freedom">Degrees of freedom m, ≥ 2.</param>
    internal static double Hedges(int freedom)
        => Math.Exp(SpecialFunctions.GammaLn(freedom / 2.0) - SpecialFunctions.GammaLn((freedom - 1) / 2.0)) / Math.Sqrt(freedom / 2.0);

    private static bool HasSpread(double deviation, int count, double size)
        => deviation > 0 && deviation / Math.Sqrt(count) >= RoundingShare * size;
}
