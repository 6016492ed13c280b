using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("linear", true)]
    [InlineData("logistic", false)]
    [InlineData("tanh", true)]
    [InlineData("relu", false)]
    public void PredictionsAreThoseOfPlainLoopsInDouble(string activation, bool bias)
    {
        var network = Some.Network("9-17-5-3", 1, Activation.FromId(activation), Activation.FromId(activation), bias);
        var inputs = Some.Matrix(4, 9, 2);
        var expected = ReferenceNetwork.Rows(inputs).Select(new ReferenceNetwork(network).Forward).ToArray();
        var actual = ReferenceNetwork.Rows(network.Predict(inputs));
        Assert.All(expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), y => Assert.Equal(y.First, y.Second, 1e-5)));
    }

    [Fact]
    public void ANetworkOfOneSeedHasOneSetOfWeightsAndBiasesOfZero()
    {
        var network = Network.Mlp("5-4-3", seed: 1);
        Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(Network.Mlp("5-4-3", seed: 1).Parameters));
        Assert.False(Some.SameBits(network.Layers[0].Weights.Read(), Network.Mlp("5-4-3", seed: 2).Layers[0].Weights.Read()));
        Assert.Equal(["hidden1", "output"], network.Layers.Select(layer => layer.Name));
        Assert.All(network.Layers, layer => Some.AssertSameBits(new Matrix(1, layer.Outputs), layer.Biases!.Read()));
        Assert.Equal(5 * 4 + 4 + 4 * 3 + 3, network.Size);
        var square = Network.Mlp("4-4-4", seed: 1);
        Assert.False(Some.SameBits(square.Layers[0].Weights.Read(), square.Layers[1].Weights.Read()));
    }

    /// <summary>Adding a layer, or biases, must not change the weights of another layer.</summary>
    [Fact]
    public void WeightsOfALayerDependOnItsNameAndSizeOnly()
        => Some.AssertSameBits(
            Network.Mlp("5-4-3", seed: 1).Layers[0].Weights.Read(),
            Network.Mlp("5-4-7-2", seed: 1, new() { Bias = false }).Layers[0].Weights.Read());

    [Fact]
    public void LayersWithoutBiasHaveNoSuchParameter()
        => Assert.Equal(["hidden1.weights", "output.weights"],
            Network.Mlp("5-4-3", 1, new() { Bias = false }).Parameters.Select(parameter => parameter.Name));

    [Fact]
    public void LayersThatDoNotFitOrShareANameAreRefused()
    {
        var compute = new Compute();
        WeightedLayer Layer(string name, int inputs, int outputs)
            => WeightedLayer.Dense(name, inputs, outputs, Activation.Tanh, true, compute);
        var unfit = Assert.Throws<ArgumentException>(() => new Network([Layer("a", 2, 3), Layer("b", 4, 1)], compute));
        Assert.Contains("3 outputs", unfit.Message, StringComparison.Ordinal);
        Assert.Contains("4 inputs", unfit.Message, StringComparison.Ordinal);
        var twins = Assert.Throws<ArgumentException>(() => new Network([Layer("a", 2, 3), Layer("a", 3, 3)], compute));
        Assert.Contains("2 layers are called \"a\"", twins.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Network([], compute));
    }

    [Fact]
    public void LayersAlikeInARowCanBeCounted()
        => Assert.Equal(Network.Mlp("7-5-4-4-4-2", seed: 1).Layers.Select(layer => layer.ToString()), Network.Mlp("7-5-3x4-2", seed: 1).Layers.Select(layer => layer.ToString()));

    [Theory]
    [InlineData("784-x-10", "\"x\"")]
    [InlineData("784", "an input size and an output size")]
    [InlineData("784--10", "a size is missing")]
    [InlineData("784-0-10", "not 0")]
    [InlineData("784-1e3-10", "\"1e3\"")]
    [InlineData("784-99999999999-10", "\"99999999999\"")]
    public void WrongSizesAreRefusedWithThePartThatIsWrong(string sizes, string part)
        => Assert.Contains(part, Assert.Throws<FormatException>(() => Network.Mlp(sizes, seed: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatIsNullIsCalledByTheNameOfTheParameter()
    {
        Assert.Throws<ArgumentNullException>("sizes", () => Network.Mlp(null!, seed: 1));
        Assert.Throws<ArgumentNullException>("sizes", () => Network.ParseSizes(null!));
        Assert.Throws<ArgumentNullException>("text", () => Network.TryParseSizes(null!, out _, out _));
        Assert.Throws<ArgumentNullException>("id", () => Activation.FromId(null!));
        Assert.Throws<ArgumentNullException>("id", () => Loss.Standard.Get(null!));
        Assert.Throws<ArgumentNullException>("id", () => RuleCatalog.Standard.Get(null!));
        Assert.Throws<ArgumentNullException>("id", () => RuleCatalog.Standard.Find(null!));
    }

    [Fact]
    public void InputsOfAnotherWidthAreRefusedWithBothWidths()
    {
        var message = Assert.Throws<ArgumentException>(() => Network.Mlp("5-3", 1).Predict(new Matrix(2, 4))).Message;
        Assert.Contains("2 × 4", message, StringComparison.Ordinal);
        Assert.Contains("2 × 5", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnErrorThatLiesByColumnsIsRefusedByGradients()
    {
        var network = Network.Mlp("4-3", seed: 1);
        var gradients = new Gradients(network.Parameters, network.Compute);
        var error = new Matrix(2, 3, MatrixOrder.ColumnMajor);
        Assert.Throws<ArgumentException>("error", () => gradients[network.Layers[0].Weights].SetMeanOuterProduct(error, new Matrix(2, 4)));
        Assert.Throws<ArgumentException>("error", () => gradients[network.Layers[0].Biases!].SetMean(error));
    }
}
