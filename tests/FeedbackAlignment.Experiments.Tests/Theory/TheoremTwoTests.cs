using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Tests.Theory;

/// <summary>Row 20 of the claims.</summary>
public sealed class TheoremTwoTests
{
    [Theory]
    [InlineData(1, 30, 20, 10)]
    [InlineData(2, 30, 20, 10)]
    [InlineData(3, 5, 4, 9)]
    [InlineData(4, 1, 1, 1)]
    public void ASinglePairFollowsTheRecursionAndPseudobackprop(ulong seed, int inputs, int hidden, int outputs)
    {
        var result = TheoremTwo.Simulate(seed, inputs, hidden, outputs, mostSteps: 5000);
        Assert.InRange(result.LargestDeviation, 0, 1e-12);
        Assert.InRange(result.LargestAngle, 0, 1e-6);
        Assert.Equal(2, result.FirstAngleStep);
        Assert.InRange(result.Course[^1].RelativeError, 0, 1e-8);
        Assert.All(result.Course, point => Assert.Equal(point.OutputScale > 0, point.AngleToPseudobackprop is not null));
        Assert.All(result.Course, point => Assert.InRange(point.RankRatio ?? 0, 0, 1e-12));
    }

    [Fact]
    public void TheScalarsBeginAsByHand()
    {
        var course = TheoremTwo.Simulate(rate: 0.05).Course;
        Assert.Equal((0.0, 0.0), (course[0].HiddenScale, course[0].OutputScale));
        Assert.Equal((0.05, 0.0), (course[1].HiddenScale, course[1].OutputScale));
        Assert.Equal((0.1, 0.05 * 0.05), (course[2].HiddenScale, course[2].OutputScale));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void TooLargeARateEndsAsDiverged(double rate) => Assert.InRange(TheoremTwo.Simulate(rate: rate).Course[^1].RelativeError, 1000, double.MaxValue);
}
