using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;
using FeedbackAlignment.Tests.Optimizers;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What direct feedback that learns has in common with Kolen–Pollack, and with direct feedback that does not.</summary>
public sealed class DirectKolenPollackTests
{
    private const string Sizes = "7-6-5-3";

    public static TheoryData<string, int> OptimizersAndBatches() => KolenPollackTests.OptimizersAndBatches();

    /// <summary>With one hidden layer the two are one rule, to the bit and throughout a training.</summary>
    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void WithOneHiddenLayerItIsKolenPollack(string optimizer, int batch)
    {
        var (setup, twin) = (Some.Setup(Some.Network("7-6-3", 1)), Some.Setup(Some.Network("7-6-3", 1)));
        var (direct, layered) = (new DirectKolenPollackRule(setup), new KolenPollackRule(twin));
        KolenPollackTests.Train(direct, optimizer, batch, 100, decay: 0.1f);
        KolenPollackTests.Train(layered, optimizer, batch, 100, decay: 0.1f);
        Some.AssertSameBits(Some.Copies(layered.LearnedParameters), Some.Copies(direct.LearnedParameters));
    }

    /// <summary>
    /// At the last hidden layer it is Kolen–Pollack of the output layer, whatever happens below: begun at its weights, its feedback stays
    /// equal to them.
    /// </summary>
    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void TheLastHiddenLayersFeedbackBegunAtTheOutputWeightsStaysEqualToThem(string optimizer, int batch)
    {
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var feedback = setup.DrawDirectFeedback();
        var rule = new DirectKolenPollackRule(setup, [feedback[0], setup.Network.Layers[^1].Weights]);
        KolenPollackTests.Train(rule, optimizer, batch, 200, decay: 0.05f);
        Some.AssertSameBits(setup.Network.Layers[^1].Weights.Read(), rule.Feedback[^1].Weights);
        Assert.False(Some.SameBits(feedback[0].Read(), rule.Feedback[0].Weights));
    }

    [Fact]
    public void TheLastHiddenLayersFeedbackTendsToTheOutputWeights()
    {
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var rule = new DirectKolenPollackRule(setup);
        KolenPollackTests.TrainOnClasses(rule);
        Assert.InRange(
            FeedbackAlignment.Probes.Angle.Degrees(setup.Network.Layers[^1].Weights.Read(), rule.Feedback[^1].Weights)!.Value, 0, 1e-2);
    }

    /// <summary>Equal widths as well, where a transpose or another layer's matrix would fit.</summary>
    [Theory]
    [InlineData(Sizes)]
    [InlineData("4-4-4-4")]
    public void TheNetworksGradientsAreThoseOfDirectFeedbackAlignment(string sizes)
    {
        var setup = Some.Setup(Some.Network(sizes, 1));
        var batch = Some.Batch(setup.Network, 5, 2);
        var (learns, stays) = (new DirectKolenPollackRule(setup), new DirectFeedbackAlignmentRule(setup));
        Assert.Equal(stays.Feedback.Select(path => (path.From, path.To)), learns.Feedback.Select(path => (path.From, path.To)));
        var (gradients, others) = (new Gradients(learns.LearnedParameters, setup.Network.Compute), new Gradients(stays.LearnedParameters, setup.Network.Compute));
        for (var round = 0; round < 2; round++)
        {
            learns.EstimateGradients(batch, gradients);
            stays.EstimateGradients(batch, others);
            Assert.All(setup.Network.Parameters, parameter => Some.AssertSameBits(others[parameter].Values, gradients[parameter].Values));

            // And still so when its feedback has moved.
            new Sgd(learns.Parameters, weightDecay: 0.1f).Step(gradients, 0.3f);
            stays = new DirectFeedbackAlignmentRule(setup, [.. learns.Feedback.Select(path => new FixedWeights(path.Weights))]);
        }
    }

