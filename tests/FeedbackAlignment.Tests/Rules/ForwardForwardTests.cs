using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Each hidden layer's gradient is the slope of its own loss, which is written here a second time.</summary>
public sealed class ForwardForwardTests
{
    private const int Classes = 4;

    public static TheoryData<string, double, double, double> Cases() => new()
    {
        { "tanh", 0, 0.25, 1 }, { "relu", 0, 0.5, 1 }, { "logistic", 1, 0.3, 2 }, { "linear", 1, 1, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheGradientOfEveryHiddenLayerIsTheSlopeOfItsOwnLoss(string activation, double mean, double threshold, double strength)
    {
        var network = Some.Network("9-7-6-5-4", 3, Activation.FromId(activation));
        var batch = Some.Batch(network, 5, 5);
        var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, 5, new RandomStreams(1), options: new Dictionary<string, double> { ["mean"] = mean, ["threshold"] = threshold, ["labelStrength"] = strength });
        var rule = new ForwardForwardRule(setup);
        var gradients = new Gradients(network.Parameters, network.Compute);
        rule.EstimateGradients(batch, gradients);

        var random = setup.Streams.Stream($"{RandomStreams.Noise}/forward-forward");
        var ordinary = ReferenceNetwork.Rows(batch.Inputs);
        var positive = ordinary.Select((x, example) => WithLabel(x, Label(example), strength)).ToArray();
        var negative = ordinary.Select((x, example) => WithLabel(x, Wrong(Label(example), random.NextInt32(Classes - 1)), strength)).ToArray();
        foreach (var layer in network.Layers.SkipLast(1))
        {
            foreach (var parameter in layer.Parameters)
            {
                var actual = gradients[parameter].Values;
                for (var row = 0; row < parameter.Rows; row++)
                {
                    for (var column = 0; column < parameter.Columns; column++)
                    {
                        Assert.Equal(Slope(layer, parameter, row, column), actual[row, column], 1e-3 * Math.Max(0.1, Math.Abs(actual[row, column])));
                    }
                }
            }

            var (h, plus, minus) = (Run(layer, ordinary), Run(layer, positive), Run(layer, negative));
            positive = [.. plus.Select((signal, example) => OfLength(signal, h[example]))];
            negative = [.. minus.Select((signal, example) => OfLength(signal, h[example]))];
            ordinary = h;
        }

        int Label(int example) => Enumerable.Range(0, Classes).MaxBy(c => batch.Targets[example, c]);

        double Slope(WeightedLayer layer, Parameter parameter, int row, int column)
        {
            const float Step = 1f / 1024;
            var value = parameter.Read()[row, column];
            parameter.Read()[row, column] = value + Step;
            var (above, high) = (OwnLoss(layer), parameter.Read()[row, column]);
            parameter.Read()[row, column] = value - Step;
            var (below, low) = (OwnLoss(layer), parameter.Read()[row, column]);
            parameter.Read()[row, column] = value;
            return (above - below) / ((double)high - low);
        }

        double OwnLoss(WeightedLayer layer)
            => Run(layer, positive).Average(signal => -Math.Log(Probability(signal))) + Run(layer, negative).Average(signal => -Math.Log(1 - Probability(signal)));

        double Probability(double[] signal)
        {
            var goodness = signal.Sum(h => h * h) - (threshold * signal.Length);
            return ReferenceNetwork.Apply("logistic", mean == 1 ? goodness / signal.Length : goodness);
        }
    }

    /// <summary>The network's answer and the read-out's gradient are those of the inputs as they are, without any label.</summary>
    [Fact]
    public void TheReadOutLearnsFromTheInputsAsTheyAre()
    {
        var network = Some.Network("9-7-6-4", 3);
        var (setup, batch) = (Some.Setup(network), Some.Batch(network, 5, 5));
        var expected = new Gradients(network.Parameters, network.Compute);
        var actual = new Gradients(network.Parameters, network.Compute);
        Assert.Equal(new ShallowRule(setup).EstimateGradients(batch, expected), new ForwardForwardRule(setup).EstimateGradients(batch, actual));
        Some.AssertSameBits(expected[network.Layers[^1].Weights].Values, actual[network.Layers[^1].Weights].Values);
    }

    [Fact]
    public void TheInputsOfTheBatchAreLeftAsTheyAre()
    {
        var network = Some.Network("9-7-6-4", 3);
        var batch = Some.Batch(network, 5, 5);
        var before = batch.Inputs.Copy();
        new ForwardForwardRule(Some.Setup(network)).EstimateGradients(batch, new Gradients(network.Parameters, network.Compute));
        Some.AssertSameBits(before, batch.Inputs);
    }

    /// <summary>Silent units have no length to normalize, and 0 ∕ 0 must not spread from there.</summary>
    [Fact]
    public void ALayerThatIsSilentGivesZerosAndNoNaN()
    {
        var network = Some.Network("9-7-6-4", 3, Activation.Relu);
        network.Layers[0].Biases!.Read().Fill(-1000);
        var gradients = new Gradients(network.Parameters, network.Compute);
        new ForwardForwardRule(Some.Setup(network)).EstimateGradients(Some.Batch(network, 5, 5), gradients);
        Assert.All(gradients.All.ToArray(), gradient => Assert.True(Reductions.AllFinite(gradient.Values)));
    }

    [Theory]
    [InlineData("3-7-4", "3 inputs and 4 outputs")]
    [InlineData("3-7-1", "3 inputs and 1 outputs")]
    public void ANetworkWithoutRoomForLabelsIsRefused(string sizes, string says)
        => Assert.Contains(says, Assert.Throws<ArgumentException>(() => new ForwardForwardRule(Some.Setup(Some.Network(sizes, 1), Loss.SquaredError))).Message, StringComparison.Ordinal);

    private static int Wrong(int right, int drawn) => Enumerable.Range(0, Classes).Except([right]).ElementAt(drawn);

    private static double[] WithLabel(double[] x, int label, double strength) => [.. Enumerable.Range(0, x.Length).Select(i => i >= Classes ? x[i] : i == label ? strength : 0)];

    private static double[] OfLength(double[] signal, double[] like) => [.. signal.Select(h => h * Math.Sqrt(like.Sum(v => v * v) / signal.Sum(v => v * v)))];

    private static double[][] Run(WeightedLayer layer, double[][] inputs)
    {
        var (w, b) = (layer.Weights.Read(), layer.Biases!.Read());
        return [.. inputs.Select(x => Enumerable.Range(0, w.Rows).Select(i => ReferenceNetwork.Apply(layer.Activation.Id, b[0, i] + x.Select((value, j) => w[i, j] * value).Sum())).ToArray())];
    }
}
