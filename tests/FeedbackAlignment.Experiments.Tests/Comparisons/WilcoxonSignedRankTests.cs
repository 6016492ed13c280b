using CsCheck;
using FeedbackAlignment.Experiments.Comparisons;

namespace FeedbackAlignment.Experiments.Tests.Comparisons;

public sealed class WilcoxonSignedRankTests
{
    private const int Tries = 300;

    /// <summary>Whole numbers from few: ties and zeros are everywhere.</summary>
    private static readonly Gen<double[]> _tied = Gen.Int[-4, 4].Select(value => (double)value).Array[1, 10];

    /// <summary>
    /// M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods (1973) 29: R's example prints V = 40, one-sided p = 0.01953.
    /// </summary>
    [Fact]
    public void DepressionScalesOfHollanderAndWolfe()
    {
        double[] before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
        double[] after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
        var result = Of([.. before.Zip(after, (b, a) => b - a)]);

        Assert.Equal((40, 9, 0, true), (result.RankSum, result.Ranked, result.Zeros, result.IsExact));
        Assert.Equal(2 * 0.01953, result.P, 4);
        Assert.Equal(20 / 512.0, result.P, 15);
    }

    /// <summary>
    /// Darwin's maize (R. A. Fisher, The Design of Experiments, 1935): SciPy's documentation has W = 24, p = 0.041259765625.
    /// </summary>
    [Fact]
    public void DarwinsMaize()
    {
        var result = Of([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]);

        Assert.Equal(96, result.RankSum);
        Assert.Equal(0.041259765625, result.P, 15);
    }

    /// <summary>
    /// Student's sleep data (1908): one zero, ties, no negative difference, so that p is 2 of 2⁹ signs. R's wilcox.test has no exact p
    /// here.
    /// </summary>
    [Fact]
    public void SleepHasAZeroAndTies()
    {
        var result = Of([1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4]);

        Assert.Equal((45, 9, 1), (result.RankSum, result.Ranked, result.Zeros));
        Assert.Equal(2 / 512.0, result.P, 15);
    }

    [Theory]
    [InlineData(3, 0.25)]
    [InlineData(5, 0.0625)]
    [InlineData(6, 0.03125)]
    [InlineData(10, 0.001953125)]
    public void TheSmallestPIsThatOfAllSignsAlike(int count, double p)
    {
        var result = Of([.. Enumerable.Range(1, count).Select(value => (double)value)]);
        Assert.Equal((p, p), (result.P, result.LeastP));
        Assert.Equal(p, Of([.. Enumerable.Range(1, count).Select(value => -1.0 * value)]).P);
    }

    [Theory]
    [InlineData(0.05, 6)]
    [InlineData(0.05 / 3, 7)]
    [InlineData(0.05 / 24, 10)]
    [InlineData(1, 1)]
    public void SoManyDifferencesAreNeeded(double level, int count) => Assert.Equal(count, WilcoxonSignedRank.LeastCount(level));

    /// <summary>Every one of the 2ⁿ signs, one by one.</summary>
    [Fact]
    public void PIsThatOfAllSignsCountedOneByOne()
        => _tied.Sample(differences =>
        {
            var result = WilcoxonSignedRank.Test(differences, size: 4);
            double[] left = [.. differences.Where(value => value != 0)];
            Assert.Equal(left.Length == 0, result is null);
            if (result is not null)
            {
                Assert.Equal(BruteForce(left), result.P, 1e-13);
            }
        }, iter: Tries);

    [Fact]
    public void WhichOfTwoComesFirstDoesNotMatterToP()
        => _tied.Sample(differences => Assert.Equal(
            WilcoxonSignedRank.Test(differences, 4)?.P, WilcoxonSignedRank.Test([.. differences.Select(value => -value)], 4)?.P),
                iter: Tries);

    [Fact]
    public void OnlyTheOrderOfSizesMatters()
        => _tied.Sample(differences => Assert.Equal(
            WilcoxonSignedRank.Test(differences, 4),
                WilcoxonSignedRank.Test([.. differences.Select(value => 1000 * value * Math.Abs(value))], 4)),
            iter: Tries);

    /// <summary>
    /// Differences of shares of 3000 examples: 2∕3000 between 0.011 and 0.012, and between 0.29 and 0.29, differ in the last bits.
    /// </summary>
    [Fact]
    public void EqualButForRoundingIsATie()
    {
        double[] differences = [(35 / 3000.0) - (33 / 3000.0), (870 / 3000.0) - (872 / 3000.0), (101 / 3000.0) - (102 / 3000.0)];
        Assert.NotEqual(differences[0], -differences[1]);

        Assert.Equal(2.5, Of(differences, 0.3).RankSum);
        Assert.Equal(2, Of(differences).RankSum);
    }

    [Fact]
    public void WhatIsInfiniteRanksBeyondAllAndTies()
    {
        Assert.Equal(Of([1, 2, 3, 9, 9]), Of([1, 2, 3, double.PositiveInfinity, double.PositiveInfinity]));
        Assert.Equal(Of([1, 2, 3, 9, -9]), Of([1, 2, 3, double.PositiveInfinity, double.NegativeInfinity]));
    }

    [Fact]
    public void NothingButZerosHasNoRanksAndNaNIsAMistake()
    {
        Assert.Null(WilcoxonSignedRank.Test([0, 0], 1));
        Assert.Null(WilcoxonSignedRank.Test([], 1));
        Assert.Throws<ArgumentException>(() => WilcoxonSignedRank.Test([1, double.NaN], 1));
    }

    /// <summary>At the end of the exact range and just beyond it p is the same within the error of the approximation.</summary>
    [Fact]
    public void BeyondTheExactRangeTheApproximationGoesOnFromIt()
    {
        double[] differences = [.. Enumerable.Range(1, 201).Select(value => value % 5 is 0 or 2 ? -value : (double)value)];
        var (exact, beyond) = (Of(differences[..200]), Of(differences));

        Assert.Equal((true, false), (exact.IsExact, beyond.IsExact));
        Assert.InRange(exact.P, 0.01, 0.02);
        Assert.InRange(beyond.P, 0.01, 0.02);
    }

    private static SignedRankResult Of(double[] differences, double size = 0) => WilcoxonSignedRank.Test(differences, size)!;

    /// <summary>Twice the share of signs whose smaller rank sum is no greater than this one's.</summary>
    private static double BruteForce(double[] differences)
    {
        double[] ranks = [.. differences.Select(value => differences.Count(other => Math.Abs(other) < Math.Abs(value))
            + ((differences.Count(other => Math.Abs(other) == Math.Abs(value)) + 1) / 2.0))];
        double Smaller(uint signs)
        {
            var positive = ranks.Index().Sum(rank => (signs >> rank.Index & 1) == 1 ? rank.Item : 0);
            return Math.Min(positive, ranks.Sum() - positive);
        }

        var own = differences.Index().Aggregate(0u, (signs, value) => signs | (value.Item > 0 ? 1u << value.Index : 0));
        var all = 1u << differences.Length;
        var atMost = Enumerable.Range(0, (int)all).Count(signs => Smaller((uint)signs) <= Smaller(own) + 1e-9);
        return (double)atMost / all;
    }
}
