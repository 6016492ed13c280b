using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Optimizers;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>W − B ← k (W − B), whatever the gradient: what makes Kolen–Pollack what it is.</summary>
public sealed class KolenPollackTests
{
    private const string Sizes = "7-6-5-3";

    public static TheoryData<string, int> OptimizersAndBatches()
    {
        var cases = new TheoryData<string, int>();
        foreach (var optimizer in EveryOptimizer.All)
        {
            cases.Add(optimizer, 1);
            cases.Add(optimizer, 8);
        }

        return cases;
    }

    /// <summary>
    /// Not for one estimate alone, but through a training: then B is W to the bit for good, whichever optimizer moves them.
    /// </summary>
    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void BegunAtTheWeightsItIsBackpropagationToTheBitThroughoutATraining(string optimizer, int batch)
    {
        var (setup, twin) = (Some.Setup(Some.Network(Sizes, 1)), Some.Setup(Some.Network(Sizes, 1)));
        var rule = new KolenPollackRule(setup, [.. setup.Network.Layers.Select(layer => layer.Weights)]);
        Train(rule, optimizer, batch, 200, decay: 0.02f);
        Train(new BackpropagationRule(twin), optimizer, batch, 200, decay: 0.02f);
        Some.AssertSameBits(Some.Copies(twin.Network.Parameters), Some.Copies(setup.Network.Parameters));
        Assert.All(rule.Feedback, path => Some.AssertSameBits(setup.Network.Layers[path.From].Weights.Read(), path.Weights));
    }

    /// <summary>
    /// Every step, every element: W′ − B′ is k (W − B) but for the rounding of the step's few operations, each half a last place of what
    /// is rounded. The same under every optimizer, for the decay is apart from the gradient's part, and that is the same for both.
    /// </summary>
    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void TheDifferenceShrinksByTheKeptShareAtEveryStepToTheLastDigitOfAFloat(string optimizer, int batch)
    {
        foreach (var mode in (WeightDecayMode[])[WeightDecayMode.TimesLearningRate, WeightDecayMode.PerStep])
        {
            const float Rate = 0.05f, Decay = 0.2f;
            var kept = (double)(float)(1 - (mode == WeightDecayMode.PerStep ? Decay : Rate * Decay));
            var rule = new KolenPollackRule(Some.Setup(Some.Network(Sizes, 1)));
            var previous = Differences(rule);
            var beginning = previous;
            Train(rule, optimizer, batch, 60, Decay, mode, Rate, () =>
            {
                var now = Differences(rule);
                foreach (var (layer, (old, young)) in previous.Zip(now).Index())
                {
                    var (weights, feedback) = (rule.Network.Layers[layer + 1].Weights.Read(), rule.Feedback[layer].Weights);
                    for (var i = 0; i < weights.Rows; i++)
                    {
                        for (var j = 0; j < weights.Columns; j++)
                        {
                            // A batch's terms are added one by one, each sum rounded; what is added is below 1 here.
                            var roundings = Math.Pow(2, -24) * (batch + 2) * (Math.Abs(weights[i, j]) + Math.Abs(feedback[i, j]) + 1);
                            Assert.Equal(kept * old[i, j], young[i, j], roundings);
                        }
                    }
                }

                previous = now;
            });

            foreach (var (first, last) in beginning.Zip(previous))
            {
                Assert.Equal(Math.Pow(kept, 60), Norm(last) / Norm(first), 1e-5);
            }
        }
    }

