using CsCheck;
using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tests.Comparisons;

public sealed class PairedTTests
{
    private const int Tries = 300;

    private static readonly double[] _sleep = [1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4];
    private static readonly Gen<double[]> _numbers = Gen.Double[-1, 1].Array[2, 12];

    /// <summary>Student's sleep data: R's t.test prints t = 4.0621, df = 9, p = 0.002833, 0.7001142 … 2.4598858 around 1.58.</summary>
    [Fact]
    public void SleepOfStudent()
    {
        var (t, p) = PairedT.Test(_sleep, 5)!.Value;
        var summary = Summary.Of(_sleep.Select(value => (double?)value))!;

        Assert.Equal(4.0621, t, 4);
        Assert.Equal(0.002833, p, 6);
        Assert.Equal((0.7001142, 1.58, 2.4598858),
            (Math.Round(summary.Low!.Value, 7), Math.Round(summary.Mean, 7), Math.Round(summary.High!.Value, 7)));
    }

    /// <summary>Darwin's maize: Fisher (1935) has t = 2.148 with 14 degrees of freedom and p just below 5 %, 0.0497.</summary>
    [Fact]
    public void DarwinsMaize()
    {
        var (t, p) = PairedT.Test([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75], 100)!.Value;
        Assert.Equal(2.148, t, 3);
        Assert.Equal(0.0497, p, 4);
    }

    [Fact]
    public void WithoutASpreadThereIsNoTest()
    {
        Assert.Null(PairedT.Test([], 1));
        Assert.Null(PairedT.Test([0.5], 1));
        Assert.Null(PairedT.Test([0, 0, 0], 1));
        Assert.Null(PairedT.Test([0.01, 0.01, 0.01], 1));

        // Of shares, the same difference leaves other rounding errors.
        double[] rounding = [(35 / 3000.0) - (33 / 3000.0), (872 / 3000.0) - (870 / 3000.0), (35 / 3000.0) - (33 / 3000.0)];
        Assert.NotEqual(rounding[0], rounding[1]);
        Assert.Null(PairedT.Test(rounding, 872 / 3000.0));
        Assert.Null(PairedT.EffectSize(rounding, 872 / 3000.0));
    }

    [Fact]
    public void ChangingSidesChangesTheSignOnly()
        => _numbers.Sample(differences =>
        {
            var (one, other) = (PairedT.Test(differences, 1), PairedT.Test([.. differences.Select(value => -value)], 1));
            Assert.Equal(one?.P, other?.P);
            Assert.Equal(-one?.T, other?.T);
        }, iter: Tries);

    [Fact]
    public void TheUnitDoesNotMatter()
        => _numbers.Sample(differences =>
        {
            // A power of two scales without rounding.
            var (one, other) = (PairedT.Test(differences, 1), PairedT.Test([.. differences.Select(value => 1024 * value)], 1024));
            Assert.Equal(one, other);
            Assert.Equal(PairedT.EffectSize(differences, 1), PairedT.EffectSize([.. differences.Select(value => 1024 * value)], 1024));
        }, iter: Tries);

    /// <summary>
    /// The interval and p are two sides of one thing: 0 is at the end of the 95 % interval where p is 0.05, by whatever the mean is
    /// shifted.
    /// </summary>
    [Fact]
    public void PIsBelowFivePercentWhereTheIntervalIsWithoutZero()
        => _numbers.Sample(differences =>
        {
            if (PairedT.Test(differences, 1) is { } test && Math.Abs(test.P - 0.05) > 1e-6)
            {
                var summary = Summary.Of(differences.Select(value => (double?)value))!;
                Assert.Equal(test.P < 0.05, summary.Low > 0 || summary.High < 0);
            }
        }, iter: Tries);

    /// <summary>Hedges (1981) gives both the formula with Γ and its approximation, 1 − 3 ∕ (4m − 1).</summary>
    [Theory]
    [InlineData(2, 0.5642)]
    [InlineData(3, 0.7236)]
    [InlineData(9, 0.9139)]
    [InlineData(19, 0.9599)]
    [InlineData(1000, 0.99925)]
    public void HedgesCorrection(int freedom, double c)
    {
        Assert.Equal(c, PairedT.Hedges(freedom), 4);
        Assert.Equal(1 - (3 / ((4.0 * freedom) - 1)), PairedT.Hedges(freedom), 0.01);
    }

    /// <summary>d_z = 1.58 ∕ 1.2299955 = 1.284557, times c(9).</summary>
    [Fact]
    public void TheEffectSizeOfSleep()
    {
        Assert.Equal(1.284557 * PairedT.Hedges(9), PairedT.EffectSize(_sleep, 5)!.Value, 5);
        Assert.Null(PairedT.EffectSize([1, 2], 2));
    }
}
