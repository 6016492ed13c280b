using MathNet.Numerics.Statistics;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The same quantity in several runs.</summary>
internal sealed class Sample
{
    private readonly double[] _values;

    /// <param name="values">One number per run.</param>
    public Sample(IEnumerable<double> values)
    {
        _values = [.. values];
        N = _values.Length;
    }

    private Sample(double value, int runs) => (_values, N) = ([value], runs);

    public IReadOnlyList<double> Values => _values;

    /// <summary>Runs.</summary>
    public int N { get; }

    public double Mean => _values.Mean();

    public double Median => _values.Median();

    /// <summary>Standard deviation, with n − 1; null for fewer than two values.</summary>
    public double? Sd => _values.Length < 2 ? null : _values.StandardDeviation();

    /// <summary>The decimal logarithm of each.</summary>
    public Sample Log10() => new(_values.Select(Math.Log10));

    /// <summary>Each times a factor.</summary>
    public Sample Times(double factor) => new(_values.Select(value => value * factor));

    /// <summary>One number that several runs have led to together, such as a ratio of means.</summary>
    /// <param name="value">The number.</param>
    /// <param name="runs">How many runs.</param>
    public static Sample Of(double value, int runs = 1) => new(value, runs);
}
