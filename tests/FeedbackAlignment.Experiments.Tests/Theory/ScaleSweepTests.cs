using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Tests.Theory;

/// <summary>Fig. 4 in the limit of small steps.</summary>
public sealed class ScaleSweepTests
{
    private static readonly IReadOnlyList<ScaleCourse> _courses = ScaleSweep.Follow([0.0001, 0.01, 0.25], lastTime: 20, targetHalfWidth: 0.125, feedbackHalfWidth: 2);

    [Fact]
    public void ItBeginsWithoutAgreement() => Assert.All(_courses, course => Assert.InRange(course.Course[0].ToBackpropagation, 75, 105));

    [Fact]
    public void FromSmallWeightsItTurnsIntoPseudobackprop()
    {
        Assert.InRange(_courses[0].Course[^1].ToPseudobackprop, 0, 3);
        Assert.InRange(_courses[0].Course[^1].ToBackpropagation, 15, 35);
    }

    [Fact]
    public void FromLargeWeightsItDoesNot() => Assert.InRange(_courses[2].Course[^1].ToPseudobackprop, 30, 90);

    [Fact]
    public void TheErrorFallsAllTheTime()
        => Assert.All(_courses, course => Assert.All(course.Course.Zip(course.Course.Skip(1)), pair => Assert.True(pair.Second.Error < pair.First.Error)));

    [Fact]
    public void ItEndsAtTheLastTime() => Assert.All(_courses, course => Assert.Equal(20, course.Course[^1].Time, 1e-9));

    [Fact]
    public void TheSameSeedGivesTheSameCourse()
        => Assert.Equal(ScaleSweep.Follow([0.1], lastTime: 1)[0].Course, ScaleSweep.Follow([0.1], lastTime: 1)[0].Course);
}
