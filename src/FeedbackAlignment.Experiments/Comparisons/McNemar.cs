using MathNet.Numerics.Distributions;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>
/// McNemar's exact test of two classifiers on the same examples: of the examples that only one of them misreads, is each as likely to be
/// the one's as the other's? Source: Q. McNemar, Psychometrika 12 (1947) 153; the exact form is the sign test.
/// </summary>
public static class McNemar
{
    /// <summary>Two-sided p, min(1, 2 P(X ≤ min(b, c))) with X binomial of b + c trials at ½; 1 if both are 0.</summary>
    /// <param name="onlyFirst">Examples that only the first misreads, b.</param>
    /// <param name="onlySecond">Examples that only the second misreads, c.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static double P(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var trials = onlyFirst + onlySecond;
        return trials == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, trials, Math.Min(onlyFirst, onlySecond)));
    }
}
