using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>A weight mirror is right if the mean of what moves B is the weights, times each unit's mean slope.</summary>
public sealed class WeightMirrorTests
{
    private const string Sizes = "5-6-7-4";

    /// <summary>
    /// Stein: E[φ(w·x) x] = σ² E[φ′(w·x)] w. One pattern's y x ∕ σ² has a variance of at most |w|² + 2 w² (Isserlis, for linear units;
    /// all others give less), so the mean of n patterns is within five of its standard errors of the mean slope times w. At σ = 1 the
    /// units are far from linear.
    /// </summary>
    [Theory]
    [InlineData("linear", 0.1)]
    [InlineData("tanh", 0.1)]
    [InlineData("tanh", 1)]
    [InlineData("logistic", 1)]
    [InlineData("relu", 1)]
    public void TheMeanOfWhatMovesFeedbackIsTheWeightsTimesTheMeanSlopeAndDecay(string hidden, double noise)
    {
        const int Patterns = 64, Draws = 2000;
        const double Rate = 3, Decay = 0.5;
        var network = Some.Network(Sizes, 3, Activation.FromId(hidden));
        var rule = new WeightMirrorRule(Setup(network, ("noise", noise), ("mirrorRate", Rate), ("mirrorDecay", Decay), ("noiseExamples", Patterns)));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        double[][,] sums = [.. rule.Parameters.Select(parameter => new double[parameter.Rows, parameter.Columns])];
        for (var draw = 0; draw < Draws; draw++)
        {
            rule.EstimateGradients(Some.Batch(network, 2, 5), gradients);
            foreach (var (sum, parameter) in sums.Zip(rule.Parameters))
            {
                Some.ForEach(parameter.Read(), (i, j) => sum[i, j] += gradients[parameter].Values[i, j]);
            }
        }

        foreach (var (index, (sum, parameter)) in sums.Zip(rule.Parameters).Index())
        {
            var layer = network.Layers[index + 1];
            var (weights, squares) = (layer.Weights.Read(), 0.0);
            Some.ForEach(weights, (i, j) =>
            {
                var (w, norm) = (weights[i, j], Math.Sqrt(Enumerable.Range(0, weights.Columns).Sum(k => (double)weights[i, k] * weights[i, k])));
                var error = Math.Sqrt((norm * norm + 2 * w * w) / Patterns / Draws);
                var mirrored = (Decay * parameter.Read()[i, j] - sum[i, j] / Draws) / Rate;
                Assert.Equal(MeanSlope(layer.Activation, noise * norm) * w, mirrored, 5 * error);
                squares += Math.Pow((mirrored - MeanSlope(layer.Activation, noise * norm) * w) / error, 2);
            });

            // And the bound is as tight as it says where units are linear: the deviations are about one standard error.
            var deviation = Math.Sqrt(squares / (weights.Rows * weights.Columns));
            Assert.InRange(deviation, layer.Activation == Activation.Linear ? 0.7 : 0.05, 1.3);
        }
    }

    /// <summary>
    /// One phase, with loops in double and the same random numbers: the noise of each layer is its own, and no bias takes part.
    /// </summary>
    [Theory]
    [InlineData("logistic", 0, 3)]
    [InlineData("tanh", 5, 3)]
    [InlineData("relu", 5, 1)]
    public void OnePhaseIsTheFormula(string hidden, int noiseExamples, int batch)
    {
        const double Noise = 0.3, Rate = 2, Decay = 0.25;
        var network = Some.Network("4-4-4-4", 3, Activation.FromId(hidden), Activation.Logistic);
        var setup = Setup(network, ("noise", Noise), ("mirrorRate", Rate), ("mirrorDecay", Decay), ("noiseExamples", noiseExamples));
        var rule = new WeightMirrorRule(setup);
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        rule.EstimateGradients(Some.Batch(network, batch, 5), gradients);
        var patterns = noiseExamples == 0 ? batch : noiseExamples;
        foreach (var (index, parameter) in rule.Parameters.Index())
        {
            var layer = network.Layers[index + 1];
            var (weights, random) = (layer.Weights.Read(), setup.Streams.Stream($"{RandomStreams.Noise}/weight-mirror/{layer.Name}"));
            var correlation = new double[4, 4];
            for (var pattern = 0; pattern < patterns; pattern++)
            {
                double[] x = [.. Enumerable.Range(0, 4).Select(_ => (double)(float)(Noise * random.NextNormal()))];
                Some.ForEach(weights, (i, j) => correlation[i, j] += (Respond(layer.Activation, Enumerable.Range(0, 4).Sum(k => weights[i, k] * x[k])) - Respond(layer.Activation, 0)) * x[j]);
            }

            Some.ForEach(weights, (i, j) => Assert.Equal(
                Decay * parameter.Read()[i, j] - Rate * correlation[i, j] / (
                    patterns * Noise * Noise), gradients[parameter].Values[i, j], 1e-5));
        }
    }

