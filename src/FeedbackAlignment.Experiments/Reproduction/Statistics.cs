using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The tests that claims are judged with.</summary>
internal static class Statistics
{
    /// <summary>
    /// Two-sided p of Welch's t-test that two samples have one mean: variances may differ. 1 where it is undefined (fewer than two
    /// values, or no spread in either and equal means).
    /// </summary>
    public static double WelchP(Sample a, Sample b)
    {
        if (a.N < 2 || b.N < 2)
        {
            return 1;
        }

        var (va, vb) = (a.Values.Variance() / a.N, b.Values.Variance() / b.N);
        if (va + vb == 0)
        {
            return a.Mean == b.Mean ? 1 : 0;
        }

        var t = (a.Mean - b.Mean) / Math.Sqrt(va + vb);
        var freedom = (va + vb) * (va + vb) / (va * va / (a.N - 1) + vb * vb / (b.N - 1));
        return 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t));
    }

    /// <summary>Spearman's rank correlation.</summary>
    public static double Spearman(IEnumerable<double> a, IEnumerable<double> b) => Correlation.Spearman(a, b);
}
