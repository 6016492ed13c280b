using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tests.Records;

public sealed class SummaryTests
{
    [Fact]
    public void IntervalIsStudentsForThreeNumbers()
    {
        var summary = Summary.Of([0.01, 0.02, 0.03])!;

        Assert.Equal(0.02, summary.Mean, 12);
        Assert.Equal(0.01, summary.Deviation!.Value, 12);
        Assert.Equal(4.302652729911275 * 0.01 / Math.Sqrt(3), summary.HalfWidth!.Value, 9);
        Assert.Equal(-0.0048414, summary.Low!.Value, 6);
        Assert.Equal(0.0448414, summary.High!.Value, 6);
    }

    [Fact]
    public void OneNumberHasNoSpread()
    {
        Assert.Equal(new Summary(1, 0.5, null, null), Summary.Of([0.5]));
    }

    [Fact]
    public void MissingAndInfiniteNumbersAreNotZeros()
    {
        Assert.Equal(2, Summary.Of([null, 2, double.NaN, double.PositiveInfinity])!.Mean);
        Assert.Null(Summary.Of([null, double.NaN]));
    }
}
