using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class RegressionSummaryTests
{
    /// <summary>A dollar column of thousands beside one of single digits: each has its own figures.</summary>
    [Fact]
    public void EveryOutputIsJudgedByItself()
    {
        var targets = Matrix.From(new float[,] { { 1000, 1 }, { 3000, 2 }, { 5000, 3 } });
        var answers = Matrix.From(new float[,] { { 1000, 3 }, { 3000, 2 }, { 4000, 1 } });
        var summary = RegressionSummary.Evaluate(answers, targets, [3000, 0]);
        Assert.Equal(new OutputQuality(1e6 / 3, 1 - (1e6 / 8e6), 1e6 / 8e6), summary.Outputs[0]);
        Assert.Equal(new OutputQuality(8 / 3.0, 1 - (8 / 2.0), 8 / 14.0), summary.Outputs[1]);
        Assert.Equal(((1 / 8.0) + (8 / 14.0)) / 2, summary.RelativeError!.Value, 1e-12);
    }

    /// <summary>All targets 0: the old error is 0 ∕ 0.</summary>
    [Fact]
    public void WhereTargetsAreAllEqualThereIsNoRSquared()
    {
        var summary = RegressionSummary.Evaluate(Matrix.From(new[,] { { 0f }, { 2 } }), new Matrix(2, 1), [0]);
        Assert.Equal(new OutputQuality(2, null, null), summary.Outputs[0]);
        Assert.Null(summary.RelativeError);
    }

    [Fact]
    public void EqualTargetsWhoseMeanIsRoundedAreStillEqual()
    {
        var targets = new Matrix(10, 1);
        targets.Fill(0.1f);
        Assert.Null(RegressionSummary.Evaluate(new Matrix(10, 1), targets, [5]).Outputs[0].RSquared);
    }

    [Fact]
    public void ShapesMustFit()
    {
        Assert.Throws<ArgumentException>(() => RegressionSummary.Evaluate(new Matrix(2, 1), new Matrix(3, 1), [0]));
        Assert.StartsWith("targets are 3 × 1, and there are 2 means", Assert.Throws<ArgumentException>(() => RegressionSummary.Evaluate(new Matrix(3, 1), new Matrix(3, 1), [0, 0])).Message, StringComparison.Ordinal);
    }
}
