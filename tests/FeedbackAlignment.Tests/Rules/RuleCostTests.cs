using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What a rule says it costs, counted by hand.</summary>
public sealed class RuleCostTests
{
    /// <summary>7-6-5-3: 6·5 + 5·3 = 45 layer by layer, 3 (6 + 5) = 33 direct, 7·6 + 6·5 = 72 hidden weights, 11 hidden units.</summary>
    private static readonly Dictionary<string, (long Operations, long Memory)> _byHand = new()
    {
        ["backpropagation"] = (45, 0),
        ["feedback-alignment"] = (45, 45),
        ["local-feedback-alignment"] = (45, 45 + 11),
        ["direct-feedback-alignment"] = (33, 33),
        ["indirect-feedback-alignment"] = (3 * 6 + 6 * 5, 3 * 6 + 2 * 11),
        ["sign-symmetry-uniform"] = (45, 90),
        ["sign-symmetry-batch-random"] = (45, 90),
        ["sign-symmetry-fixed-random"] = (45, 90),
        ["concordant-feedback-alignment"] = (45, 45),
        ["kolen-pollack"] = (90, 90),

        // The middle is four times as wide as the layer below: 24 and 20.
        ["product-feedback-alignment"] = (2 * 24 * (6 + 5) + 2 * 20 * (5 + 3), 24 * (6 + 2 * 5) + 20 * (5 + 2 * 3)),
        ["direct-kolen-pollack"] = (66, 66),
        ["weight-mirror"] = (135, 90 + (6 + 5) + (5 + 3)),
        ["sparse-feedback-alignment"] = (45, 45),
        ["sparse-direct-feedback-alignment"] = (33, 33),

        // Rank 3, that of the task; half of it, rounded up, where the outputs are all there is.
        ["low-rank-feedback-alignment"] = (3 * (6 + 5) + 3 * (5 + 3), 3 * (6 + 5) + 3 * (5 + 3) + 3 + 3),
        ["low-rank-direct-feedback-alignment"] = (2 * (6 + 3) + 2 * (5 + 3), 2 * (6 + 3) + 2 * (5 + 3) + 2 + 2),
        ["shared-direct-feedback-alignment"] = (3 * 6, 3 * 6 + 6),
        ["repeated-direct-feedback-alignment"] = (33, 33),
        ["direct-random-target-projection"] = (33, 33 + 3),
        ["error-sign-direct-feedback-alignment"] = (33, 33 + 3),
        ["node-perturbation"] = (45, 11 + 3),
        ["weight-perturbation"] = (7 * 6 + 45, 2 * (72 + 11) + 11 + 3),
        ["pseudobackprop"] = (45, 45),

        // One inverse, of 5 to 6 units, and the way from the output to the 5.
        ["difference-target-propagation"] = (5 * (6 * 5) + 3 * 5, 2 * (5 * 6 + 6) + 3 * 6 + 2 * 5),
        ["forward-forward"] = (3 * 72, 2 * 7 + 5 * 11),
        ["pepita"] = (72 + 3 * 7, 3 * 7 + 7 + 11),
        ["shallow"] = (0, 0),
    };

    public static TheoryData<string> CountedByHand() => [.. _byHand.Keys];

    [Theory]
    [MemberData(nameof(CountedByHand))]
    public void ARuleCostsWhatOneCountsByHand(string rule) => Assert.Equal(_byHand[rule], Cost(rule, 7, 6, 5, 3));

    /// <summary>A rule that is not counted by hand is looked at here.</summary>
    [Fact]
    public void TheCostsOfAllRulesAreKnown()
        => Approved.Matches(
            "tests/FeedbackAlignment.Tests/Approved/RuleCosts.txt",
            string.Concat(RuleCatalog.Standard.Ids.Select(rule => (rule, Cost(rule, 7, 6, 5, 3)))
                .Select(pair => $"{pair.rule}: {pair.Item2.Operations} multiply-adds, {pair.Item2.Memory} numbers (7-6-5-3)\n")));

    /// <summary>Without hidden layers no error goes anywhere.</summary>
    [Fact]
    public void WithoutHiddenLayersNoRuleCostsAnything()
        => Assert.All(RuleCatalog.Standard.Entries, rule => Assert.Equal(0, Cost(rule.Id, 7, 3).Operations));

    /// <summary>The rank is no higher than a matrix can have; the widest layer need not be the first.</summary>
    [Theory]
    [InlineData("low-rank-feedback-alignment", 2 * (2 + 9) + 5 * (9 + 5), 2 * (2 + 9) + 5 * (9 + 5) + 2 + 5)]
    [InlineData("low-rank-direct-feedback-alignment", 2 * (2 + 5) + 3 * (9 + 5), 2 * (2 + 5) + 3 * (9 + 5) + 2 + 3)]
    [InlineData("shared-direct-feedback-alignment", 5 * 9, 5 * 9 + 9)]
    public void NarrowLayersCountAsTheyAre(string rule, long operations, long memory)
        => Assert.Equal((operations, memory), Cost(rule, 4, 2, 9, 5));

