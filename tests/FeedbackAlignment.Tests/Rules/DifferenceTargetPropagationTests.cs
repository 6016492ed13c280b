using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Rules;

public sealed class DifferenceTargetPropagationTests
{
    [Fact]
    public void WithOneHiddenLayerItIsBackpropagationWithHiddenGradientsTimesTheStep()
    {
        const double Step = 0.07;
        var network = Some.Network("5-6-3", 3);
        var batch = Some.Batch(network, 7, 5);
        var rule = new DifferenceTargetPropagationRule(Setup(network, ("step", Step)));
        Assert.Empty(rule.Parameters);
        var (expected, exact) = Estimate(new BackpropagationRule(Setup(network)), batch);
        var (actual, errors) = Estimate(rule, batch);
        foreach (var parameter in network.Layers[0].Parameters)
        {
            Some.ForEach(expected[parameter].Values, (row, column) => Assert.Equal(Step * expected[parameter].Values[row, column], actual[parameter].Values[row, column], 1e-8));
        }

        Some.ForEach(exact[0], (row, column) => Assert.Equal(exact[0][row, column], errors[0][row, column], 1e-7));
    }

    /// <summary>
    /// Where the answer cannot be bettered every target is the output itself, however bad the inverses are: that is what the difference
    /// is for.
    /// </summary>
    [Fact]
    public void WhereTheLastHiddenLayerIsOnItsTargetAllAre()
    {
        var network = Some.Network("5-6-7-4-3", 3);
        network.Layers[^1].Weights.Read().Fill(0);
        var (gradients, _) = Estimate(new DifferenceTargetPropagationRule(Setup(network)), Some.Batch(network, 7, 5));
        foreach (var parameter in network.Layers.SkipLast(1).SelectMany(layer => layer.Parameters))
        {
            Assert.Equal(0, Reductions.Dot(gradients[parameter].Values, gradients[parameter].Values));
        }
    }

    /// <summary>
    /// A linear network whose inverses are inverses: a layer that gets the target below gives its own, and where weights are orthogonal
    /// it is backpropagation.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WithPerfectLinearInversesTargetsAreExact(bool orthogonal)
    {
        var network = Some.Network("5-4-4-4-3", 3, Activation.Linear);
        var rule = new DifferenceTargetPropagationRule(Setup(network, ("step", 0.5)));
        for (var layer = 1; layer < 3; layer++)
        {
            var (w, b) = (network.Layers[layer].Weights.Read(), network.Layers[layer].Biases!.Read());
            if (orthogonal)
            {
                Reflect(w, layer);
            }

            // V = W⁻¹, c = −W⁻¹ b
            var inverse = new Matrix(4, 4);
            PseudoInverse.Transposed(w, inverse);
            var (v, c) = (rule.Parameters[2 * (layer - 1)].Read(), rule.Parameters[(2 * (layer - 1)) + 1].Read());
            v.CopyFrom(inverse.Transposed);
            Some.ForEach(c, (_, i) => c[0, i] = -Enumerable.Range(0, 4).Sum(j => v[i, j] * b[0, j]));
        }

        var batch = Some.Batch(network, 7, 5);
        var (_, errors) = Estimate(rule, batch);
        var (_, exact) = Estimate(new BackpropagationRule(Setup(network)), batch);
        for (var layer = 2; layer > 0; layer--)
        {
            var w = network.Layers[layer].Weights.Read();
            Some.ForEach(errors[layer], (example, i) => Assert.Equal(errors[layer][example, i], Enumerable.Range(0, 4).Sum(j => w[i, j] * errors[layer - 1][example, j]), 1e-5));
            if (orthogonal)
            {
                Some.ForEach(exact[layer - 1], (example, i) => Assert.Equal(exact[layer - 1][example, i], errors[layer - 1][example, i], 1e-5));
            }
        }
    }

