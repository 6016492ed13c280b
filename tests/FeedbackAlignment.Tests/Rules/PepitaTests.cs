using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Rules;

public sealed class PepitaTests
{
    /// <summary>The formulas in double, for every layer, its weights and biases.</summary>
    [Theory]
    [InlineData("tanh", "softmax-cross-entropy")]
    [InlineData("logistic", "squared-error")]
    [InlineData("relu", "logistic-cross-entropy")]
    public void EveryGradientIsTheFormula(string hidden, string loss)
    {
        var network = Some.Network("5-6-4-3", 3, Activation.FromId(hidden));
        var batch = Some.Batch(network, 3, 5);
        var feedback = Some.Matrix(3, 5, 9);
        var gradients = Estimate(new PepitaRule(Some.Setup(network, Loss.Standard.Get(loss)), feedback), batch);
        var expected = network.Parameters.Select(parameter => new double[parameter.Rows, parameter.Columns]).ToArray();
        for (var example = 0; example < batch.Count; example++)
        {
            double[] x = [.. batch.Inputs.Row(example).ToArray()];
            var first = Run(network, x);
            var e = first[^1].Select((y, i) => Output(loss, first[^1], i) - batch.Targets[example, i]).ToArray();
            var second = Run(network, [.. x.Select((value, j) => value + e.Select((error, i) => error * feedback[i, j]).Sum())]);
            for (var layer = 0; layer < 3; layer++)
            {
                for (var i = 0; i < first[layer + 1].Length; i++)
                {
                    var learns = layer == 2 ? e[i] : first[layer + 1][i] - second[layer + 1][i];
                    expected[(2 * layer) + 1][0, i] += learns / batch.Count;
                    for (var j = 0; j < first[layer].Length; j++)
                    {
                        expected[2 * layer][i, j] += learns * second[layer][j] / batch.Count;
                    }
                }
            }
        }

        foreach (var (parameter, values) in network.Parameters.Zip(expected))
        {
            Some.ForEach(gradients[parameter].Values, (row, column) => Assert.Equal(values[row, column], gradients[parameter].Values[row, column], 2e-6));
        }
    }

    [Fact]
    public void WithoutFeedbackHiddenLayersDoNotLearnAndTheOutputLayerLearnsAsUnderBackpropagation()
    {
        var network = Some.Network("5-6-4-3", 3);
        var (setup, batch) = (Some.Setup(network), Some.Batch(network, 7, 5));
        var (exact, actual) = (Estimate(new BackpropagationRule(setup), batch), Estimate(new PepitaRule(setup, new Matrix(3, 5)), batch));
        foreach (var parameter in network.Parameters)
        {
            Some.AssertSameBits(
                parameter.Name.StartsWith("output", StringComparison.Ordinal) ? exact[parameter].Values : new Matrix(parameter.Rows, parameter.Columns), Absolute(actual[parameter].Values, parameter));
        }

        // A difference of equal numbers may be −0 after scaling.
        static Matrix Absolute(Matrix values, Parameter parameter)
        {
            var copy = new Matrix(values.Rows, values.Columns);
            Some.ForEach(values, (row, column) => copy[row, column] = values[row, column] == 0 ? 0 : values[row, column]);
            Assert.Equal(parameter.Rows, copy.Rows);
            return copy;
        }
    }

    /// <summary>In a linear layer h − h′ = −W F e: feedback alignment whose feedback follows the forward weights.</summary>
    [Fact]
    public void InALinearNetworkTheHiddenErrorIsFeedbackAlignmentsThroughMinusFW()
    {
        var network = Some.Network("5-6-3", 3, Activation.Linear);
        var (setup, batch, feedback) = (Some.Setup(network), Some.Batch(network, 7, 5), Some.Matrix(3, 5, 9));
        var through = new Matrix(3, 6);
        network.Compute.Product(feedback, network.Layers[0].Weights.Read().Transposed, through);
        Some.ForEach(through, (row, column) => through[row, column] *= -1);
        var (expected, actual) = (new HiddenErrors(network, 7), new HiddenErrors(network, 7));
        new FeedbackAlignmentRule(setup, Some.Fixed(default, through))
            .EstimateGradients(batch, new Gradients(network.Parameters, network.Compute), expected);
        new PepitaRule(setup, feedback).EstimateGradients(batch, new Gradients(network.Parameters, network.Compute), actual);
        Some.ForEach(expected[0], (row, column) => Assert.Equal(expected[0][row, column], actual[0][row, column], 2e-6));
    }

    [Fact]
    public void FIsAShareOfWhatIsDrawnLikeAnyFeedbackFromAStreamOfItsOwn()
    {
        var network = Some.Network("50-6-10", 3);
        Matrix Draw(double scale, ulong seed, FeedbackOptions? options = null) => Assert.Single(PepitaRule.Entry.Create(
            new RuleSetup(network, Loss.SoftmaxCrossEntropy, 4, new RandomStreams(seed), options, new Dictionary<string, double> { ["inputScale"] = scale })).Feedback).Weights;
        var expected = new Matrix(10, 50);
        WeightDistribution.GlorotUniform().Draw(expected, new RandomStreams(4).Stream("feedback/input"));
        Some.AssertSameBits(expected, Draw(1, 4));
        Some.AssertSameBits(expected, Draw(1, 5, new FeedbackOptions { Streams = new RandomStreams(4) }));
        Assert.False(Some.SameBits(Draw(1, 4), Draw(1, 5)));
        var (whole, share) = (Draw(1, 4), Assert.Single(new PepitaRule(Some.Setup(network, seed: 4)).Feedback));
        Assert.Equal((1, -1), (share.From, share.To));
        Some.ForEach(whole, (row, column) => Assert.Equal(0.05f * whole[row, column], share.Weights[row, column]));
    }

    [Fact]
    public void FeedbackOfAnotherShapeIsRefused()
    {
        var setup = Some.Setup(Some.Network("5-6-3", 3));
        Assert.Contains("feedback is 5 × 3, must be 3 × 5", Assert.Throws<ArgumentException>(() => new PepitaRule(setup, new Matrix(5, 3))).Message, StringComparison.Ordinal);
    }

    private static double Output(string loss, double[] outputs, int i) => loss switch
    {
        "softmax-cross-entropy" => Math.Exp(outputs[i]) / outputs.Sum(Math.Exp),
        "logistic-cross-entropy" => ReferenceNetwork.Apply("logistic", outputs[i]),
        _ => outputs[i],
    };

    private static List<double[]> Run(Network network, double[] input)
    {
        var signals = new List<double[]> { input };
        foreach (var layer in network.Layers)
        {
            var (below, w, b) = (signals[^1], layer.Weights.Read(), layer.Biases!.Read());
            signals.Add([.. Enumerable.Range(0, w.Rows).Select(i => ReferenceNetwork.Apply(layer.Activation.Id, b[0, i] + below.Select((signal, j) => w[i, j] * signal).Sum()))]);
        }

        return signals;
    }

    private static Gradients Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return gradients;
    }
}