    /// <summary>Each part the way to its own layer; what it keeps, it keeps for all.</summary>
    [Theory]
    [InlineData("kolen-pollack+low-rank-feedback-alignment", 2 * 6 * 5 + 3 * (5 + 3), 90 + 63)]
    [InlineData("low-rank-feedback-alignment+kolen-pollack", 3 * (6 + 5) + 2 * 5 * 3, 90 + 63)]
    [InlineData("direct-feedback-alignment+backpropagation", 3 * 6 + 5 * 3, 33)]
    [InlineData("backpropagation+direct-kolen-pollack", 6 * 5 + 2 * 3 * 5, 66)]
    [InlineData("indirect-feedback-alignment+indirect-feedback-alignment", 48, 40)]
    [InlineData("backpropagation+indirect-feedback-alignment", 6 * 5 + 48, 40)]
    [InlineData("hidden1=direct-feedback-alignment+*=backpropagation", 3 * 6 + 5 * 3, 33)]
    [InlineData("*=direct-feedback-alignment+hidden2=backpropagation", 3 * 6 + 5 * 3, 33)]
    [InlineData("hidden2=backpropagation+hidden1=kolen-pollack+*=low-rank-feedback-alignment", 2 * 6 * 5 + 5 * 3, 90)]
    public void AMixtureCostsWhatItsPartsDo(string rule, long operations, long memory)
        => Assert.Equal((operations, memory), Cost(rule, 7, 6, 5, 3));

    /// <summary>
    /// hidden2: 16 positions of 6 filters with 36 weights; the output: 10 · 96. Sites: 256 units and 96; after pooling 64, which hidden2 takes,
    /// and 96.
    /// </summary>
    [Theory]
    [InlineData("feedback-alignment", 16 * 6 * 36 + 960, 6 * 36 + 960)]
    [InlineData("kolen-pollack", 2 * (16 * 6 * 36 + 960), 2 * (6 * 36 + 960))]
    [InlineData("weight-mirror", 3 * (16 * 6 * 36 + 960), 2 * (6 * 36 + 960) + 64 + 96 + 96 + 10)]
    [InlineData("direct-feedback-alignment", 10 * (256 + 96), 10 * (256 + 96))]
    [InlineData("shared-direct-feedback-alignment", 10 * 256, 11 * 256)]
    [InlineData("repeated-direct-feedback-alignment", 16 * 10 * 36 + 960, 10 * 36 + 10 * 16 + 960)]
    [InlineData("low-rank-feedback-alignment", 16 * 6 * 36 + 10 * (96 + 10), 6 * (36 + 6 + 1) + 6 * 36 + 10 * (96 + 10 + 1))]
    [InlineData("product-feedback-alignment", 16 * 6 * 36 + 16 * 144 * (6 + 36) + 2 * 384 * (96 + 10), 144 * (36 + 12) + 216 + 384 * (96 + 20))]
    [InlineData("node-perturbation", 16 * 6 * 36 + 960, 256 + 96 + 10)]
    [InlineData("weight-perturbation", 64 * 4 * 9 + 16 * 6 * 36 + 960, 2 * (4 * (9 + 1) + 6 * (36 + 1)) + 256 + 96 + 10)]
    public void ConvolutionsCountAtEachPosition(string rule, long operations, long memory)
        => Assert.Equal((operations, memory), Cost(rule, NetworkCounts.Of(
            NetworkPlan.Parse("1x8x8, conv 3x3 4 relu, max-pool 2, conv 3x3 6, batch-norm, relu, dense 10"))));

    [Theory]
    [InlineData("backpropagation", "lenet5", null)]
    [InlineData("node-perturbation", "resnet-20", null)]
    [InlineData("weight-perturbation", "resnet-20", null)]
    [InlineData("pepita", "lenet5", "needs dense layers one after another, but this network has conv 5x5 6 relu")]
    [InlineData("pseudobackprop", "lenet5", "needs dense layers behind the first, but hidden2 is a convolution")]
    [InlineData("feedback-alignment+backpropagation", "7, dense 6, batch-norm, dense 3",
        "needs dense layers one after another, but this network has batch-norm")]
    [InlineData("frozen-features", "7-6-3", "needs a network with convolutions")]
    public void ARuleThatCannotBeCountedSaysWhatWouldBeRight(string rule, string plan, string? objection)
        => Assert.Equal(objection, RuleCost.Objection(RuleCatalog.Standard.Get(rule), NetworkPlan.Parse(plan)));

    private static (long Operations, long Memory) Cost(string rule, params int[] sizes)
        => Cost(rule, NetworkCounts.OfSizes(sizes));

    private static (long Operations, long Memory) Cost(string rule, NetworkCounts network)
        => (RuleCost.Operations(RuleCatalog.Standard.Get(rule), network), RuleCost.Memory(RuleCatalog.Standard.Get(rule), network));
}