    /// <summary>
    /// The formulas in double, with inverses as they are drawn: targets, local losses, and the inverses' own loss by central differences.
    /// </summary>
    [Theory]
    [InlineData("tanh")]
    [InlineData("logistic")]
    [InlineData("linear")]
    public void EveryGradientIsTheFormula(string activation)
    {
        const double Step = 0.4, Deviation = 0.3, Weight = 0.6;
        var network = Some.Network("5-6-7-4-3", 3, Activation.FromId(activation));
        var batch = Some.Batch(network, 3, 5);
        var setup = Setup(network, ("step", Step), ("noise", Deviation), ("inverseWeight", Weight));
        var rule = new DifferenceTargetPropagationRule(setup);
        foreach (var biases in rule.Parameters.Where(parameter => parameter.Kind == ParameterKind.Biases))
        {
            WeightDistribution.Uniform(0.3).Draw(biases.Read(), new RandomStreams(8).Stream(biases.Name));
        }

        var (gradients, _) = Estimate(rule, batch);
        var (_, exact) = Estimate(new BackpropagationRule(setup), batch);
        var signals = Run(network, ReferenceNetwork.Rows(batch.Inputs));
        var targets = new double[3][][];
        targets[2] = [.. signals[3].Select((h, example) => h.Select((value, i) => value - (Step * exact[2][example, i])).ToArray())];
        for (var layer = 2; layer > 0; layer--)
        {
            var (back, backFromTarget) = (Back(rule, activation, layer, signals[layer + 1]), Back(rule, activation, layer, targets[layer]));
            targets[layer - 1] = [.. signals[layer].Select((h, example) => h.Select((value, i) => value + backFromTarget[example][i] - back[example][i]).ToArray())];
        }

        for (var layer = 0; layer < 3; layer++)
        {
            var (own, at) = (network.Layers[layer], layer);
            Compare(own.Parameters, gradients, () => Layer(own, signals[at]).Zip(targets[at], HalfSquare).Average());
        }

        var random = setup.Streams.Stream($"{RandomStreams.Noise}/difference-target-propagation");
        var disturbed = new double[2][][];
        disturbed[0] = new double[3][];
        disturbed[1] = new double[3][];
        for (var example = 0; example < 3; example++)
        {
            for (var layer = 0; layer < 2; layer++)
            {
                disturbed[layer][example] = [.. signals[layer + 1][example].Select(h => h + (Deviation * random.NextNormal()))];
            }
        }

        for (var layer = 1; layer < 3; layer++)
        {
            var (own, at) = (network.Layers[layer], layer);
            Compare(rule.Parameters.Skip(2 * (layer - 1)).Take(2), gradients, () => Weight * Back(rule, activation, at, Layer(own, disturbed[at - 1])).Zip(disturbed[at - 1], HalfSquare).Average());
        }
    }

    /// <summary>Through the ordinary optimizer, while the network learns too.</summary>
    [Theory]
    [InlineData("tanh", 3)]
    [InlineData("logistic", 1.5)]
    public void InversesGetBetterWhileTheNetworkLearns(string activation, double times)
    {
        var network = Some.Network("6-8-8-8-3", 3, Activation.FromId(activation));
        var rule = new DifferenceTargetPropagationRule(Setup(network, ("noise", 0.1), ("inverseWeight", 1)));
        var optimizer = new Sgd(rule.LearnedParameters);
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        double Missed()
        {
            var signals = Run(network, ReferenceNetwork.Rows(Some.Batch(network, 64, 999).Inputs));
            return Enumerable.Range(1, 2).Sum(layer => Back(rule, activation, layer, signals[layer + 1]).Zip(signals[layer], HalfSquare).Average());
        }

        var before = Missed();
        for (var step = 0; step < 3000; step++)
        {
            rule.EstimateGradients(Some.Batch(network, 16, (ulong)(step % 50)), gradients);
            optimizer.Step(gradients, 0.1f);
        }

        Assert.InRange(Missed(), 0, before / times);
    }

    [Fact]
    public void InversesAreShownAsTheWeightsTheyUndoAndFollowWhatTheyLearn()
    {
        var network = Some.Network("5-6-7-4-3", 3);
        var rule = new DifferenceTargetPropagationRule(Setup(network));
        Assert.Equal([(1, 0, "7 × 6"), (2, 1, "4 × 7")], rule.Feedback.Select(path => (path.From, path.To, path.Weights.Shape)));
        Some.AssertSameBits(Setup(network).DrawFeedback()[1].Read(), rule.Feedback[0].Weights);
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        rule.EstimateGradients(Some.Batch(network, 1, 5), gradients);
        new Sgd(rule.LearnedParameters).Step(gradients, 0.1f);
        Assert.False(Some.SameBits(Setup(network).DrawFeedback()[1].Read(), rule.Feedback[0].Weights));
        Some.AssertSameBits(rule.Parameters[0].Read().Transposed, rule.Feedback[0].Weights);
    }

