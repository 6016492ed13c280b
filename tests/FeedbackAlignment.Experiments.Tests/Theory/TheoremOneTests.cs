using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Tests.Theory;

/// <summary>Row 19 of the claims.</summary>
public sealed class TheoremOneTests
{
    [Fact]
    public void TheErrorOfTheLinearTaskGoesToZero()
    {
        var result = new TheoremOne(new TheoremOneSetup()).Integrate();
        Assert.True(result.MustSucceed);
        Assert.Equal(0, result.LeastRelativeError);
        Assert.InRange(result.FinalRelativeError, 0, 1e-6);
        Assert.InRange(result.LargestInvariantDrift, 0, 1e-8);
        Assert.True(result.LargestRise <= 0, $"V rose by {result.LargestRise} of itself in a step");
    }

    [Theory]
    [InlineData(6, 5, 3)]
    [InlineData(3, 5, 4)]
    [InlineData(8, 4, 4)]
    public void ItGoesToZeroForOtherSizes(int inputs, int hidden, int outputs)
    {
        // Small networks are slower: their smallest singular values are nearer to 0.
        var result = new TheoremOne(new TheoremOneSetup { Seed = 3, Inputs = inputs, Hidden = hidden, Outputs = outputs, LastTime = 400, StepSize = 0.01 }).Integrate();
        Assert.InRange(result.FinalRelativeError, 0, 1e-6);
        Assert.InRange(result.LargestInvariantDrift, 0, 1e-8);
        Assert.True(result.LargestRise <= 0, $"V rose by {result.LargestRise} of itself in a step");
    }

    /// <summary>Outputs outnumber hidden units: E has a floor above 0, but what B lets through still goes.</summary>
    [Fact]
    public void WithTooFewHiddenUnitsItFails()
    {
        var result = new TheoremOne(TheoremOneSetup.TooFewHiddenUnits).Integrate();
        Assert.False(result.MustSucceed);
        Assert.True(result.LeastRelativeError > 0.1);
        Assert.True(result.FinalRelativeError > result.LeastRelativeError);
        Assert.True(result.LargestRise <= 0, $"V rose by {result.LargestRise} of itself in a step");
        Assert.InRange(result.Course[^1].SentError, 0, 1e-12);
        Assert.InRange(result.LargestInvariantDrift, 0, 1e-8);
    }

    [Fact]
    public void TheCourseStartsWithTheWholeErrorAndGoesForward()
    {
        var result = new TheoremOne(new TheoremOneSetup { LastTime = 1 }).Integrate();
        Assert.Equal(new TheoremOnePoint(0, 1, 1, 0), result.Course[0]);
        Assert.Equal(result.Course.OrderBy(point => point.Time), result.Course);
        Assert.InRange(result.Course[^1].Time, 1, 1.2);
    }

    [Fact]
    public void AStepThatIsNotPositiveIsRefused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new TheoremOne(new TheoremOneSetup { StepSize = 0 }));
}
