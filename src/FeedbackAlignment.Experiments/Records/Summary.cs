using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>What is said of some numbers, one per seed.</summary>
/// <param name="Count">How many numbers, ≥ 1.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (divided by <paramref name="Count"/> − 1); null for one number.</param>
/// <param name="HalfWidth">Half the width of the mean's 95 % t-interval, t₀.₉₇₅(n − 1) · s ∕ √n; null for one number.</param>
public sealed record Summary(int Count, double Mean, double? Deviation, double? HalfWidth)
{
    /// <summary>The lower end of the 95 % interval; null for one number.</summary>
    public double? Low => Mean - HalfWidth;

    /// <summary>The upper end of the 95 % interval; null for one number.</summary>
    public double? High => Mean + HalfWidth;

    /// <summary>Summarizes the numbers that are there and finite.</summary>
    /// <param name="values">The numbers; null, infinite and not-a-number ones are passed over.</param>
    /// <returns>Null if no number is left.</returns>
    public static Summary? Of(IEnumerable<double?> values)
    {
        double[] numbers = [.. values.OfType<double>().Where(double.IsFinite)];
        if (numbers.Length == 0)
        {
            return null;
        }

        if (numbers.Length == 1)
        {
            return new Summary(1, numbers[0], null, null);
        }

        var deviation = numbers.StandardDeviation();
        var quantile = StudentT.InvCDF(location: 0, scale: 1, freedom: numbers.Length - 1, p: 0.975);
        return new Summary(numbers.Length, numbers.Mean(), deviation, quantile * deviation / Math.Sqrt(numbers.Length));
    }
}