    [Fact]
    public void MissingFeedbackConnectionsAreMissingInTheInversesWhateverTheyBeginWith()
    {
        var network = Some.Network("5-6-7-4-3", 3);
        var sparse = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 4, new RandomStreams(1), new FeedbackOptions { Share = 0.5 });
        var zero = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 4, new RandomStreams(1), new FeedbackOptions { Distribution = WeightDistribution.Zero });
        var rule = new DifferenceTargetPropagationRule(sparse);
        var drawn = sparse.DrawFeedback()[1].Read();
        Some.ForEach(drawn, (row, column) => Assert.Equal(drawn[row, column] != 0, rule.Parameters[0].Connections!.Value[column, row] > 0));
        Assert.All(new DifferenceTargetPropagationRule(zero).Parameters, parameter => Assert.Null(parameter.Connections));

        var both = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 4, new RandomStreams(1), new FeedbackOptions { Share = 0.5, Distribution = WeightDistribution.Zero });
        Some.AssertSameBits(rule.Parameters[0].Connections!.Value, new DifferenceTargetPropagationRule(both).Parameters[0].Connections!.Value);
        Assert.All(new DifferenceTargetPropagationRule(Setup(network)).Parameters, parameter => Assert.Null(parameter.Connections));
    }

    private static void Compare(IEnumerable<Parameter> parameters, Gradients gradients, Func<double> loss)
    {
        const float Step = 1f / 1024;
        foreach (var parameter in parameters)
        {
            var actual = gradients[parameter].Values;
            Some.ForEach(actual, (row, column) =>
            {
                var value = parameter.Read()[row, column];
                parameter.Read()[row, column] = value + Step;
                var (above, high) = (loss(), parameter.Read()[row, column]);
                parameter.Read()[row, column] = value - Step;
                var (below, low) = (loss(), parameter.Read()[row, column]);
                parameter.Read()[row, column] = value;
                Assert.Equal((above - below) / ((double)high - low), actual[row, column], 3e-6);
            });
        }
    }

    private static double HalfSquare(double[] a, double[] b) => 0.5 * a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private static List<double[][]> Run(Network network, double[][] inputs)
    {
        var signals = new List<double[][]> { inputs };
        foreach (var layer in network.Layers)
        {
            signals.Add(Layer(layer, signals[^1]));
        }

        return signals;
    }

    private static double[][] Layer(WeightedLayer layer, double[][] inputs)
        => Through(layer.Weights.Read(), layer.Biases!.Read(), layer.Activation.Id, inputs);

    private static double[][] Back(DifferenceTargetPropagationRule rule, string activation, int layer, double[][] outputs)
        => Through(rule.Parameters[2 * (layer - 1)].Read(), rule.Parameters[(2 * (layer - 1)) + 1].Read(), activation, outputs);

    private static double[][] Through(Matrix w, Matrix b, string activation, double[][] inputs)
        => [.. inputs.Select(x => Enumerable.Range(0, w.Rows).Select(i => ReferenceNetwork.Apply(activation, b[0, i] + x.Select((value, j) => w[i, j] * value).Sum())).ToArray())];

    /// <summary>I − 2 v vᵀ ∕ ‖v‖².</summary>
    private static void Reflect(Matrix into, int seed)
    {
        var v = Some.Matrix(1, into.Rows, (ulong)seed).Row(0).ToArray();
        var square = v.Sum(x => (double)x * x);
        Some.ForEach(into, (row, column) => into[row, column] = (float)((row == column ? 1 : 0) - (2 * v[row] * v[column] / square)));
    }

    private static RuleSetup Setup(Network network, params (string Id, double Value)[] options)
        => new(network, Loss.SoftmaxCrossEntropy, 64, new RandomStreams(1), options: options.ToDictionary(option => option.Id, option => option.Value));

    private static (Gradients Gradients, HiddenErrors Errors) Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        var errors = new HiddenErrors(rule.Network, batch.Count);
        rule.EstimateGradients(batch, gradients, errors);
        return (gradients, errors);
    }
}
