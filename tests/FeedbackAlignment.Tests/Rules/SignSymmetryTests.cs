using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What follows from Δh = (M ∘ sign W)ᵀ e, whatever the numbers.</summary>
public sealed class SignSymmetryTests
{
    private const string Sizes = "7-6-5-4-3";

    public static TheoryData<string> Kinds() => ["sign-symmetry-uniform", "sign-symmetry-fixed-random", "sign-symmetry-batch-random"];

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void WithTheMagnitudesOfTheWeightsItIsBackpropagation(float signOfMagnitudes)
    {
        foreach (var activation in Activation.Standard.Entries)
        {
            var setup = Some.Setup(Some.Network(Sizes, 1, activation));
            var magnitudes = setup.Network.Layers.Select(layer => layer.Weights.Read().Copy()).ToArray();
            Array.ForEach(magnitudes, matrix => Some.ForEach(matrix, (row, column) => matrix[row, column] = signOfMagnitudes * Math.Abs(matrix[row, column])));
            var batch = Some.Batch(setup.Network, 5, 2);
            Some.AssertSameBits(
                Some.Copies(Estimate(new BackpropagationRule(setup), batch)),
                    Some.Copies(Estimate(new SignSymmetryRule(setup, Some.Fixed(magnitudes)), batch)));
        }
    }

    /// <summary>
    /// Whatever the magnitudes are: sending the error through what the rule says its feedback is gives what the rule gives.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheFeedbackThatIsShownIsWhatCarriesTheErrorAndHasTheSignsOfTheWeightsNow(string rule)
    {
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var (network, learner, batch) = (setup.Network, RuleCatalog.Standard.Get(rule).Create(setup), Some.Batch(setup.Network, 5, 2));
        for (var round = 0; round < 3; round++)
        {
            var shown = Some.Fixed([default, .. learner.Feedback.Select(path => path.Weights.Copy())]);
            var gradients = Some.Copies(Estimate(learner, batch));
            Some.AssertSameBits(gradients, Some.Copies(Estimate(new FeedbackAlignmentRule(setup, shown), batch)));
            foreach (var path in learner.Feedback)
            {
                var weights = network.Layers[path.From].Weights.Read();
                Some.ForEach(weights, (row, column) => Assert.Equal(Math.Sign(weights[row, column]), Math.Sign(path.Weights[row, column])));
                Assert.InRange(Angle.Degrees(weights, path.Weights)!.Value, 5, 70);
            }

            // Other signs, and some weights exactly 0 of either sign.
            foreach (var layer in network.Layers)
            {
                var (weights, turn) = (layer.Weights.Read(), round);
                Some.ForEach(weights, (row, column) => weights[row, column] *= (row + column + turn) % 3 - 1);
            }
        }
    }

    /// <summary>The probe reads the angle to the matrix with signs; that to magnitudes alone would be near 90°.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheAngleThatIsReadIsThatToTheFeedbackWithSigns(string rule)
    {
        var setup = Some.Setup(Some.Network("20-60-50-4", 1), maxBatch: 60);
        var readings = new AlignmentProbe(RuleCatalog.Standard.Get(rule).Create(setup), setup, Some.Examples(60, 20, 4, 4)).Read();

        // Uniform weights: arccos of mean|w| over its root mean square, √3/2, is 30°; with random magnitudes of the same kind the cosine is 3/4.
        var expected = double.RadiansToDegrees(Math.Acos(rule == "sign-symmetry-uniform" ? Math.Sqrt(3) / 2 : 0.75));
        Assert.All(readings.SkipLast(1), reading => Assert.Equal(expected, reading.WeightAngle!.Value, 4.0));
        Assert.All(readings.SkipLast(1), reading => Assert.InRange(reading.ErrorAngle!.Value, 1, 70));
    }

    [Fact]
    public void UniformFeedbackHasOneSizeALayerAndTheNormOfFeedbackAlignments()
    {
        foreach (var share in (double[])[1, 0.6])
        {
            var network = Some.Network("20-60-50-4", 1);
            var setup = new RuleSetup(network, Loss.SquaredError, 9, new RandomStreams(4), feedback: new FeedbackOptions { Share = share });
            var drawn = setup.DrawFeedback();
            foreach (var path in RuleCatalog.Standard.Get("sign-symmetry-uniform").Create(setup).Feedback)
            {
                var sizes = new HashSet<float>();
                Some.ForEach(path.Weights, (row, column) =>
                {
                    Assert.Equal(drawn[path.From].Read()[row, column] == 0, path.Weights[row, column] == 0);
                    sizes.Add(Math.Abs(path.Weights[row, column]));
                });
                var size = sizes.Except([0]).Single();
                Assert.Equal(
                    1, Math.Sqrt(
                        Reductions.Dot(path.Weights, path.Weights) / Reductions.Dot(
                            drawn[path.From].Read(), drawn[path.From].Read())), 1e-6);

                // Glorot's standard deviation, five standard errors wide.
                var (n, deviation) = (path.Weights.Rows * path.Weights.Columns * share, Math.Sqrt(2.0 / (path.Weights.Rows + path.Weights.Columns)));
                Assert.InRange(size / deviation, 1 - 5 * 0.45 / Math.Sqrt(n), 1 + 5 * 0.45 / Math.Sqrt(n));
            }
        }
    }