    /// <summary>
    /// Output error ⊗ the hidden layer's own activity, the mean over the batch: with loops in double. Equal widths, so that a transpose
    /// or another layer would fit.
    /// </summary>
    [Theory]
    [InlineData(Sizes)]
    [InlineData("4-4-4-4")]
    public void TheFeedbacksGradientIsTheOutputErrorTimesTheLayersActivity(string sizes)
    {
        var network = Some.Network(sizes, 1, Activation.Tanh);
        var (rule, batch) = (new DirectKolenPollackRule(Some.Setup(network)), Some.Batch(network, 5, 2));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        rule.EstimateGradients(batch, gradients);

        var below = ReferenceNetwork.Rows(batch.Inputs);
        var targets = ReferenceNetwork.Rows(batch.Targets);
        var activities = new List<double[][]>();
        foreach (var layer in network.Layers)
        {
            var (weights, biases) = (ReferenceNetwork.Rows(layer.Weights.Read()), layer.Biases!.Read());
            below = [.. below.Select(x => weights.Select((row, i) => Activate(row.Zip(x, (w, v) => w * v).Sum() + biases[0, i], layer.Activation)).ToArray())];
            activities.Add(below);
        }

        double[][] errors = [.. activities[^1].Zip(targets, (z, t) => Softmax(z).Zip(t, (p, target) => p - target).ToArray())];
        foreach (var (hidden, feedback) in rule.Parameters.Index())
        {
            var actual = gradients[feedback].Values;
            for (var i = 0; i < actual.Rows; i++)
            {
                for (var j = 0; j < actual.Columns; j++)
                {
                    Assert.Equal(Enumerable.Range(0, 5).Average(example => errors[example][i] * activities[hidden][example][j]), actual[i, j], 1e-6);
                }
            }
        }
    }

    /// <summary>
    /// The last hidden layer's feedback stands where the output weights do; the others' have no counterpart, though the shape of a
    /// layer's weights may be theirs.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.8)]
    public void OnlyTheOutputLayersMissingConnectionsAreMissingFromFeedback(double? share)
    {
        var network = Some.Sparse("5-6-4-4", 3, 0.5, "hidden2", "output");
        var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 8, new RandomStreams(3), feedback: new FeedbackOptions { Share = share });
        var rule = new DirectKolenPollackRule(setup);
        var drawn = setup.DrawDirectFeedback();
        KolenPollackTests.Train(rule, "momentum", 8, 20, decay: 0.1f);
        var missing = new int[2];
        foreach (var path in rule.Feedback)
        {
            for (var i = 0; i < path.Weights.Rows; i++)
            {
                for (var j = 0; j < path.Weights.Columns; j++)
                {
                    var there = path.To == 0 || network.Layers[^1].Weights.Connections!.Value[i, j] > 0;
                    Assert.Equal(there && drawn[path.To].Read()[i, j] != 0, path.Weights[i, j] != 0);
                    missing[path.To] += there ? 0 : 1;
                }
            }
        }

        Assert.Equal(0, missing[0]);
        Assert.InRange(missing[1], 3, 13);
    }

    /// <summary>No gradient, but decay: feedback shrinks as weights do, under every optimizer.</summary>
    [Fact]
    public void FeedbackDecaysAsWeightsDo()
    {
        foreach (var optimizer in EveryOptimizer.Names)
        {
            var setup = Some.Setup(Some.Network(Sizes, 1));
            var rule = new DirectKolenPollackRule(setup);
            var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
            var mover = EveryOptimizer.Create(optimizer, rule.LearnedParameters, 0.5f, WeightDecayMode.PerStep);
            var before = Some.Copies(rule.Parameters);
            foreach (var gradient in gradients.All)
            {
                gradient.Write().Fill(0);
            }

            mover.Step(gradients, 0.1f);
            foreach (var (old, parameter) in before.Zip(rule.Parameters))
            {
                Assert.Equal(old[1, 2] / 2, parameter.Read()[1, 2]);
            }
        }
    }

    private static double Activate(double z, Activation activation) => activation == Activation.Tanh ? Math.Tanh(z) : z;

    private static IEnumerable<double> Softmax(double[] z)
    {
        var sum = z.Sum(Math.Exp);
        return z.Select(value => Math.Exp(value) / sum);
    }
}
