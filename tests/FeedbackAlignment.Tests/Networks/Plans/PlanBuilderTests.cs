using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Tests.Networks.Plans;

/// <summary>What a plan makes: modules with its names, and weights of streams of their own.</summary>
public sealed class PlanBuilderTests
{
    private const string Text =
        "5, dense 6, batch-norm, relu, residual(dense 4 tanh, dense 6), tanh, residual(layer-norm, dense 3 | dense 3), dropout 0.4, "
            + "dense 2";

    [Fact]
    public void SizesGiveTheNetworkOfMlp()
    {
        var options =
            new MlpOptions
            {
                Hidden = Activation.Relu,
                Bias = false,
                Connectivity = new Dictionary<string,
            Connectivity>
                { ["hidden2"] = Connectivity.Random(0.5) }
            };
        AssertSame(Network.Mlp("5-2x4-3", 7, options), NetworkPlan.Parse("5-4-4-3").Build(7, options));
    }

    [Fact]
    public void AChainOfModulesHasTheBitsOfItsSizes()
    {
        var network = NetworkPlan.Parse("5, dense 4, relu, dense 4 relu, dense 3").Build(7);
        Assert.True(network.IsChain);
        AssertSame(Network.Mlp("5-4-4-3", 7, new MlpOptions { Hidden = Activation.Relu }), network);
    }

    [Fact]
    public void ModulesStandWhereThePlanHasThem()
    {
        var network = NetworkPlan.Parse(Text).Build(7);
        Assert.Equal(
            [
                "network", "hidden1", "norm1", "relu1", "block1", "block1/branch", "hidden2", "hidden3", "tanh1", "block2", "block2/branch", "norm2",
                "hidden4", "block2/shortcut", "hidden5", "drop1", "output",
            ],
            Network.All(network.Root).Select(module => module.Name));
        Assert.Equal(
            [Activation.Linear, Activation.Tanh, Activation.Linear, Activation.Linear, Activation.Linear, Activation.Linear],
            network.Layers.Select(layer => layer.Activation));
        Assert.IsType<BatchNorm>(network.Root.Children[1]);
        Assert.IsType<LayerNorm>(network.Root.Children[5].Children[0].Children[0]);
        Assert.Equal(NetworkPlan.Parse(Text).LayerNames, network.Layers.Select(layer => layer.Name));
        Assert.Equal("drop1: dropout 0.4", $"{network.Root.Children[6]}");
    }

    [Fact]
    public void ALayerDrawsTheSameWeightsWhateverStandsAroundIt()
    {
        var (alone, among) = (
            NetworkPlan.Parse("5, dense 6, dense 2").Build(7), NetworkPlan.Parse("5, dense 6, batch-norm, dropout 0.1, tanh, dense "
                + "2").Build(7));
        Some.AssertSameBits(
            Some.Copies(alone.Layers.Select(layer => layer.Weights)), Some.Copies(among.Layers.Select(layer => layer.Weights)));
    }

    [Fact]
    public void OptionsApplyToEveryLayerWithWeights()
    {
        var network = NetworkPlan.Parse(Text).Build(7, new MlpOptions
        {
            Bias = false,
            Weights = WeightDistribution.Uniform(0.01),
            Connectivity = new Dictionary<string, Connectivity> { ["hidden3"] = Connectivity.InputsPerUnit(2) },
        });
        Assert.All(network.Layers, layer => Assert.Null(layer.Biases));
        Assert.All(network.Layers, layer
            => Some.ForEach(layer.Weights.Read(), (row, column) => Assert.InRange(layer.Weights.Read()[row, column], -0.01f, 0.01f)));
        Assert.All(network.Layers, layer => Assert.NotEqual(0, layer.Weights.Read()[0, 0]));
        Assert.All(network.Layers, layer => Assert.Equal(layer.Name == "hidden3", layer.Weights.Connections is not null));
    }

    [Fact]
    public void WhatThePlanSaysOrCannotHaveIsNoOption()
    {
        var plan = NetworkPlan.Parse(Text);
        Refused(new() { Hidden = Activation.Relu }, "the options must not name relu as well");
        Refused(new() { Output = Activation.Logistic }, "the options must not name logistic as well");
        Refused(new() { Dynamics = new() }, "a spiking network is dense layers one after another");
        Refused(new() { Connectivity = new Dictionary<string, Connectivity> { ["norm1"] = Connectivity.Random(0.5) } },
            "no layer of 5, dense 6");

        void Refused(MlpOptions options, string message)
            => Assert.Contains(message, Assert.Throws<ArgumentException>(() => plan.Build(7, options)).Message, StringComparison.Ordinal);
    }

    private static void AssertSame(Network expected, Network network)
    {
        Assert.Equal(expected.Layers.Select(layer => layer.ToString()), network.Layers.Select(layer => layer.ToString()));
        Assert.Equal(expected.Parameters.Select(parameter => parameter.Name), network.Parameters.Select(parameter => parameter.Name));
        Some.AssertSameBits(Some.Copies(expected.Parameters), Some.Copies(network.Parameters));
    }
}