    [Fact]
    public void NeitherTheExamplesNorTheBiasesMoveFeedback()
    {
        Matrix[] Moves(float biases, ulong batch)
        {
            var network = Some.Network(Sizes, 3, Activation.Logistic);
            foreach (var layer in network.Layers)
            {
                layer.Biases!.Read().Fill(biases);
            }

            var rule = new WeightMirrorRule(Setup(network));
            var gradients = new Gradients(rule.LearnedParameters, network.Compute);
            rule.EstimateGradients(Some.Batch(network, 4, batch), gradients);
            return [.. rule.Parameters.Select(parameter => gradients[parameter].Values.Copy())];
        }

        Some.AssertSameBits(Moves(0, 5), Moves(2, 6));
    }

    /// <summary>
    /// Of feedback at ρ ∕ λ W, which linear units have as their fixed point, nothing moves but the noise; B elsewhere comes there, at the
    /// rate of its decay.
    /// </summary>
    [Fact]
    public void FeedbackTendsToTheWeightsTimesRateOverDecay()
    {
        const float Step = 0.01f;
        const double Rate = 2, Decay = 1;
        const int Patterns = 50, Steps = 1500;
        var network = Some.Network(Sizes, 3, Activation.Linear);
        var rule = new WeightMirrorRule(Setup(network, ("mirrorRate", Rate), ("mirrorDecay", Decay), ("noiseExamples", Patterns)));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        var optimizer = new Sgd(rule.Parameters);
        for (var step = 0; step < Steps; step++)
        {
            rule.EstimateGradients(Some.Batch(network, 1, 5), gradients);
            optimizer.Step(gradients, Step);
        }

        // What is left of the beginning is (1 − ηλ)^steps < 10⁻⁶; what wanders has the variance ηλ ∕ (2 − ηλ) of one phase's.
        foreach (var path in rule.Feedback)
        {
            var weights = network.Layers[path.From].Weights.Read();
            Some.ForEach(weights, (i, j) =>
            {
                var squares = Enumerable.Range(0, weights.Columns).Sum(k => (double)weights[i, k] * weights[i, k]) + weights[i, j] * weights[i, j];
                var wander = Rate / Decay * Math.Sqrt(Step * Decay / (2 - Step * Decay) * squares / Patterns);
                Assert.Equal(Rate / Decay * weights[i, j], path.Weights[i, j], 5 * wander);
            });
            Assert.InRange(Angle.Degrees(weights, path.Weights)!.Value, 0, 4);
        }
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("logistic")]
    [InlineData("relu")]
    public void TheAngleToTheWeightsFallsWhileTheNetworkLearns(string hidden)
    {
        var network = Some.Network("7-10-10-3", 3, Activation.FromId(hidden));
        var setup = Setup(network);
        var rule = new WeightMirrorRule(setup);
        var probe = new AlignmentProbe(rule, setup, Some.Examples(60, 7, 3, 4));
        var before = probe.Read();
        KolenPollackTests.Train(rule, "sgd", 16, 1500, decay: 0, rate: 0.02f);
        var after = probe.Read();
        for (var layer = 0; layer < 2; layer++)
        {
            Assert.InRange(before[layer].WeightAngle!.Value, 50, 130);
            Assert.InRange(after[layer].WeightAngle!.Value, 0, 12);
            Assert.InRange(after[layer].GradientAngle!.Value, 0, 15);
        }
    }

    /// <summary>Equal widths as well, where another layer's feedback would fit.</summary>
    [Theory]
    [InlineData(Sizes)]
    [InlineData("4-4-4-4")]
    public void TheErrorGoesThroughTheFeedbackAsItIsNow(string sizes)
    {
        var network = Some.Network(sizes, 3);
        var rule = new WeightMirrorRule(Setup(network));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        for (var round = 0; round < 2; round++)
        {
            rule.EstimateGradients(Some.Batch(network, 4, 5), gradients);
            var twin = new FeedbackAlignmentRule(Setup(network), Some.Fixed([default, .. rule.Feedback.Select(path => path.Weights)]));
            var others = new Gradients(twin.LearnedParameters, network.Compute);
            twin.EstimateGradients(Some.Batch(network, 4, 5), others);
            Assert.All(network.Parameters, parameter => Some.AssertSameBits(others[parameter].Values, gradients[parameter].Values));
            new Sgd(rule.Parameters).Step(gradients, 0.3f);
        }
    }

