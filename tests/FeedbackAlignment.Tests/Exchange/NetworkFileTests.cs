using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Exchange;

public sealed class NetworkFileTests
{
    [Fact]
    public void ASavedNetworkAnswersWithTheSameBits()
    {
        foreach (var hidden in Activation.Standard.Entries)
        {
            foreach (var output in Activation.Standard.Entries)
            {
                foreach (var bias in new[] { true, false })
                {
                    var network = Some.Network("5-17-4-3", seed: 1, hidden, output, bias);
                    var loaded = Reload(network);

                    Assert.Equal(network.Layers.Select(layer => layer.ToString()), loaded.Layers.Select(layer => layer.ToString()));
                    Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
                    Some.AssertSameBits(network.Predict(Some.Matrix(9, 5, 2)), loaded.Predict(Some.Matrix(9, 5, 2)));
                }
            }
        }
    }

    [Fact]
    public void NamesAreThoseOfTheParameters()
        => Assert.Equal(
            ["hidden1.weights [17, 5]", "hidden1.biases [17]", "output.weights [3, 17]", "output.biases [3]"],
            Some.Network("5-17-3", seed: 1).ToTensors().Select(tensor => tensor.ToString()));

    [Fact]
    public void NamesAndShapesCanBePyTorchs()
        => Assert.Equal(
            ["0.weight [17, 5]", "0.bias [17]", "2.weight [4, 17]", "2.bias [4]", "4.weight [3, 4]", "4.bias [3]"],
            Some.Network("5-17-4-3", seed: 1).ToTensors(TensorNaming.PyTorch).Select(tensor => tensor.ToString()));

    [Fact]
    public void MissingConnectionsStayMissing()
    {
        var connectivity = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(0.5) };
        var network = Network.Mlp("6-8-3", seed: 1, new() { Connectivity = connectivity });
        var loaded = Reload(network);

