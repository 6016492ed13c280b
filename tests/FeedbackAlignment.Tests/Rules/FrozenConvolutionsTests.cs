using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>The controls for convolutions freeze what they say, and all else gets the gradient of backpropagation.</summary>
public sealed class FrozenConvolutionsTests
{
    private const string Chain = "2x6x6, conv 3x3 4, batch-norm, relu, conv 3x3 4, batch-norm, relu, max-pool 2, dense 5 relu, dense 3";

    private const string Blocks
        = "2x6x6, conv 3x3 4, batch-norm, relu, residual(conv 3x3 4, batch-norm, relu, conv 3x3 4, batch-norm), relu, "
            + "global-average-pool, dense 3";

    [Theory]
    [InlineData(Chain, "frozen-convolutions",
        "norm1.scale norm1.shift norm2.scale norm2.shift hidden3.weights hidden3.biases output.weights output.biases")]
    [InlineData(Chain, "frozen-features", "hidden3.weights hidden3.biases output.weights output.biases")]
    [InlineData(Blocks, "frozen-features", "output.weights output.biases")]
    [InlineData(
        Blocks,
        "frozen-convolutions",
        "norm1.scale norm1.shift norm2.scale norm2.shift norm3.scale norm3.shift "
            + "output.weights output.biases")]
    public void WhatIsNotFrozenHasTheGradientsOfBackpropagation(string plan, string rule, string learning)
    {
        var network = NetworkPlan.Parse(plan).Build(seed: 3);
        var setup = Some.Setup(network);
        var batch = Some.Batch(network, 6, 4);
        var exact = new Gradients(network.Parameters, network.Compute);
        var estimated = new Gradients(network.Parameters, network.Compute);
        Assert.Equal(
            new BackpropagationRule(setup).EstimateGradients(batch, exact),
            RuleCatalog.Standard.Get(rule).Create(setup).EstimateGradients(batch, estimated));
        Assert.Equal(
            learning.Split(' '), network.Parameters.Where(parameter => estimated[parameter].IsPresent).Select(parameter => parameter.Name));
        foreach (var parameter in network.Parameters.Where(parameter => estimated[parameter].IsPresent))
        {
            Assert.True(Some.SameBits(exact[parameter].Values, estimated[parameter].Values), parameter.Name);
        }
    }

    /// <summary>
    /// Where nothing below learns the error ends; whoever asks for the errors of hidden layers gets backpropagation's all the way.
    /// </summary>
    [Theory]
    [InlineData(Chain, "frozen-convolutions")]
    [InlineData(Chain, "frozen-features")]
    [InlineData(Blocks, "frozen-convolutions")]
    [InlineData(Blocks, "frozen-features")]
    public void TheErrorsOfHiddenLayersAreThoseOfBackpropagationAllTheWayDown(string plan, string rule)
    {
        var network = NetworkPlan.Parse(plan).Build(seed: 3);
        var (setup, batch) = (Some.Setup(network), Some.Batch(network, 6, 4));
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var (with, without) = (new Gradients(network.Parameters, network.Compute), new Gradients(network.Parameters, network.Compute));
        var (exact, errors) = (Some.Errors(new BackpropagationRule(setup), batch), new HiddenErrors(network, batch.Count));

        learner.EstimateGradients(batch, without);
        learner.EstimateGradients(batch, with, errors);
        for (var layer = 0; layer < exact.Count; layer++)
        {
            Assert.True(Some.SameBits(exact[layer], errors[layer]));
        }

        Some.AssertSameBits(Some.Copies(without), Some.Copies(with));
    }

    /// <summary>Weight decay does not move them either.</summary>
    [Theory]
    [InlineData("frozen-convolutions")]
    [InlineData("frozen-features")]
    public void FrozenKernelsStayAsTheyWereDrawn(string rule)
    {
        var network = NetworkPlan.Parse(Chain).Build(seed: 3);
        var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network));
        Matrix[] kernels = [.. network.Layers.Take(2).Select(layer => layer.Weights.Read().Copy())];
        var (optimizer, gradients) = (new Sgd(network.Parameters, weightDecay: 0.1f), new Gradients(network.Parameters, network.Compute));
        var output = network.Layers[^1].Weights.Read().Copy();
        for (var step = 0; step < 3; step++)
        {
            learner.EstimateGradients(Some.Batch(network, 6, (ulong)step), gradients);
            optimizer.Step(gradients, 0.1f);
        }

        Some.AssertSameBits(kernels, [.. network.Layers.Take(2).Select(layer => layer.Weights.Read())]);
        Assert.False(Some.SameBits(output, network.Layers[^1].Weights.Read()));
    }
}
