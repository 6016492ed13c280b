using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

public sealed class FeedbackWeightsTests
{
    public static TheoryData<string> RulesWithFeedback() => ["feedback-alignment", "direct-feedback-alignment"];

    public static TheoryData<string> RulesWithFixedFeedback() =>
    [
        .. RulesWithFeedback(), "indirect-feedback-alignment", "local-feedback-alignment", "shared-direct-feedback-alignment", "sparse-feedback-alignment",
        "sparse-direct-feedback-alignment", "low-rank-feedback-alignment", "low-rank-direct-feedback-alignment", "error-sign-direct-feedback-alignment",
        "direct-random-target-projection",
    ];

    [Theory]
    [MemberData(nameof(RulesWithFixedFeedback))]
    public void OneSeedGivesOneFeedbackAndAnotherSeedAnother(string rule)
    {
        var network = Some.Network("5-6-7-3", 1);
        Matrix[] Draw(ulong seed)
            => [.. RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, seed: seed)).Feedback.Select(path => path.Weights)];
        Some.AssertSameBits(Draw(4), Draw(4));
        Assert.All(Draw(4).Zip(Draw(5)), pair => Assert.False(Some.SameBits(pair.First, pair.Second)));
    }

    [Theory]
    [MemberData(nameof(RulesWithFixedFeedback))]
    public void StreamsOfTheirOwnReplaceThoseOfTheRun(string rule)
    {
        var network = Some.Network("5-6-7-3", 1);
        Matrix[] Draw(RuleSetup setup) => [.. RuleCatalog.Standard.Get(rule).Create(setup).Feedback.Select(path => path.Weights)];
        var own = new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(4), feedback: new FeedbackOptions { Streams = new RandomStreams(5) });
        Some.AssertSameBits(Draw(Some.Setup(network, seed: 5)), Draw(own));
        Assert.Equal(4ul, own.Streams.Seed);
    }

    [Theory]
    [MemberData(nameof(RulesWithFeedback))]
    public void EveryHiddenLayerHasFeedbackOfTheShapeOfTheWeightsItStandsFor(string rule)
    {
        var paths = RuleCatalog.Standard.Get(rule).Create(Some.Setup(Some.Network("5-6-7-3", 1))).Feedback;
        Assert.Equal([0, 1], paths.Select(path => path.To));
        Assert.Equal(rule == "feedback-alignment" ? ["7 × 6", "3 × 7"] : ["3 × 6", "3 × 7"], paths.Select(path => path.Weights.Shape));
        Assert.Equal(rule == "feedback-alignment" ? [1, 2] : [2, 2], paths.Select(path => path.From));
    }

    [Theory]
    [MemberData(nameof(RulesWithFeedback))]
    public void LayersOfOneShapeHaveFeedbackOfTheirOwn(string rule)
    {
        var paths = RuleCatalog.Standard.Get(rule).Create(Some.Setup(Some.Network("4-5-5-5", 1))).Feedback;
        Assert.Equal(paths[0].Weights.Shape, paths[1].Weights.Shape);
        Assert.False(Some.SameBits(paths[0].Weights, paths[1].Weights));
    }

    /// <summary>One generator for both would correlate them, and feedback alignment would begin half aligned.</summary>
    [Theory]
    [MemberData(nameof(RulesWithFixedFeedback))]
    public void FeedbackOfASeedDoesNotCorrelateWithTheWeightsOfThatSeed(string rule)
    {
        var network = Network.Mlp("100-200-200", seed: 9);
        var feedback = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, seed: 9)).Feedback[^1].Weights;
        var weights = network.Layers[^1].Weights.Read();
        Assert.Equal(weights.Shape, feedback.Shape);
        foreach (var forward in (Matrix[])[weights, weights.Transposed])
        {
            // Five standard errors of a correlation of 40 000 pairs.
            var correlation = Reductions.Dot(forward, feedback) / Math.Sqrt(Reductions.Dot(forward, forward) * Reductions.Dot(feedback, feedback));
            Assert.InRange(correlation, -0.025, 0.025);
        }
    }

    /// <summary>
    /// Those that are left are the ones of the whole matrix, and which are left differs from layer to layer and seed to seed.
    /// </summary>
    [Theory]
    [MemberData(nameof(RulesWithFeedback))]
    public void AShareOfFeedbackLeavesSomeOfTheWholeMatrix(string rule)
    {
        var network = Some.Network("5-40-40-40", 1);
        Matrix[] Draw(double share, ulong seed = 4)
            => [.. RuleCatalog.Standard.Get(rule)
                .Create(new RuleSetup(network, Loss.SoftmaxCrossEntropy, 9, new RandomStreams(seed),
                    feedback: new FeedbackOptions { Share = share })).Feedback.Select(path => path.Weights)];
        Some.AssertSameBits([.. RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, seed: 4)).Feedback.Select(path => path.Weights)],
            Draw(1));
        Some.AssertSameBits(Draw(0.3), Draw(0.3));
        var places = new List<string>();
        foreach (var (whole, left) in Draw(1).Zip(Draw(0.3)).Concat(Draw(1, 5).Zip(Draw(0.3, 5))))
        {
            var there = new List<int>();
            for (var i = 0; i < whole.Rows * whole.Columns; i++)
            {
                var (all, one) = (whole[i / whole.Columns, i % whole.Columns], left[i / whole.Columns, i % whole.Columns]);
                Assert.True(one == all || BitConverter.SingleToInt32Bits(one) == 0);
                there.AddRange(one == all ? [i] : []);
            }

            Assert.Equal(0.3, there.Count / (double)(whole.Rows * whole.Columns), 0.05);
            places.Add(string.Join(' ', there));
        }

        Assert.Equal(places.Count, places.Distinct().Count());
    }

    [Fact]
    public void AShareOfFeedbackOutOfRangeIsRefused() => Assert.All((double[])[0, 1.5, double.NaN], share => Assert.Throws<ArgumentOutOfRangeException>(
        () => new RuleSetup(Some.Network("5-3", 1), Loss.SoftmaxCrossEntropy, 9, new RandomStreams(1), feedback: new FeedbackOptions { Share = share })));

    [Theory]
    [MemberData(nameof(RulesWithFixedFeedback))]
    public void FeedbackIsNotAmongTheLearnedParameters(string rule)
    {
        var network = Some.Network("5-6-7-3", 1);
        var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network));
        Assert.Equal(network.Parameters, learner.LearnedParameters);
        Assert.NotEmpty(learner.Feedback);
        Assert.All(learner.Feedback, path
            => Assert.All(learner.LearnedParameters, parameter => Assert.False(parameter.Read().MayOverlap(path.Weights))));
    }

    public static TheoryData<string, string, WeightDecayMode> RulesAndOptimizers()
    {
        var cases = new TheoryData<string, string, WeightDecayMode>();
        foreach (var rule in RulesWithFixedFeedback().Select(row => row.Data))
        {
            foreach (var optimizer in Optimizers.EveryOptimizer.Names)
            {
                cases.Add(rule, optimizer, WeightDecayMode.TimesLearningRate);
                cases.Add(rule, optimizer, WeightDecayMode.PerStep);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(RulesAndOptimizers))]
    public void TrainingWithWeightDecayMovesTheWeightsAndNoFeedback(string rule, string optimizerName, WeightDecayMode mode)
    {
        var network = Some.Network("5-6-7-3", 1);
        var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network));
        var optimizer = Optimizers.EveryOptimizer.Create(optimizerName, learner.LearnedParameters, 0.01f, mode);
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);
        var weights = Some.Copies(network.Parameters);
        Matrix[] feedback = [.. learner.Feedback.Select(path => path.Weights.Copy())];
        for (var step = 0; step < 50; step++)
        {
            learner.EstimateGradients(Some.Batch(network, 8, (ulong)step), gradients);
            optimizer.Step(gradients, 0.01f);
        }

        Some.AssertSameBits(feedback, [.. learner.Feedback.Select(path => path.Weights)]);
        Assert.All(weights.Zip(network.Parameters), pair => Assert.False(Some.SameBits(pair.First, pair.Second.Read())));
    }

    [Fact]
    public void FeedbackOfTheWrongNumberOrShapeIsRefused()
    {
        var setup = Some.Setup(Some.Network("5-6-7-3", 1));
        var feedback = setup.DrawFeedback();
        var few = Assert.Throws<ArgumentException>(() => new FeedbackAlignmentRule(setup, feedback[..2]));
        Assert.Contains("2 feedback matrices were given for 3 layers", few.Message, StringComparison.Ordinal);
        var turned = Assert.Throws<ArgumentException>(
            () => new FeedbackAlignmentRule(setup, Some.Fixed(default, feedback[1].Read().Transposed, feedback[2].Read())));
        Assert.Contains("feedback[1] is 6 × 7, must be 7 × 6", turned.Message, StringComparison.Ordinal);
        var indirect = Assert.Throws<ArgumentException>(() => new DirectFeedbackAlignmentRule(setup, feedback[1..]));
        Assert.Contains("feedback[0] is 7 × 6, must be 3 × 6", indirect.Message, StringComparison.Ordinal);
    }
}
