using MathNet.Numerics.Distributions;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>What Wilcoxon's signed-rank test found.</summary>
/// <param name="RankSum">The sum of the ranks of positive differences (R's V).</param>
/// <param name="Ranked">Differences that are not zero.</param>
/// <param name="Zeros">Differences that are zero, which have no rank.</param>
/// <param name="P">Two-sided p.</param>
/// <param name="LeastP">The smallest two-sided p that so many ranked differences can give.</param>
/// <param name="IsExact">Whether p is exact; beyond <see cref="WilcoxonSignedRank.MostExact"/> differences it is approximate.</param>
public sealed record SignedRankResult(double RankSum, int Ranked, int Zeros, double P, double LeastP, bool IsExact);

/// <summary>
/// Wilcoxon's signed-rank test. Zeros are left out before ranking, as Wilcoxon did; equal sizes share their mean rank. p is exact: it
/// counts all 2ⁿ signs of the ranks that are there, ties and all. Source: F. Wilcoxon, Biometrics Bulletin 1 (1945) 80.
/// </summary>
public static class WilcoxonSignedRank
{
    /// <summary>Up to so many differences p is exact; the count grows with their third power.</summary>
    public const int MostExact = 200;

    /// <summary>Sizes closer than this share of the numbers that were subtracted are equal but for rounding.</summary>
    private const double TieShare = 1e-12;

    /// <summary>The test.</summary>
    /// <param name="differences">The differences; ±∞ is a difference beyond all others. None may be NaN.</param>
    /// <param name="size">The greatest size of the numbers that were subtracted; it says which differences are equal.</param>
    /// <returns>Null if no difference is left after the zeros.</returns>
    /// <exception cref="ArgumentException">A difference is NaN.</exception>
    public static SignedRankResult? Test(IReadOnlyList<double> differences, double size)
    {
        ArgumentNullException.ThrowIfNull(differences);
        if (differences.Any(double.IsNaN))
        {
            throw new ArgumentException("a difference is NaN, must be a number", nameof(differences));
        }

        double[] ranked = [.. differences.Where(value => value != 0).OrderBy(Math.Abs)];
        if (ranked.Length == 0)
        {
            return null;
        }

        var doubled = DoubledRanks(ranked, TieShare * size);
        var positive = ranked.Zip(doubled).Where(rank => rank.First > 0).Sum(rank => (long)rank.Second);
        var isExact = ranked.Length <= MostExact;
        var tail = Math.Min(positive, doubled.Sum(rank => (long)rank) - positive);
        return new(positive / 2.0, ranked.Length, differences.Count - ranked.Length,
            isExact ? Exact(doubled, (int)tail) : Approximate(doubled, tail), LeastP(ranked.Length), isExact);
    }

    /// <summary>The smallest two-sided p: all signs alike, 2 · 2⁻ⁿ.</summary>
    /// <param name="ranked">Differences that are not zero, ≥ 0.</param>
    public static double LeastP(int ranked) => Math.Min(1, Math.ScaleB(2, -ranked));

    /// <summary>The least number of differences whose smallest p is at most this.</summary>
    /// <param name="level">The level, in 0 … 1.</param>
    public static int LeastCount(double level)
    {
        var count = 1;
        while (LeastP(count) > level)
        {
            count++;
        }

        return count;
    }

    /// <summary>Twice the mean ranks, which are whole numbers, in the order of the sizes.</summary>
    private static int[] DoubledRanks(double[] ranked, double tolerance)
    {
        var doubled = new int[ranked.Length];
        for (var start = 0; start < ranked.Length;)
        {
            var end = start + 1;
            while (end < ranked.Length && AreEqual(Math.Abs(ranked[end - 1]), Math.Abs(ranked[end]), tolerance))
            {
                end++;
            }

            // Ranks start + 1 … end share their mean, (start + 1 + end) ∕ 2.
            doubled.AsSpan(start, end - start).Fill(start + 1 + end);
            start = end;
        }

        return doubled;
    }

    private static bool AreEqual(double less, double more, double tolerance) => less == more || more - less <= tolerance;

    /// <summary>
    /// 2 P(sum ≤ tail): the distribution of the sum of ranks over all signs, rank by rank. Only sums of like sign are added.
    /// </summary>
    private static double Exact(int[] doubled, int tail)
    {
        var chances = new double[tail + 1];
        chances[0] = 1;
        foreach (var rank in doubled)
        {
            for (var sum = tail; sum >= 0; sum--)
            {
                chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
            }
        }

        return Math.Min(1, 2 * chances.Sum());
    }

    /// <summary>The normal approximation: the variance is Σ rank² ∕ 4, ties and all; half a step is taken off for continuity.</summary>
    private static double Approximate(int[] doubled, long tail)
    {
        var (middle, variance) = (doubled.Sum(rank => (double)rank) / 4, doubled.Sum(rank => (double)rank * rank) / 16);
        return Math.Min(1, 2 * Normal.CDF(mean: 0, stddev: 1, Math.Min(0, ((tail / 2.0) - middle + 0.5) / Math.Sqrt(variance))));
    }
}