    /// <summary>
    /// Small binary fractions and linear units: no operation rounds, so what is left of the difference is exactly the kept share.
    /// </summary>
    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.25f)]
    [InlineData(0.75f)]
    public void WhereNothingRoundsTheKeptShareOfTheDifferenceIsLeftExactly(float kept)
    {
        var network = Some.Network("2-3-2", 1, Activation.Linear, Activation.Linear, bias: false);
        network.Layers[0].Weights.Read().CopyFrom(Matrix.From(new[,] { { 0.5f, -0.25f }, { 1, 0.5f }, { -0.75f, 0.25f } }));
        network.Layers[1].Weights.Read().CopyFrom(Matrix.From(new[,] { { 0.25f, 1, -0.5f }, { -0.5f, 0.75f, 0.5f } }));
        var setup = Some.Setup(network, Loss.SquaredError, maxBatch: 1);
        var rule = new KolenPollackRule(setup, Some.Fixed(default, Matrix.From(new[,] { { -1, 0.5f, 0.25f }, { 0.75f, 0.25f, -1 } })));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        var (first, weights) = (Differences(rule)[0], network.Layers[1].Weights.Read().Copy());
        rule.EstimateGradients(new Batch(Matrix.From(new[,] { { 0.5f, -0.5f } }), Matrix.From(new[,] { { 0.25f, 0.75f } })), gradients);
        new Sgd(rule.LearnedParameters, weightDecay: 1 - kept, decayMode: WeightDecayMode.PerStep).Step(gradients, 0.25f);
        var now = Differences(rule)[0];
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(kept * first[i / 3, i % 3], now[i / 3, i % 3]);
            Assert.NotEqual(kept * weights[i / 3, i % 3], network.Layers[1].Weights.Read()[i / 3, i % 3]);
        }
    }

    /// <summary>
    /// Decay in the gradient goes through momentum: D = W − B moves as under a gradient of λ D alone, v ← μ v + λ D, D ← D − η v, and in
    /// Nesterov's form by λ D + μ v.
    /// </summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    [InlineData("sign")]
    [InlineData("sign-momentum")]
    [InlineData("sign-nesterov")]
    public void UnderCoupledDecayTheDifferenceMovesAsUnderItsOwnGradient(string optimizer)
    {
        const double Rate = 0.05, Decay = 0.5;
        var momentum = optimizer is "sgd" or "sign" ? 0 : 0.9;
        var rule = new KolenPollackRule(Some.Setup(Some.Network(Sizes, 1)));
        var expected = Differences(rule);
        var before = expected.Select(Norm).ToArray();
        double[][,] velocities = [.. expected.Select(matrix => new double[matrix.GetLength(0), matrix.GetLength(1)])];
        Train(rule, optimizer, 8, 60, (float)Decay, WeightDecayMode.Coupled, (float)Rate, () =>
        {
            foreach (var (difference, velocity) in expected.Zip(velocities))
            {
                for (var place = 0; place < difference.Length; place++)
                {
                    var (i, j) = (place / difference.GetLength(1), place % difference.GetLength(1));
                    var pull = Decay * difference[i, j];
                    velocity[i, j] = (momentum * velocity[i, j]) + pull;
                    difference[i, j] -= Rate
                        * (optimizer.EndsWith("nesterov", StringComparison.Ordinal) ? pull + (momentum * velocity[i, j]) : velocity[i, j]);
                }
            }

            foreach (var (wanted, actual) in expected.Zip(Differences(rule)))
            {
                for (var place = 0; place < wanted.Length; place++)
                {
                    var (i, j) = (place / wanted.GetLength(1), place % wanted.GetLength(1));
                    Assert.Equal(wanted[i, j], actual[i, j], 2e-5);
                }
            }
        });
        Assert.All(Differences(rule).Zip(before), pair => Assert.True(Norm(pair.First) < 0.3 * pair.Second));
    }

    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void WithoutDecayTheDifferenceStaysWhatItWas(string optimizer, int batch)
    {
        var rule = new KolenPollackRule(Some.Setup(Some.Network(Sizes, 1)));
        var (before, weights) = (Differences(rule), Some.Copies(rule.LearnedParameters));
        Train(rule, optimizer, batch, 100, decay: 0);
        foreach (var (old, young) in before.Zip(Differences(rule)))
        {
            for (var i = 0; i < old.GetLength(0); i++)
            {
                for (var j = 0; j < old.GetLength(1); j++)
                {
                    Assert.Equal(old[i, j], young[i, j], 1e-4);
                }
            }
        }

        Assert.All(weights.Zip(rule.LearnedParameters), pair => Assert.False(Some.SameBits(pair.First, pair.Second.Read())));
    }

    [Fact]
    public void TheAnglesGoToZeroAndTheGradientToBackpropagations()
    {
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var rule = new KolenPollackRule(setup);
        var probe = new AlignmentProbe(rule, setup, Some.Examples(60, 7, 3, 4));
        var before = probe.Read();
        TrainOnClasses(rule);
        var after = probe.Read();
        for (var layer = 0; layer < 2; layer++)
        {
            Assert.InRange(before[layer].WeightAngle!.Value, 50, 130);
            Assert.InRange(after[layer].WeightAngle!.Value, 0, 1e-2);
            Assert.InRange(after[layer].GradientAngle!.Value, 0, 1e-2);
            Assert.Equal(1, after[layer].WeightNormRatio!.Value, 1e-3);
        }
    }

    /// <summary>Equal widths as well, where another layer's signals would fit.</summary>
    [Theory]
    [InlineData(Sizes)]
    [InlineData("4-4-4-4")]
    public void FeedbackHasTheForwardWeightsGradientsBitForBitAndBeginsAsFeedbackAlignments(string sizes)
    {
        var setup = Some.Setup(Some.Network(sizes, 1));
        var rule = new KolenPollackRule(setup);
        Some.AssertSameBits(
            [.. setup.DrawFeedback().Skip(1).Select(weights => weights.Read())], [.. rule.Feedback.Select(path => path.Weights)]);
        var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
        rule.EstimateGradients(Some.Batch(setup.Network, 5, 2), gradients);
        Assert.Equal(["hidden2.feedback", "output.feedback"], rule.Parameters.Select(parameter => parameter.Name));
        foreach (var (index, feedback) in rule.Parameters.Index())
        {
            Some.AssertSameBits(gradients[setup.Network.Layers[index + 1].Weights].Values, gradients[feedback].Values);
        }

        // And the network's own gradients are feedback alignment's.
        var fixedFeedback = new FeedbackAlignmentRule(setup);
        var others = new Gradients(fixedFeedback.LearnedParameters, setup.Network.Compute);
        fixedFeedback.EstimateGradients(Some.Batch(setup.Network, 5, 2), others);
        Assert.All(setup.Network.Parameters, parameter => Some.AssertSameBits(others[parameter].Values, gradients[parameter].Values));
    }

    /// <summary>A rule that moved what it was given would move the caller's matrix, or even the forward weights twice.</summary>
    [Fact]
    public void WhatItIsGivenIsCopied()
    {
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var given = setup.DrawFeedback();
        Matrix[] before = [.. given.Skip(1).Select(weights => weights.Read().Copy())];
        Train(new KolenPollackRule(setup, given), "sgd", 8, 5, decay: 0.1f);
        Some.AssertSameBits(before, [.. given.Skip(1).Select(weights => weights.Read())]);
    }

    /// <summary>
    /// Feedback stands where its forward connection does and where the feedback's own share, drawn from its own streams, leaves it; there
    /// the difference shrinks as ever.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.8)]
    public void WhereConnectionsAreMissingSoIsTheirFeedbackAndTheOthersAgree(double? share)
    {
        var network = Some.Sparse(Sizes, 3, 0.7, "hidden2", "output");
        var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 60, new RandomStreams(3), feedback: new FeedbackOptions { Share = share, Streams = new RandomStreams(8) });
        var rule = new KolenPollackRule(setup);
        TrainOnClasses(rule);
        var drawn = setup.DrawFeedback();
        var missing = 0;
        foreach (var path in rule.Feedback)
        {
            var weights = network.Layers[path.From].Weights;
            for (var i = 0; i < path.Weights.Rows; i++)
            {
                for (var j = 0; j < path.Weights.Columns; j++)
                {
                    var there = weights.Connections!.Value[i, j] > 0 && drawn[path.From].Read()[i, j] != 0;
                    Assert.Equal(there, path.Weights[i, j] != 0);
                    Assert.Equal(there ? weights.Read()[i, j] : 0, path.Weights[i, j], 1e-4);
                    missing += there ? 0 : 1;
                }
            }
        }

        Assert.InRange(missing, 5, 40);

        // Weights that had decayed to nothing would agree with anything.
        Assert.All(rule.Feedback, path => Assert.True(Reductions.Dot(path.Weights, path.Weights) > 0.1));
    }

    internal static void Train(
        LearningRule rule, string optimizer, int batch, int steps, float decay, WeightDecayMode mode = default, float rate = 0.05f, Action? look = null)
    {
        var mover = EveryOptimizer.Create(optimizer, rule.LearnedParameters, decay, mode);
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        for (var step = 0; step < steps; step++)
        {
            rule.EstimateGradients(Some.Batch(rule.Network, batch, (ulong)(5 + step % 7)), gradients);
            mover.Step(gradients, rate);
            look?.Invoke();
        }
    }

    /// <summary>Classes that can be learned, so that the weights do not decay to nothing: 0.995 is kept at a step, of 3000.</summary>
    internal static void TrainOnClasses(LearningRule rule)
    {
        var mover = new Sgd(rule.LearnedParameters, weightDecay: 0.01f);
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        var examples = Some.Examples(60, rule.Network.Inputs, rule.Network.Outputs, 9);
        for (var step = 0; step < 3000; step++)
        {
            rule.EstimateGradients(new Batch(examples.Inputs, examples.Targets), gradients);
            mover.Step(gradients, 0.5f);
        }
    }

    /// <summary>W − B of every layer above the first, in double.</summary>
    private static double[][,] Differences(KolenPollackRule rule) => [.. rule.Feedback.Select(path =>
    {
        var weights = rule.Network.Layers[path.From].Weights.Read();
        var difference = new double[weights.Rows, weights.Columns];
        for (var i = 0; i < weights.Rows; i++)
        {
            for (var j = 0; j < weights.Columns; j++)
            {
                difference[i, j] = (double)weights[i, j] - path.Weights[i, j];
            }
        }

        return difference;
    })];

    private static double Norm(double[,] matrix) => Math.Sqrt(matrix.Cast<double>().Sum(value => value * value));
}
