using FeedbackAlignment.Experiments.Reproduction;

namespace FeedbackAlignment.Experiments.Tests.Reproduction;

/// <summary>Against values computed by hand or by another program.</summary>
public sealed class StatisticsTests
{
    /// <summary>
    /// By hand: variances of the means 0.5 and 2, t = −3 ∕ √2.5 with 2.5² ∕ ((0.5² + 2²) ∕ 4) = 5.882 degrees of freedom.
    /// </summary>
    [Fact]
    public void WelchsTestIsThatOfTwoSmallSamples()
    {
        var p = Statistics.WelchP(new Sample([1, 2, 3, 4, 5]), new Sample([2, 4, 6, 8, 10]));
        Assert.Equal(0.10753119493, p, 1e-10);
    }

    [Fact]
    public void WelchsTestIsSymmetric()
    {
        Sample a = new([1, 2, 4]), b = new([7, 8, 8.5, 9]);
        Assert.Equal(Statistics.WelchP(a, b), Statistics.WelchP(b, a), 1e-15);
        Assert.InRange(Statistics.WelchP(a, b), 1e-9, 0.05);
    }

    [Fact]
    public void EqualSamplesDoNotDiffer() => Assert.Equal(1, Statistics.WelchP(new Sample([1, 2, 3]), new Sample([1, 2, 3])), 1e-12);

    [Fact]
    public void OneRunProvesNothing() => Assert.Equal(1, Statistics.WelchP(new Sample([1]), new Sample([5, 6, 7])));

    [Fact]
    public void WithoutSpreadMeansAreEqualOrNot()
    {
        Assert.Equal(0, Statistics.WelchP(new Sample([1, 1]), new Sample([2, 2])));
        Assert.Equal(1, Statistics.WelchP(new Sample([2, 2]), new Sample([2, 2])));
    }

    /// <summary>Ranks 1 2 3 4 5 against 2 1 4 3 5: 1 − 6 · 4 ∕ (5 · 24) = 0.8.</summary>
    [Fact]
    public void SpearmanGoesByRanks() => Assert.Equal(0.8, Statistics.Spearman([1, 2, 3, 4, 5], [20, 1, 400, 300, 5000]), 1e-12);

    [Fact]
    public void ASampleOfOneHasNoSpread()
    {
        Assert.Null(Sample.Of(3).Sd);
        Assert.Equal(3, Sample.Of(3).Mean);
        Assert.Equal(2, new Sample([1, 2, 9]).Median);
        Assert.Equal(-2, new Sample([0.01]).Log10().Mean, 1e-12);
    }
}
