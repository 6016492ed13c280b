using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;
using FeedbackAlignment.Tests.Optimizers;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What every rule and every optimizer must do where connections are missing.</summary>
public sealed class MissingConnectionsContractTests
{
    private const string Sizes = "11-18-17-5";

    private static readonly Dictionary<string, Connectivity> _sparse = new()
    {
        ["hidden1"] = Connectivity.InputsPerUnit(3),
        ["hidden2"] = Connectivity.Random(0.6),
        ["output"] = Connectivity.Random(0.5),
    };

    public static TheoryData<string> Rules() => [.. RuleCatalog.Standard.Ids];

    public static TheoryData<string, string, int> Cases()
    {
        var cases = new TheoryData<string, string, int>();
        foreach (var rule in RuleCatalog.Standard.Ids)
        {
            foreach (var optimizer in EveryOptimizer.Names)
            {
                cases.Add(rule, optimizer, 1);
                cases.Add(rule, optimizer, 64);
            }
        }

        cases.Add("backpropagation", "sign", 1);
        cases.Add("backpropagation", "sign-nesterov", 64);

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MissingWeightsStayAtZeroAndTheOthersMove(string rule, string optimizer, int batch)
    {
        (float, WeightDecayMode)[] decays = [(0, default), (0.1f, WeightDecayMode.TimesLearningRate), (0.1f, WeightDecayMode.PerStep)];
        if (rule is "backpropagation" or "kolen-pollack")
        {
            decays = [.. decays, (0.1f, WeightDecayMode.Coupled)];
        }

        foreach (var (decay, mode) in decays)
        {
            var network = Network.Mlp(Sizes, 3, new() { Connectivity = _sparse });
            var before = Some.Copies(network.Parameters);
            var taught = Taught(rule, network, batch);

            // At any time: that a weight comes back to where it was is rare, but of a thousand weights one may.
            bool[][,] moved = [.. before.Select(matrix => new bool[matrix.Rows, matrix.Columns])];
            var learner = Train(rule, network, optimizer, batch, decay, mode, _ =>
            {
                foreach (var (flags, old, parameter) in moved.Zip(before, network.Parameters))
                {
                    Some.ForEach(old, (row, column) => flags[row, column] |= old[row, column] != parameter.Read()[row, column]);
                }
            });
            for (var i = 0; i < before.Length; i++)
            {
                var parameter = network.Parameters[i];
                var units = taught[parameter.Name.Split('.')[0]];
                Some.ForEach(before[i], (row, column) =>
                {
                    if (parameter.Connections is { } connections && connections[row, column] == 0)
                    {
                        Assert.Equal(0, BitConverter.SingleToInt32Bits(parameter.Read()[row, column]));
                    }
                    else
                    {
                        // What has a gradient decays, though the gradient be 0.
                        var decays = decay > 0 && parameter.Kind == ParameterKind.Weights
                            && RuleCatalog.Standard.Get(rule).TeachesHiddenLayers;
                        var moves = decays || units[parameter.Kind == ParameterKind.Biases ? column : row];
                        Assert.True(moves == moved[i][row, column], $"{parameter.Name}[{row}, {column}] {(moves ? "has not moved" : "has moved")} under a decay of {decay} {mode}");
                    }
                });
            }

            Assert.True(learner.LearnedParameters.Count(parameter => parameter.Connections is not null) >= 3);
        }
    }

    /// <summary>A step of one example may be put off; one that has to respect missing connections must not be.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void AskingForWeightsOrGradientsAfterEveryStepChangesNoBit(string rule)
    {
        var silent = Network.Mlp(Sizes, 3, new() { Connectivity = _sparse });
        Train(rule, silent, "sgd", 1, 0.1f, WeightDecayMode.PerStep, _ => { });
        var asked = Network.Mlp(Sizes, 3, new() { Connectivity = _sparse });
        Train(rule, asked, "sgd", 1, 0.1f, WeightDecayMode.PerStep, gradients => _ = (Some.Copies(asked.Parameters), Some.Copies(gradients)));
        Some.AssertSameBits(Some.Copies(silent.Parameters), Some.Copies(asked.Parameters));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void NeitherThreadsNorConnectionsThatAreAllThereChangeABit(string rule)
    {
        foreach (var batch in (int[])[1, 64])
        {
            var wide = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(0.5), ["output"] = Connectivity.Random(0.5) };
            var trained = ((int[])[1, 2, 3]).Select(threads =>
            {
                using var compute = new Compute(threads);
                var network = Network.Mlp("120-110-100-90", 3, new() { Connectivity = wide }, compute);
                Train(rule, network, "sgd", batch, 0, default, _ => { }, steps: 3);
                return Some.Copies(network.Parameters);
            }).ToArray();
            Some.AssertSameBits(trained[0], trained[1]);
            Some.AssertSameBits(trained[0], trained[2]);

            var all = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(1), ["output"] = Connectivity.Random(1) };
            var (whole, full) = (Network.Mlp(Sizes, 3), Network.Mlp(Sizes, 3, new() { Connectivity = all }));
            Train(rule, whole, "sgd", batch, 0, default, _ => { });
            Train(rule, full, "sgd", batch, 0, default, _ => { });
            Some.AssertSameBits(Some.Copies(whole.Parameters), Some.Copies(full.Parameters));
        }
    }