    [Fact]
    public void FixedMagnitudesAreThoseOfFeedbackAlignmentAndStayWhileSignsFollow()
    {
        var setup = Some.Setup(Some.Network("6-9-8-3", 1));
        var drawn = setup.DrawFeedback();
        var rule = new SignSymmetryRule(setup, drawn);
        var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
        var optimizer = new Sgd(rule.LearnedParameters, weightDecay: 0.1f);
        var turned = 0;
        var before = setup.Network.Layers.Select(layer => layer.Weights.Read().Copy()).ToArray();
        for (var step = 0; step < 100; step++)
        {
            rule.EstimateGradients(Some.Batch(setup.Network, 4, (ulong)step), gradients);
            optimizer.Step(gradients, 0.3f);
        }

        foreach (var path in rule.Feedback)
        {
            var weights = setup.Network.Layers[path.From].Weights.Read();
            Some.ForEach(weights, (row, column) =>
            {
                Assert.Equal(Math.Abs(drawn[path.From].Read()[row, column]) * Math.Sign(weights[row, column]), path.Weights[row, column]);
                turned += weights[row, column] * before[path.From][row, column] < 0 ? 1 : 0;
            });
        }

        Assert.True(turned > 0, "no weight has changed its sign, so the test shows nothing");
    }

    /// <summary>
    /// Each draw is independent, and their mean over many batches is the distribution's mean magnitude: half the half-width of a uniform
    /// one.
    /// </summary>
    [Fact]
    public void BatchwiseMagnitudesAreDrawnAnewForEveryBatchFromTheFeedbacksDistribution()
    {
        const int Draws = 2000;
        var network = Some.Network("6-9-3", 1);
        var setup = new RuleSetup(network, Loss.SquaredError, 9, new RandomStreams(4), feedback: new FeedbackOptions { Distribution = WeightDistribution.Uniform(0.5), Share = 0.7 });
        var (rule, missing) = (SignSymmetryRule.Redrawn(setup), setup.DrawFeedback()[1].Read());
        var sums = new double[3, 9];
        var seen = new HashSet<float>();
        for (var draw = 0; draw < Draws; draw++)
        {
            Estimate(rule, Some.Batch(network, 1, 1));
            var feedback = rule.Feedback[0].Weights;
            Some.ForEach(feedback, (row, column) => sums[row, column] += Math.Abs(feedback[row, column]));
            seen.Add(feedback[0, 0]);
        }

        Assert.True(seen.Count > (missing[0, 0] == 0 ? 0 : Draws * 0.99));
        Assert.Contains(0f, Enumerable.Range(0, 9).Select(column => missing[1, column]));

        // Standard deviation of |u| for u uniform on ±½: ½ ∕ √12. Five standard errors.
        var bound = 5 * 0.5 / Math.Sqrt(12) / Math.Sqrt(Draws);
        Some.ForEach(missing, (row, column) => Assert.Equal(missing[row, column] == 0 ? 0 : 0.25, sums[row, column] / Draws, bound));
    }

    /// <summary>Asking what the feedback is, however often, changes neither what is shown nor what is drawn.</summary>
    [Fact]
    public void LookingAtBatchwiseFeedbackDrawsNothing()
    {
        var setup = Some.Setup(Some.Network("6-9-8-3", 1));
        var (asked, alone) = (SignSymmetryRule.Redrawn(setup), SignSymmetryRule.Redrawn(setup));
        for (ulong batch = 0; batch < 3; batch++)
        {
            Matrix[] first = [.. asked.Feedback.Select(path => path.Weights.Copy())];
            Some.AssertSameBits(first, [.. asked.Feedback.Select(path => path.Weights)]);
            Some.AssertSameBits(Some.Copies(Estimate(alone, Some.Batch(setup.Network, 4, batch))), Some.Copies(Estimate(asked, Some.Batch(setup.Network, 4, batch))));
            Assert.All(first.Zip(asked.Feedback), pair => Assert.False(Some.SameBits(pair.First, pair.Second.Weights)));
        }
    }

    [Fact]
    public void MagnitudesOfTheWrongShapeAreRefused()
    {
        var setup = Some.Setup(Some.Network("5-6-7-3", 1));
        var magnitudes = setup.DrawFeedback();
        var turned = Assert.Throws<ArgumentException>(
            () => new SignSymmetryRule(setup, Some.Fixed(default, magnitudes[1].Read().Transposed, magnitudes[2].Read())));
        Assert.Contains("feedback[1] is 6 × 7, must be 7 × 6", turned.Message, StringComparison.Ordinal);
    }

    private static Gradients Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return gradients;
    }
}
