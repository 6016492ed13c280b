using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FeedbackAlignment.Tests.Exchange;

/// <summary>ONNX Runtime, which knows nothing of us, must answer as we do.</summary>
public sealed class OnnxModelTests
{
    private const float Tolerance = 1e-5f;

    public static TheoryData<string, string, string, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, string, string, bool>();
            foreach (var hidden in Activation.Standard.Entries)
            {
                foreach (var output in Activation.Standard.Entries)
                {
                    foreach (var loss in Loss.Standard.Entries.Where(loss => loss.Objection(output) is null))
                    {
                        kinds.Add(hidden.Id, output.Id, loss.Id, true);
                        kinds.Add(hidden.Id, output.Id, loss.Id, false);
                    }
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OnnxRuntimeAnswersAsWeDo(string hidden, string output, string loss, bool bias)
    {
        var network = Some.Network("20-33-7-5", seed: 1, Activation.FromId(hidden), Activation.FromId(output), bias);
        foreach (var examples in new[] { 1, 6 })
        {
            AssertSameAnswers(network, Loss.Standard.Get(loss), Some.Matrix(examples, 20, seed: 2));
        }
    }

    /// <summary>Running statistics have moved, and parameters are random: nothing is as it begins.</summary>
    [Theory]
    [MemberData(nameof(ModuleNetworks.Planned), MemberType = typeof(ModuleNetworks))]
    public void ModulesAnswerAsWeDo(string kind)
    {
        foreach (var activation in Activation.Standard.Entries)
        {
            var network = ModuleNetworks.Of(kind, activation: activation);
            var rule = new BackpropagationRule(Some.Setup(network));
            rule.EstimateGradients(Some.Batch(network, 9, seed: 3), new Gradients(rule.LearnedParameters, network.Compute));
            foreach (var examples in new[] { 1, 6 })
            {
                AssertSameAnswers(network, Loss.SoftmaxCrossEntropy, Some.Matrix(examples, ModuleNetworks.Inputs, seed: 2));
            }
        }
    }

    /// <summary>Pictures there are channels × height × width, and filters and padding are told in other words.</summary>
    [Theory]
    [InlineData("convolutions")]
    [InlineData("strided")]
    [InlineData("pictures")]
    [InlineData("pooled")]
    [InlineData("padded")]
    public void PicturesAnswerAsWeDo(string kind) => ModulesAnswerAsWeDo(kind);

    [Theory]
    [InlineData("3x15x5, conv 3x2 4 stride 2x1 padding 1x0 relu, max-pool 3 stride 2 padding 1, conv 1x2 6 padding 0, layer-norm, gelu, average-pool 2x1, "
        + "flatten, batch-norm, dense 4")]
    [InlineData("1x8x8, conv 3x3 8, batch-norm, relu, residual(conv 3x3 11 stride 2, batch-norm, relu, conv 3x3 11 | pad-shortcut 11 stride 2), "
        + "relu, residual(conv 3x3 11 relu, conv 3x3 11), relu, global-average-pool, dense 3")]
    [InlineData("4x1x9, conv 3 6 dilation 2 groups 2 tanh, conv 1x4 5 padding 0 stride 3, dense 7 tanh, dense 2")]
    public void PlansOfPicturesAnswerAsWeDo(string plan)
    {
        var network = NetworkPlan.Parse(plan).Build(3);
        var rule = new BackpropagationRule(Some.Setup(network));
        rule.EstimateGradients(Some.Batch(network, 9, seed: 3), new Gradients(rule.LearnedParameters, network.Compute));
        AssertSameAnswers(network, Loss.SoftmaxCrossEntropy, Some.Matrix(5, network.Inputs, seed: 2));
    }

    [Fact]
    public void BlocksInBlocksAndSettingsThatNoPlanHasAnswerAsWeDo()
    {
        AssertSameAnswers(
            NetworkPlan.Parse("4, dense 6 relu, residual(dense 6, residual(dense 3 tanh, dense 6), layer-norm | dense 6), relu, dense 2")
                .Build(1),
            loss: null, Some.Matrix(5, 4, seed: 2));
        var compute = new Compute();
        var hidden = WeightedLayer.Dense("hidden1", 4, 6, Activation.Linear, bias: true, compute);
        hidden.Weights.Draw(WeightDistribution.Normal(1), new RandomStreams(1).Stream("weights"));
        var output = WeightedLayer.Dense("output", 6, 2, Activation.Linear, bias: false, compute);
        output.Weights.Draw(WeightDistribution.Normal(1), new RandomStreams(2).Stream("weights"));
        AssertSameAnswers(
            new Network(new Sequence("network",
                [hidden, new LayerNorm("one", Shape.Flat(6), epsilon: 0.5), new BatchNorm("two", Shape.Flat(6), epsilon: 0.25), output]),
                    compute),
            loss: null, Some.Matrix(5, 4, seed: 2));
    }

    [Fact]
    public void AModuleWithoutOperatorsIsRefused()
        => Assert.StartsWith("no ONNX operator is known for recurrence",
            Assert.Throws<NotSupportedException>(() => OnnxModel.Write(ModuleNetworks.Of("recurrent"), null, new MemoryStream())).Message,
            StringComparison.Ordinal);

    [Fact]
    public void OneLayerIsEnough() => AssertSameAnswers(Some.Network("3-2", seed: 1), loss: null, Some.Matrix(4, 3, seed: 2));

    [Fact]
    public void MissingConnectionsAreZeros()
        => AssertSameAnswers(
            Some.Sparse("6-8-3", seed: 1, 0.5, "hidden1"), loss: null, Some.Matrix(4, 6, seed: 2));

    [Fact]
    public void AWideNetworkOfTheMnistSizeAgreesToo()
        => AssertSameAnswers(Some.Network("784-1000-10", seed: 1), Loss.SoftmaxCrossEntropy, Some.Matrix(3, 784, seed: 2));

    [Fact]
    public void InputAndOutputAreNamedAndTheBatchIsFree()
    {
        using var session = Session(Some.Network("3-4-2", seed: 1), loss: null);
        Assert.Equal([-1, 3], session.InputMetadata["input"].Dimensions);
        Assert.Equal([-1, 2], session.OutputMetadata["output"].Dimensions);
    }

    [Fact]
    public void ASpikingNetworkIsRefused()
        => Assert.Throws<NotSupportedException>(() => OnnxModel.Write(Some.Spiking("3-4-2"), null, new MemoryStream()));

    private static void AssertSameAnswers(Network network, Loss? loss, Matrix inputs)
    {
        var expected = network.Predict(inputs);
        loss?.Interpret(expected);
        using var session = Session(network, loss);
        var tensor = new DenseTensor<float>([inputs.Rows, inputs.Columns]);
        for (var row = 0; row < inputs.Rows; row++)
        {
            for (var column = 0; column < inputs.Columns; column++)
            {
                tensor[row, column] = inputs[row, column];
            }
        }

        using var results = session.Run([NamedOnnxValue.CreateFromTensor("input", tensor)], ["output"]);
        var actual = results[0].AsTensor<float>();
        Assert.Equal([expected.Rows, expected.Columns], actual.Dimensions.ToArray());
        for (var row = 0; row < expected.Rows; row++)
        {
            for (var column = 0; column < expected.Columns; column++)
            {
                Assert.InRange(actual[row, column], expected[row, column] - Tolerance, expected[row, column] + Tolerance);
            }
        }
    }

    private static InferenceSession Session(Network network, Loss? loss)
    {
        using var stream = new MemoryStream();
        OnnxModel.Write(network, loss, stream);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        return new InferenceSession(stream.ToArray(), options);
    }
}
