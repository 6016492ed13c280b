using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;

namespace FeedbackAlignment.Tests.Exchange;

/// <summary>Networks of other modules than dense layers in safetensors files.</summary>
public sealed class ModuleFileTests
{
    private const string Everything
        = "5, dense 8, batch-norm, relu, residual(dense 6 tanh, dense 8, layer-norm | dense 8), relu, dropout 0.25, dense 3";

    public static TheoryData<string, TensorNaming> Networks
    {
        get
        {
            var kinds = new TheoryData<string, TensorNaming>();
            foreach (string kind in ModuleNetworks.Planned)
            {
                kinds.Add(kind, TensorNaming.Network);
                kinds.Add(kind, TensorNaming.PyTorch);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void ASavedNetworkAnswersWithTheSameBits(string kind, TensorNaming naming)
    {
        var network = Trained(ModuleNetworks.Of(kind));
        using var stream = new MemoryStream();
        network.Save(stream, naming);
        stream.Position = 0;
        var loaded = Network.Load(stream, "m", parts: ModuleNetworks.Parts);

        var inputs = Some.Matrix(9, ModuleNetworks.Inputs, seed: 2);
        Some.AssertSameBits(network.Predict(inputs), loaded.Predict(inputs));
        Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
        Assert.Equal(NetworkPlan.Of(network).ToString(), NetworkPlan.Of(loaded).ToString());
    }

    [Theory]
    [InlineData("2x5x4, conv 3x2 6 stride 2x1 padding 1x0 groups 2 relu, batch-norm, max-pool 2, dense 4 relu, dense 3")]
    [InlineData("3x4x4, conv 3x3 4, layer-norm, relu, flatten, batch-norm, dropout 0.5, dense 3")]
    [InlineData("2x4x4, conv 3x3 4, relu, residual(conv 3x3 6 stride 2, batch-norm | pad-shortcut 6 stride 2), relu, "
        + "global-average-pool, dense 3")]
    [InlineData("2x1x6, conv 3 4 relu, average-pool 2, dense 3")]
    [InlineData("2x3x3, conv 3x3 4 padding 0 relu, dense 3")]
    public void PicturesComeBackByEitherNaming(string layers)
    {
        var plan = NetworkPlan.Parse(layers);
        var network = Trained(plan.Build(1));
        foreach (var naming in Enum.GetValues<TensorNaming>())
        {
            using var stream = new MemoryStream();
            network.Save(stream, naming);
            stream.Position = 0;
            Same(Network.Load(stream, "m"));

            // A state_dict alone needs the plan.
            Same(NetworkFile.FromTensors(new SafetensorsFile(network.ToTensors(naming)), "m", plan: plan));
        }

        void Same(Network loaded)
        {
            var inputs = Some.Matrix(4, plan.Inputs, seed: 2);
            Some.AssertSameBits(network.Predict(inputs), loaded.Predict(inputs));
            Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
        }
    }

    /// <summary>Conv2d, ReLU, MaxPool2d, Conv2d, Identity, BatchNorm2d, AdaptiveAvgPool2d, Flatten, Linear; or Flatten before
    /// Linear.</summary>
    [Theory]
    [InlineData("2x4x4, conv 3x3 4 relu, max-pool 2, conv 3x3 4, batch-norm, global-average-pool, dense 3", "8.weight [3, 4]")]
    [InlineData("2x4x4, conv 3x3 4 relu, max-pool 2, conv 3x3 4, batch-norm, dense 3", "7.weight [3, 16]")]
    [InlineData("2x4x4, conv 3x3 4 relu, max-pool 2, conv 3x3 4, batch-norm, flatten, dense 3", "7.weight [3, 16]")]
    public void PlacesOfASequentialCountWhatMakesARowOfUnits(string layers, string output)
        => Assert.Contains(output, NetworkPlan.Parse(layers).Build(1).ToTensors(TensorNaming.PyTorch).Select(tensor => $"{tensor}"));

    /// <summary>Each number says where it lies: row, kernel row, kernel column, channel; or row, channel, row and column of the
    /// picture.</summary>
    [Fact]
    public void ChannelsComeFirstInPyTorch()
    {
        var plan = NetworkPlan.Parse("3x4x5, conv 2x3 2 padding 0 relu, conv 3x3 4 padding 1x0 groups 2 relu, dense 3");
        var own = new SafetensorsFile(
        [
            Numbered("hidden1.weights", 2, new(2, 3, 3)), Numbered("hidden2.weights", 4, new(3, 3, 1)),
                Numbered("output.weights", 3, new(3, 1, 4)),
            Numbered("connections.hidden1", 2, new(2, 3, 3)), Numbered("optimizer.hidden1.weights.exp_avg", 2, new(2, 3, 3)),
            Numbered("feedback.hidden2-hidden1", 4, new(3, 3, 1)), Numbered("feedback.output-hidden2", 3, new(3, 1, 4)),
            Numbered("feedback.output-hidden1", 3, new(3, 3, 2)), Numbered("feedback.output-input", 3, new(1, 1, 60)),
        ]);
        var theirs = new PyTorchNames(plan).Give(own);
        Assert.Equal(
            ["0.weight [2, 3, 2, 3]", "2.weight [4, 1, 3, 3]", "5.weight [3, 12]", "connections.0 [2, 3, 2, 3]",
                "optimizer.0.weight.exp_avg [2, 3, 2, 3]",
                "feedback.2-0 [4, 1, 3, 3]", "feedback.5-2 [3, 12]", "feedback.5-0 [3, 18]", "feedback.5-input [3, 60]"],
            theirs.Tensors.Select(tensor => $"{tensor}"));
        foreach (var tensor in theirs.Tensors.SkipLast(1))
        {
            var shape = tensor.Name switch
            {
                "5.weight" or "feedback.5-2" => new Shape(3, 1, 4),
                "feedback.5-0" => new(3, 3, 2),
                "2.weight" or "feedback.2-0" => new(3, 3, 1),
                _ => new(2, 3, 3),
            };
            Some.ForEach(tensor.Values, (row, place) => Assert.Equal(
                Number(row, place / shape.Width % shape.Height, place % shape.Width, place / (shape.Height * shape.Width)),
                    tensor.Values[row, place]));
        }

        var back = new PyTorchNames(plan).TakeBack(theirs, "m");
        Assert.Equal(own.Tensors.Select(tensor => $"{tensor}"), back.Tensors.Select(tensor => $"{tensor}"));
        Some.AssertSameBits([.. own.Tensors.Select(tensor => tensor.Values)], [.. back.Tensors.Select(tensor => tensor.Values)]);

        static NamedTensor Numbered(string name, int rows, Shape shape)
        {
            var values = new Matrix(rows, shape.Size);
            Some.ForEach(values, (row, place) => values[row, place]
                = Number(row, place / shape.Channels / shape.Width, place / shape.Channels % shape.Width, place % shape.Channels));
            return NamedTensor.Matrix(name, values);
        }

        static float Number(int row, int height, int width, int channel) => row * 1000 + height * 100 + width * 10 + channel;
    }

    [Fact]
    public void WhatHasNoLayoutInPyTorchIsNotWrittenWithItsNames()
    {
        Refused("residual(dense 4, dense 36) adds units of a picture to units that lie in another way in PyTorch",
            "2x3x3, conv 3x3 4, flatten, residual(dense 4, dense 36), dense 3");
        Assert.NotEmpty(NetworkPlan.Parse("1x3x3, conv 3x3 1, flatten, residual(dense 4, dense 9), dense 3").Build(1)
            .ToTensors(TensorNaming.PyTorch));
        Assert.Equal("m: 0.weight [4, 18] must be [4, 2, 3, 3], which hidden1.weights of 2x3x3, conv 3x3 4, dense 3 has in PyTorch",
            Assert.Throws<DataFormatException>(() => new PyTorchNames(NetworkPlan.Parse("2x3x3, conv 3x3 4, dense 3"))
                .TakeBack(new([NamedTensor.Matrix("0.weight", new Matrix(4, 18))]), "m")).Message);

        static void Refused(string problem, string layers)
        {
            var network = NetworkPlan.Parse(layers).Build(1);
            Assert.StartsWith(
                problem, Assert.Throws<NotSupportedException>(() => network.ToTensors(TensorNaming.PyTorch)).Message,
                    StringComparison.Ordinal);
            using var stream = new MemoryStream();
            network.Save(stream);
        }
    }

    [Fact]
    public void ATrainedModelOfModulesAnswersWithTheSameBits()
    {
        var model = new TrainedModel(Trained(NetworkPlan.Parse(Everything).Build(1)), Loss.SoftmaxCrossEntropy)
        {
            InputScale = 0.5f,
            ClassNames = ["a", "b", "c"],
        };
        using var stream = new MemoryStream();
        model.Save(stream, TensorNaming.PyTorch);
        stream.Position = 0;
        var loaded = TrainedModel.Load(stream, "m");
        Some.AssertSameBits(model.Predict(Some.Matrix(4, 5, 2)), loaded.Predict(Some.Matrix(4, 5, 2)));
    }

    [Fact]
    public void NamesAreThoseOfParametersAndBuffers()
    {
        var network = NetworkPlan.Parse(Everything).Build(1);
        Assert.Equal(
            network.Parameters.Select(parameter => parameter.Name).Concat(network.Buffers.Select(buffer => buffer.Name)).Order(),
            network.ToTensors().Select(tensor => tensor.Name).Order());
        Assert.Equal(Everything, network.Describe()[NetworkFile.LayersKey]);
        Assert.DoesNotContain(NetworkFile.ActivationsKey, network.Describe());
    }

    /// <summary>Sequential(Linear, Identity, BatchNorm1d, ReLU, Block, ReLU, Dropout, Linear).</summary>
    [Fact]
    public void PyTorchsNamesCountTheModulesOfASequential()
        => Assert.Equal(
            [
                "0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var", "4.branch.0.weight", "4.branch.0.bias",
                "4.branch.2.weight", "4.branch.2.bias", "4.branch.4.weight", "4.branch.4.bias", "4.shortcut.0.weight",
                "4.shortcut.0.bias", "7.weight", "7.bias",
            ],
            NetworkPlan.Parse(Everything).Build(1).ToTensors(TensorNaming.PyTorch).Select(tensor => tensor.Name));

    [Fact]
    public void WhatStandsBesideTheNetworkIsRenamedThereAndBack()
    {
        var plan = NetworkPlan.Parse("5, dense 8, layer-norm, relu, residual(dense 6 tanh, dense 8), dense 3");
        string[] own = ["hidden1.weights", "norm1.scale", "connections.hidden2", "feedback.output-block1", "feedback.output-relu1",
            "feedback.hidden2-hidden1", "feedback.output-input", "optimizer.norm1.shift.exp_avg",
            "optimizer.rule.output.feedback.momentum_buffer", "optimizer.steps", "rule.output.feedback", "inputs.mean"];
        string[] theirs = ["0.weight", "2.weight", "connections.4.branch.0", "feedback.5-4", "feedback.5-3", "feedback.4.branch.0-0",
            "feedback.5-input", "optimizer.2.bias.exp_avg", "optimizer.rule.output.feedback.momentum_buffer", "optimizer.steps",
            "rule.output.feedback", "inputs.mean"];
        var file = new SafetensorsFile(own.Select(name => new NamedTensor(name, [], new Matrix(1, 1))));
        var given = new PyTorchNames(plan).Give(file);
        Assert.Equal(theirs, given.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(own, new PyTorchNames(plan).TakeBack(given, "m").Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void LayersWithAndWithoutBiasesAndWithMissingConnectionsComeBack()
    {
        var compute = new Compute();
        var connections = new Matrix(4, 5);
        connections.Fill(1);
        connections[1, 2] = 0;
        var network = new Network(
            new Sequence("network",
            [
                WeightedLayer.Dense("a", 5, 4, Activation.Tanh, bias: false, compute, connections),
                new Residual("b", WeightedLayer.Dense("c", 4, 4, Activation.Linear, bias: true, compute)),
                WeightedLayer.Dense("d", 4, 3, Activation.Linear, bias: true, compute),
            ]),
            compute);
        foreach (var parameter in network.Parameters)
        {
            parameter.Draw(WeightDistribution.Normal(1), new RandomStreams(1).Stream(parameter.Name));
        }

        var loaded = NetworkFile.FromTensors(new SafetensorsFile(network.ToTensors(), network.Describe()), "m");
        Some.AssertSameBits(network.Predict(Some.Matrix(2, 5, 2)), loaded.Predict(Some.Matrix(2, 5, 2)));
        Assert.Equal([false, true, true], loaded.Layers.Select(layer => layer.Biases is not null));
        Some.AssertSameBits(connections, loaded.Layers[0].Weights.Connections!.Value);
    }

    [Fact]
    public void FilesThatAreNotOfTheirPlanAreRefused()
    {
        var network = NetworkPlan.Parse("5, dense 4, batch-norm, relu, dense 3").Build(1);
        var (whole, plan) = (network.ToTensors(), network.Describe());
        Refused("there is no norm1.running-mean [4], which 5, dense 4, batch-norm, relu, dense 3 has",
            [.. whole.Where(tensor => tensor.Name != "norm1.running-mean")]);
        Refused("hidden1.weights [4, 6] must be hidden1.weights [4, 5], which",
            [NamedTensor.Matrix("hidden1.weights", new Matrix(4, 6)), .. whole.Skip(1)]);
        Refused("hidden1.biases [3] must be hidden1.biases [4], which",
            [whole[0], NamedTensor.Vector("hidden1.biases", new Matrix(1, 3)), .. whole.Skip(2)]);
        Refused("connections.output [2, 2] must be connections.output [3, 4], which",
            [.. whole, NamedTensor.Matrix("connections.output", new Matrix(2, 2))]);
        Refused("extra [2, 2] belongs to no module of 5, dense 4", [.. whole, NamedTensor.Matrix("extra", new Matrix(2, 2))]);
        Refused("hidden1.weights is there twice, once by its name in PyTorch",
            [.. whole, NamedTensor.Matrix("0.weight", new Matrix(4, 5))]);
        var negative = new Matrix(1, 4);
        negative[0, 3] = -1;
        Refused("norm1.running-variance has -1, but a variance must be ≥ 0",
            [.. whole.Where(tensor => tensor.Name != "norm1.running-variance"), NamedTensor.Vector("norm1.running-variance", negative)]);
        Refused("the metadata have as layers \"5, dense 4, convolution, dense 3\": item 3 \"convolution\" is no module", whole,
            "5, dense 4, convolution, dense 3");
        Refused("hidden1.weights [4, 5] must be hidden1.weights [1000000, 5], which", whole, "5, dense 1000000, batch-norm, relu, dense 3");

        var file = new SafetensorsFile(whole, plan);
        Assert.StartsWith("m: the metadata name all modules (5, dense 4, batch-norm, relu, dense 3); leave activations",
            Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "m", Activation.Tanh)).Message,
                StringComparison.Ordinal);

        void Refused(string problem, IReadOnlyList<NamedTensor> tensors, string? layers = null)
        {
            var metadata = new Dictionary<string, string>(plan) { [NetworkFile.LayersKey] = layers ?? plan[NetworkFile.LayersKey] };
            var refusal = Assert.Throws<DataFormatException>(
                () => NetworkFile.FromTensors(new SafetensorsFile(tensors, metadata), "m.safetensors"));
            Assert.StartsWith($"m.safetensors: {problem}", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Fact]
    public void AModuleThatNoPlanDescribesIsRefusedByEveryFormat()
    {
        var compute = new Compute();
        Refused("no plan describes norm: layer norm, whose epsilon is 0.01", new LayerNorm("norm", Shape.Flat(4), epsilon: 0.01));
        Refused("no plan describes norm: batch norm, whose momentum is 0.5", new BatchNorm("norm", Shape.Flat(4), momentum: 0.5));
        Refused("no plan describes planes: pictures of 2 × 1 × 2 (from-planes)", new FromPlanes("planes", new Shape(1, 2, 2)));
        Refused("no plan describes own: 1×1×4-1×1×4 (Own)", new Own());

        void Refused(string problem, Module module)
        {
            var network = new Network(
                new Sequence("network", [WeightedLayer.Dense("hidden1", 3, 4, Activation.Tanh, true, compute), module,
                    WeightedLayer.Dense("output", 4, 2, Activation.Linear, true, compute)]),
                compute);
            var model = new TrainedModel(network, Loss.SquaredError);
            foreach (var write in (Action[])[() => network.Save(new MemoryStream()), () => network.ToTensors(), () => network.Describe(),
                () => model.Save(new MemoryStream())])
            {
                Assert.StartsWith(problem.Replace("1×1×4", $"{Shape.Flat(4)}", StringComparison.Ordinal),
                    Assert.Throws<NotSupportedException>(write).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A batch moves running statistics away from where they begin.</summary>
    private static Network Trained(Network network)
    {
        var rule = new BackpropagationRule(Some.Setup(network));
        rule.EstimateGradients(Some.Batch(network, 9, seed: 3), new Gradients(rule.LearnedParameters, network.Compute));
        return network;
    }

    private sealed class Own() : Module("own", Shape.Flat(4), Shape.Flat(4))
    {
        public override ModuleRun Begin(RunSetup setup) => throw new NotSupportedException();
    }
}
