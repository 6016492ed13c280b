using FeedbackAlignment.Experiments.Benchmarks;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Benchmarks;

public sealed class StepCostTests
{
    private const string Deep = "784-1024-1024-1024-1024-10";

    /// <summary>2-3-4-5: weights 6, 12, 20. Forward and gradient 4·38; errors through 12 and 20; directly 5·3 and 5·4.</summary>
    [Theory]
    [InlineData(BenchRules.Backpropagation, 4 * 38 + 2 * (12 + 20))]
    [InlineData(BenchRules.FeedbackAlignment, 4 * 38 + 2 * (12 + 20))]
    [InlineData(BenchRules.DirectFeedbackAlignment, 4 * 38 + 2 * (5 * 3 + 5 * 4))]
    public void OperationsAreThoseCountedByHand(string rule, long operations)
    {
        Assert.Equal(operations, StepCost.Operations(NetworkPlan.Parse("2-3-4-5"), rule, 1));
        Assert.Equal(128 * operations, StepCost.Operations(NetworkPlan.Parse("2-3-4-5"), rule, 128));
    }

    /// <summary>
    /// 4 × 4 positions · 2 filters of 9; 2 × 2 positions pooled · 3 filters of 18; 12 units to 5. Directly: 5 outputs to 32, 12 units.
    /// </summary>
    [Theory]
    [InlineData(BenchRules.Backpropagation, 4 * (288 + 216 + 60) + 2 * (216 + 60))]
    [InlineData(BenchRules.FeedbackAlignment, 4 * (288 + 216 + 60) + 2 * (216 + 60))]
    [InlineData(BenchRules.DirectFeedbackAlignment, 4 * (288 + 216 + 60) + 2 * (5 * 32 + 5 * 12))]
    public void AFilterCountsAtEveryPosition(string rule, long operations)
        => Assert.Equal(
            operations,
            StepCost.Operations(NetworkPlan.Parse("1x4x4, conv 3x3 2 relu, max-pool 2, conv 3x3 3 relu, dense 5"), rule, 1));

    [Fact]
    public void WeightsAreFourBytesEach() => Assert.Equal(4 * (784_000 + 10_000), StepCost.WeightBytes(NetworkPlan.Parse("784-1000-10")));

    [Fact]
    public void ArithmeticAllowsDirectFeedbackAlignment72PercentOfBackpropagationAtFourHiddenLayers()
        => Assert.Equal(0.719, StepCost.ToBackpropagation(NetworkPlan.Parse(Deep), BenchRules.DirectFeedbackAlignment), 3);

    [Fact]
    public void WithOneHiddenLayerAllRulesCostTheSame()
        => Assert.All(BenchRules.All, rule => Assert.Equal(1, StepCost.ToBackpropagation(NetworkPlan.Parse("784-1000-10"), rule)));

    [Fact]
    public void ARuleWithoutAFormulaIsNamed()
        => Assert.Contains(
            "\"shallow\"", Assert.Throws<ArgumentException>(() => StepCost.Operations(NetworkPlan.Parse(Deep), "shallow", 1)).Message);
}
