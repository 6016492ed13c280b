using MathNet.Numerics.Statistics;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The same quantity in several runs.</summary>
/// <param name="values">One number per run.</param>
internal sealed class Sample(IEnumerable<double> values)
{
    private readonly double[] _values = [.. values];

    public IReadOnlyList<double> Values => _values;

    public int N => _values.Length;

    public double Mean => _values.Mean();

    public double Median => _values.Median();

    /// <summary>Standard deviation, with n − 1; null for fewer than two runs.</summary>
    public double? Sd => N < 2 ? null : _values.StandardDeviation();

    /// <summary>The decimal logarithm of each.</summary>
    public Sample Log10() => new(_values.Select(Math.Log10));

    /// <summary>Each times a factor.</summary>
    public Sample Times(double factor) => new(_values.Select(value => value * factor));

    public static Sample Of(double value) => new([value]);
}
