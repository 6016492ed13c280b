using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks;

public sealed class WeightDistributionTests
{
    private const int Outputs = 300, Inputs = 200;

    public static TheoryData<string, double> Variances() => new()
    {
        { "uniform", 0.25 / 3 },
        { "normal", 0.04 },
        { "lecun-uniform", 4.0 / Inputs },
        { "lecun-normal", 4.0 / Inputs },
        { "glorot-uniform", 4 * 2.0 / (Inputs + Outputs) },
        { "glorot-normal", 4 * 2.0 / (Inputs + Outputs) },
        { "he-uniform", 4 * 2.0 / Inputs },
        { "he-normal", 4 * 2.0 / Inputs },
    };

    [Theory]
    [MemberData(nameof(Variances))]
    public void WeightsHaveMeanZeroAndTheVarianceOfThePaper(string name, double variance)
    {
        var weights = Draw(Of(name), MatrixOrder.RowMajor);
        var elements = Enumerable.Range(0, Outputs).SelectMany(row => weights.Row(row).ToArray()).Select(w => (double)w).ToArray();

        // Five standard errors; the fourth moment of a normal variable is the largest of them, 3 σ⁴.
        var count = (double)elements.Length;
        Assert.Equal(0, elements.Average(), 5 * Math.Sqrt(variance / count));
        Assert.Equal(variance, elements.Average(w => w * w), 5 * variance * Math.Sqrt(2 / count));
        var isUniform = name.Contains("uniform", StringComparison.Ordinal);
        Assert.Equal(isUniform, elements.Max(Math.Abs) <= Math.Sqrt(3 * variance) * 1.000001);
    }

    [Fact]
    public void NumbersDoNotDependOnHowTheMatrixLiesInMemory()
        => Some.AssertSameBits(Draw(Of("he-normal"), MatrixOrder.RowMajor), Draw(Of("he-normal"), MatrixOrder.ColumnMajor));

    [Fact]
    public void ZeroIsZeroAndASpreadThatIsNoneIsRefused()
    {
        var zero = Draw(WeightDistribution.Zero, MatrixOrder.RowMajor);
        Assert.Equal(0, Reductions.Dot(zero, zero));
        foreach (var bad in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => WeightDistribution.Uniform(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => WeightDistribution.HeNormal(bad));
        }
    }

    private static Matrix Draw(WeightDistribution distribution, MatrixOrder order)
    {
        var weights = new Matrix(Outputs, Inputs, order);
        distribution.Draw(weights, new RandomStreams(1).Stream("x"));
        return weights;
    }

    private static WeightDistribution Of(string name) => name switch
    {
        "uniform" => WeightDistribution.Uniform(0.5),
        "normal" => WeightDistribution.Normal(0.2),
        "lecun-uniform" => WeightDistribution.LeCunUniform(2),
        "lecun-normal" => WeightDistribution.LeCunNormal(2),
        "glorot-uniform" => WeightDistribution.GlorotUniform(2),
        "glorot-normal" => WeightDistribution.GlorotNormal(2),
        "he-uniform" => WeightDistribution.HeUniform(2),
        "he-normal" => WeightDistribution.HeNormal(2),
        _ => throw new ArgumentException(name),
    };
}