        Some.AssertSameBits(network.Layers[0].Weights.Connections!.Value, loaded.Layers[0].Weights.Connections!.Value);
        Assert.Null(loaded.Layers[1].Weights.Connections);
        Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
    }

    [Theory]
    [InlineData("0", "1", "2")]
    [InlineData("0", "2", "4")]
    [InlineData("fc1", "fc2", "fc3")]
    [InlineData("fc9", "fc10", "fc11")]
    [InlineData("net.8", "net.09", "net.10")]
    [InlineData("module.layers.0.linear", "module.layers.1.linear", "module.layers.2.linear")]
    [InlineData("hidden1", "hidden2", "output")]
    [InlineData("linear1", "linear2", "head")]
    [InlineData("layer1", "layer2", "fc_out")]
    public void LayersOfOtherNamesAreFoundInTheirOrder(string first, string second, string third)
    {
        var network = Some.Network("5-4-4-4", seed: 1);
        var prefixes = new Dictionary<string, string> { ["0"] = first, ["2"] = second, ["4"] = third };

        // Last layer first: files are sorted by whatever their makers sort by.
        var renamed = network.ToTensors(TensorNaming.PyTorch).Reverse()
            .Select(tensor => tensor with { Name = prefixes[tensor.Name.Split('.')[0]] + "." + tensor.Name.Split('.')[1] });
        var loaded = NetworkFile.FromTensors(new SafetensorsFile(renamed), "m", Activation.Tanh);

        Some.AssertSameBits(network.Predict(Some.Matrix(3, 5, 2)), loaded.Predict(Some.Matrix(3, 5, 2)));
    }

    /// <summary>The alphabet says nothing: what has no numbers goes by its shapes, if these fit in one order only.</summary>
    [Theory]
    [InlineData("5-4-3-2", "input", "hidden", "output")]
    [InlineData("5-4-3-2", "z", "m", "a")]
    [InlineData("5-4-3", "encoder", "decoder")]
    [InlineData("4-4-4", "hidden", "output")]
    public void LayersWithoutNumbersAreInTheOnlyOrderInWhichTheyFit(string sizes, params string[] names)
    {
        var network = Some.Network(sizes, seed: 1);
        var loaded = NetworkFile.FromTensors(new SafetensorsFile(Renamed(network, names)), "m", Activation.Tanh);
        Some.AssertSameBits(network.Predict(Some.Matrix(3, network.Inputs, 2)), loaded.Predict(Some.Matrix(3, network.Inputs, 2)));
    }

    [Theory]
    [InlineData("4-4-4-4", "hidden,input,output", "input,hidden,output", "input", "hidden", "output")]
    [InlineData("4-3-4", "decoder,encoder", "encoder,decoder", "encoder", "decoder")]
    [InlineData("4-4-4", "a.2,b.1", "b.1,a.2", "b.1", "a.2")]
    [InlineData("4-4-4", "fc01,fc1", "fc1,fc01", "fc01", "fc1")]
    [InlineData("4-4-4-4", "fc,fc2,fc3", "fc,fc3,fc2", "fc", "fc2", "fc3")]
    public void LayersThatFitInTwoOrdersAreRefusedUntilTheOrderIsSaid(string sizes, string one, string other, params string[] names)
    {
        var network = Some.Network(sizes, seed: 1);
        var file = new SafetensorsFile(Renamed(network, names));
        Assert.Equal(
            $"m: the order of the layers is not clear: their names have no numbers, and both {one} and {other} fit; name it with the "
                + $"parameter order, or with `fa import --order {one}`",
            Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "m", Activation.Tanh)).Message);

        var loaded = NetworkFile.FromTensors(file, "m", Activation.Tanh, order: names);
        Some.AssertSameBits(network.Predict(Some.Matrix(3, network.Inputs, 2)), loaded.Predict(Some.Matrix(3, network.Inputs, 2)));
    }

    [Fact]
    public void AnOrderNamesEachLayerOnceAndMustFit()
    {
        var file = new SafetensorsFile(Renamed(Some.Network("5-4-3", seed: 1), "a", "b"));
        foreach (var (order, shown) in ((string[], string)[])[(["a"], "\"a\""), (["a", "a"], "\"a\",\"a\""), (["a", "c"], "\"a\",\"c\"")])
        {
            Assert.Equal($"m: the order must name each layer once (a,b), was {shown}", Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "m", Activation.Tanh, order: order)).Message);
        }

        Assert.Contains("a.weight [4, 5] takes 5 inputs, but b.weight [3, 4] before it has 3 outputs (in the order that was given: ", Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "m", Activation.Tanh, order: ["b", "a"])).Message, StringComparison.Ordinal);
        var many = new SafetensorsFile(Enumerable.Range(0, 13).Select(layer => NamedTensor.Matrix($"{(char)('a' + layer)}.weight", new Matrix(2, 2))));
        Assert.Contains("13 are too many to try", Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(many, "m", Activation.Tanh)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheCallerSaysOfActivationsGoesBeforeTheFile()
    {
        var network = Some.Network("5-4-3", seed: 1);
        var loaded = NetworkFile.FromTensors(new SafetensorsFile(network.ToTensors(), network.Describe()), "m", Activation.Relu, Activation.Logistic);
        Assert.Equal([Activation.Relu, Activation.Logistic], loaded.Layers.Select(layer => layer.Activation));
    }

    [Fact]
    public void OneLayerNeedsNoWordOnHiddenOnes()
        => Assert.Equal([Activation.Linear], NetworkFile.FromTensors(new SafetensorsFile(Some.Network("5-3", seed: 1).ToTensors()), "m").Layers.Select(layer => layer.Activation));

    [Fact]
    public void FilesThatAreNoNetworkAreRefused()
    {
        var whole = Some.Network("5-4-3", seed: 1).ToTensors(TensorNaming.PyTorch);
        Refused("the file does not name the activation of the hidden layers; choose one with --activation: linear, logistic, tanh, relu",
            whole);
        Refused("there are no weights", [whole[1]]);
        Refused("extra [2, 2] is neither weights", [.. whole, NamedTensor.Matrix("extra", new Matrix(2, 2))]);
        Refused("conv.weight [2, 2, 1] is neither weights", [.. whole, new("conv.weight", [2, 2, 1], new Matrix(2, 2))]);
        Refused("1.bias [3] is neither", [.. whole, NamedTensor.Vector("1.bias", new Matrix(1, 3))]);
        Refused("0.bias [3] must have 4 numbers, one for each row of 0.weight [4, 5]", [whole[0], NamedTensor.Vector("0.bias", new Matrix(1, 3))]);
        Refused("2.weight [3, 9] takes 9 inputs, but 0.weight [4, 5] before it has 4 outputs", [whole[0], NamedTensor.Matrix("2.weight", new Matrix(3, 9))]);
        Refused("the metadata name 1 activations, but there are 2 layers", whole, "tanh");
        Refused("the metadata name the activation \"mish\"; there are linear", whole, "mish,linear");
        Refused("the metadata name the activation \"leaky-relu 0\"; there are linear", whole, "leaky-relu 0,linear");
        Refused("connections.hidden1 [2, 2] must have the shape of 0.weight [4, 5]",
            [.. whole, NamedTensor.Matrix("connections.0", new Matrix(2, 2))], "tanh,linear");

        static void Refused(string problem, IReadOnlyList<NamedTensor> tensors, string? activations = null)
        {
            var metadata = activations is null ? null : new Dictionary<string, string> { [NetworkFile.ActivationsKey] = activations };
            var refusal = Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(new SafetensorsFile(tensors, metadata), "m.safetensors"));
            Assert.StartsWith($"m.safetensors: {problem}", refusal.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The tensors of a network, its layers called otherwise, in the order of the alphabet.</summary>
    private static IEnumerable<NamedTensor> Renamed(Network network, params string[] names)
        => network.ToTensors(TensorNaming.PyTorch)
            .Select(tensor => tensor with { Name = $"{names[int.Parse(tensor.Name.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture) / 2]}.{tensor.Name.Split('.')[1]}" })
            .OrderBy(tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>A file of ours without its metadata is still one of dense layers.</summary>
    [Fact]
    public void OurNamesAreReadWithoutMetadataToo()
    {
        var network = Some.Network("5-4-4-3", seed: 1);
        var loaded = NetworkFile.FromTensors(new SafetensorsFile(network.ToTensors()), "m", Activation.Tanh);
        Some.AssertSameBits(network.Predict(Some.Matrix(3, 5, 2)), loaded.Predict(Some.Matrix(3, 5, 2)));
    }

    [Fact]
    public void ASpikingNetworkIsNeitherSavedNorReadAsAnOrdinaryOne()
    {
        var network = Some.Spiking("3-4-2");
        Assert.Throws<NotSupportedException>(() => network.Save(new MemoryStream()));
        var file = new SafetensorsFile(network.ToTensors(), network.Describe());
        Assert.Contains("spiking", Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "m")).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The first question after a step of one example finds the step still to be taken; several threads must see it taken once.
    /// </summary>
    [Fact]
    public async Task SeveralThreadsPredictAtOnceAndGetTheSameBits()
    {
        using var compute = new Compute(2);
        var network = Some.Network("64-300-10", seed: 1, compute: compute);
        var one = Some.Batch(network, 1, seed: 3);
        var inputs = Enumerable.Range(0, 8).Select(i => Some.Matrix(1 + 7 * i, 64, (ulong)i)).ToArray();
        var rule = new BackpropagationRule(Some.Setup(network));
        var gradients = new Gradients(rule.LearnedParameters, compute);
        var optimizer = new Sgd(rule.LearnedParameters, weightDecay: 0.01f);
        var twin = Some.Network("64-300-10", seed: 1);
        var twinRule = new BackpropagationRule(Some.Setup(twin));
        var twinGradients = new Gradients(twinRule.LearnedParameters, twin.Compute);
        var twinOptimizer = new Sgd(twinRule.LearnedParameters, weightDecay: 0.01f);
        for (var round = 0; round < 20; round++)
        {
            rule.EstimateGradients(one, gradients);
            optimizer.Step(gradients, 0.1f);
            twinRule.EstimateGradients(one, twinGradients);
            twinOptimizer.Step(twinGradients, 0.1f);
            var expected = inputs.Select(twin.Predict).ToArray();
            using var start = new Barrier(4);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    for (var i = 0; i < inputs.Length; i++)
                    {
                        var which = (i + 2 * thread) % inputs.Length;
                        Some.AssertSameBits(expected[which], network.Predict(inputs[which]));
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }
    }

    private static Network Reload(Network network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        return Network.Load(stream, "m.safetensors");
    }
}