    /// <summary>
    /// A connection's slope is that of the loss; one that is missing has none, though the loss of a network that had it would.
    /// </summary>
    [Fact]
    public void BackpropagationsGradientIsTheSlopeOfTheLossWhereThereIsAConnection()
    {
        var network = Network.Mlp("5-6-4-3", 3, new() { Connectivity = _sparse });
        var batch = Some.Batch(network, 4, 5);
        var gradients = Estimate(new BackpropagationRule(Some.Setup(network)), batch);
        var reference = new ReferenceNetwork(network);
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var weights = network.Layers[i].Weights;
            var (slopes, actual) = (reference.WeightGradient(i, Loss.SoftmaxCrossEntropy, batch), gradients[weights].Values);
            var unconnected = 0.0;
            Some.ForEach(actual, (row, column) =>
            {
                var there = weights.Connections!.Value[row, column] > 0;
                Assert.Equal(there ? slopes[row, column] : 0, actual[row, column], 1e-6);
                unconnected += there ? 0 : Math.Abs(slopes[row, column]);
            });
            Assert.True(unconnected > 1e-3, "the test shows nothing where a missing connection would not matter");
        }
    }

    [Fact]
    public void FeedbackAlignmentThroughTheForwardWeightsIsBackpropagationAndReadsAngleZero()
    {
        var network = Network.Mlp(Sizes, 3, new() { Connectivity = _sparse });
        var setup = Some.Setup(network);
        var aligned = new FeedbackAlignmentRule(setup, Some.Fixed([.. network.Layers.Select(layer => layer.Weights.Read().Copy())]));
        var batch = Some.Batch(network, 9, 5);
        Some.AssertSameBits(Some.Copies(Estimate(new BackpropagationRule(setup), batch)), Some.Copies(Estimate(aligned, batch)));
        foreach (var reading in new AlignmentProbe(aligned, setup, Some.Examples(60, 11, 5, 4)).Read())
        {
            Assert.Equal((0.0, 1.0), (reading.GradientAngle, reading.GradientNormRatio));
            Assert.Equal(reading.Layer == "output" ? null : 0.0, reading.WeightAngle);
        }
    }

    /// <summary>The reading is taken over the connections that there are: the same angle as by hand.</summary>
    [Fact]
    public void TheAngleBetweenGradientsIsThatOverTheConnectionsThatThereAre()
    {
        var network = Network.Mlp(Sizes, 3, new() { Connectivity = _sparse });
        var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 64, new RandomStreams(1), feedback: new FeedbackOptions { Share = 0.5 });
        var examples = Some.Examples(60, 11, 5, 4);
        var rule = new FeedbackAlignmentRule(setup);
        var reading = new AlignmentProbe(rule, setup, examples).Read()[0];
        var weights = network.Layers[0].Weights;
        var batch = new Batch(examples.Inputs, examples.Targets);
        var (a, b) = (Estimate(rule, batch)[weights].Values, Estimate(new BackpropagationRule(setup), batch)[weights].Values);
        double product = 0, squareA = 0, squareB = 0;
        Some.ForEach(a, (row, column) =>
        {
            if (weights.Connections!.Value[row, column] > 0)
            {
                product += (double)a[row, column] * b[row, column];
                squareA += (double)a[row, column] * a[row, column];
                squareB += (double)b[row, column] * b[row, column];
            }
        });
        Assert.Equal(double.RadiansToDegrees(Math.Acos(product / Math.Sqrt(squareA * squareB))), reading.GradientAngle!.Value, 1e-4);
        Assert.Equal(Math.Sqrt(squareA / squareB), reading.GradientNormRatio!.Value, 1e-5);
    }

    private static LearningRule Train(
        string rule, Network network, string optimizer, int batch, float decay, WeightDecayMode mode, Action<Gradients> look, int steps = 50)
    {
        var learner = Create(rule, network, batch);
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);
        var mover = EveryOptimizer.Create(optimizer, learner.LearnedParameters, decay, mode);
        for (var step = 0; step < steps; step++)
        {
            learner.EstimateGradients(Some.Batch(network, batch, (ulong)(5 + step % 7)), gradients);
            mover.Step(gradients, 0.01f);
            look(gradients);
        }

        return learner;
    }

    private static LearningRule Create(string rule, Network network, int batch) => RuleCatalog.Standard.Get(rule).Create(
        new RuleSetup(network, Loss.SoftmaxCrossEntropy, batch, new RandomStreams(3),
            feedback: new FeedbackOptions { Share = RuleCatalog.Standard.Get(rule).RefusesSparseFeedback ? null : 0.8 }));

    /// <summary>
    /// Which units of each layer learn: those of the output, and those that feedback reaches; few feedback connections may leave some
    /// out.
    /// </summary>
    private static Dictionary<string, bool[]> Taught(string rule, Network network, int batch)
    {
        var (layers, hidden) = (network.Layers, RuleCatalog.Standard.Get(rule).TeachesHiddenLayers);
        bool[][] taught = [.. layers.Select((layer, i) => Enumerable.Repeat(hidden || i == layers.Count - 1, layer.Outputs).ToArray())];
        foreach (var path in Create(rule, network, batch).Feedback.Where(path => path.To >= 0).OrderByDescending(path => path.To))
        {
            taught[path.To] = [.. Enumerable.Range(0, path.Weights.Columns).Select(to => Enumerable.Range(0, path.Weights.Rows).Any(from => taught[path.From][from] && path.Weights[from, to] != 0))];
        }

        return layers.Select((layer, i) => (layer.Name, taught[i])).ToDictionary();
    }

    private static Gradients Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return gradients;
    }
}
