using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Tests.Theory;

/// <summary>Row 24 of the claims.</summary>
public sealed class GaussNewtonTests
{
    [Theory]
    [InlineData(30, 20, 10)]
    [InlineData(4, 3, 7)]
    [InlineData(5, 6, 6)]
    public void APseudobackpropStepIsAGaussNewtonStepWithAFactorPerComponent(int inputs, int hidden, int outputs)
    {
        var result = GaussNewton.Compare(inputs: inputs, hidden: hidden, outputs: outputs);
        Assert.Equal(200, result.Draws);
        Assert.InRange(result.LargestDeviation, 0, 1e-6);
        Assert.InRange(result.Factor.Smallest, 0, 1);
        Assert.InRange(result.Factor.Largest, result.Factor.Smallest, 1 + 1e-6);
        Assert.Equal(1, result.PositiveShare);
    }

    [Fact]
    public void TheFactorsDependOnTheUnitsNotOnTheRate()
    {
        var slow = GaussNewton.Compare(rate: 1e-3);
        var fast = GaussNewton.Compare(rate: 1);
        Assert.Equal(slow.Factor.Smallest, fast.Factor.Smallest, 1e-9);
        Assert.True(slow.Factor.Smallest < 0.01);
        Assert.True(slow.Factor.Largest > 0.99);
    }
}