    /// <summary>All layers mirror beside a batch or none; where none does, nothing decays either.</summary>
    [Fact]
    public void SomeBatchesHaveNoPhaseIfItSaysSo()
    {
        const int Batches = 2000;
        var network = Some.Network(Sizes, 3);
        var rule = new WeightMirrorRule(Setup(network, ("mirrorChance", 0.3)));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        var phases = 0;
        for (var batch = 0; batch < Batches; batch++)
        {
            rule.EstimateGradients(Some.Batch(network, 1, 5), gradients);
            var mirrors = rule.Parameters.Select(parameter => gradients[parameter].IsPresent).Distinct().Single();
            phases += mirrors ? 1 : 0;
        }

        Assert.Equal(0.3, phases / (double)Batches, 5 * Math.Sqrt(0.3 * 0.7 / Batches));
    }

    /// <summary>Whether there is a phase is drawn too: an instrument that puts all noise back must find the same phases again.</summary>
    [Fact]
    public void PutBackToWhereItsNoiseWasItMirrorsTheSameAgain()
    {
        var network = Some.Network(Sizes, 3);
        var rule = new WeightMirrorRule(Setup(network, ("mirrorChance", 0.5)));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        (bool Mirrors, Matrix[] Moves)[] Phases() =>
        [
            .. Enumerable.Range(0, 40).Select(_ =>
            {
                rule.EstimateGradients(Some.Batch(network, 2, 5), gradients);
                var mirrors = gradients[rule.Parameters[0]].IsPresent;
                return (mirrors, mirrors ? rule.Parameters.Select(parameter => gradients[parameter].Values.Copy()).ToArray() : []);
            }),
        ];

        var first = Phases();
        Some.Rewind(rule);
        var again = Phases();
        Assert.Equal(first.Select(phase => phase.Mirrors), again.Select(phase => phase.Mirrors));
        Assert.All(first.Zip(again), pair => Some.AssertSameBits(pair.First.Moves, pair.Second.Moves));
    }

    /// <summary>The batches may be small and the noise many: there is room for the greater of the two.</summary>
    [Fact]
    public void APhaseMayHaveMorePatternsThanTheLargestBatchHasExamples()
    {
        var network = Some.Network(Sizes, 3, Activation.Linear);
        var few = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 2, new RandomStreams(1), options: new Dictionary<string, double> { ["noiseExamples"] = 5 });
        Matrix[] Moves(RuleSetup setup)
        {
            var rule = new WeightMirrorRule(setup);
            var gradients = new Gradients(rule.LearnedParameters, network.Compute);
            rule.EstimateGradients(Some.Batch(network, 2, 5), gradients);
            return [.. rule.Parameters.Select(parameter => gradients[parameter].Values.Copy())];
        }

        Some.AssertSameBits(Moves(Setup(network, ("noiseExamples", 5))), Moves(few));
    }

    /// <summary>Where a forward connection is missing, there is nothing to mirror but noise.</summary>
    [Fact]
    public void FeedbackStaysAwayWhereConnectionsAreMissing()
    {
        var network = Some.Sparse(Sizes, 3, 0.5, "output");
        var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 16, new RandomStreams(3), feedback: new FeedbackOptions { Share = 0.8 });
        var rule = new WeightMirrorRule(setup);
        var drawn = setup.DrawFeedback();
        KolenPollackTests.Train(rule, "momentum", 16, 20, decay: 0);
        foreach (var path in rule.Feedback)
        {
            var connections = network.Layers[path.From].Weights.Connections;
            Some.ForEach(path.Weights, (i, j) =>
                Assert.Equal(
                    drawn[path.From].Read()[i, j] != 0 && (connections is null || connections.Value[i, j] > 0), path.Weights[i, j] != 0));
        }
    }

    private static RuleSetup Setup(Network network, params (string Id, double Value)[] options)
        => new(network, network.Layers[^1].Activation == Activation.Linear ? Loss.SoftmaxCrossEntropy : Loss.SquaredError, 64, new RandomStreams(1), options: options.ToDictionary(option => option.Id, option => option.Value));

    private static double Respond(Activation activation, double z) => activation.Id switch
    {
        "linear" => z,
        "tanh" => Math.Tanh(z),
        "logistic" => 1 / (1 + Math.Exp(-z)),
        _ => Math.Max(z, 0),
    };

    /// <summary>E[φ′(s n)] for a standard normal n, by the trapezoidal rule.</summary>
    private static double MeanSlope(Activation activation, double s)
    {
        const double Width = 1e-3;
        var sum = 0.0;
        for (var n = -8.0; n <= 8; n += Width)
        {
            var h = Respond(activation, s * n);
            var slope = activation.Id switch { "linear" => 1, "tanh" => 1 - h * h, "logistic" => h * (1 - h), _ => n > 0 ? 1 : 0 };
            sum += slope * Math.Exp(-n * n / 2) * Width / Math.Sqrt(2 * Math.PI);
        }

        return sum;
    }
}
