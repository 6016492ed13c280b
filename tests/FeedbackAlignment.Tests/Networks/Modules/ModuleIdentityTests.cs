using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>The limits in which a module becomes nothing, or another.</summary>
public sealed class ModuleIdentityTests
{
    private static readonly Compute _compute = new();

    [Fact]
    public void AResidualBlockWithABranchOfZerosIsTheIdentity()
    {
        var plain = new Network([Layer("hidden1", 5, 6, Activation.Tanh, 1), Layer("output", 6, 3, Activation.Linear, 2)], _compute);
        var zero = WeightedLayer.Dense("branch", 6, 6, Activation.Linear, bias: true, _compute);
        var block = new Network(new Sequence("network",
            [Layer("hidden1", 5, 6, Activation.Tanh, 1), new Residual("block", zero),
                Layer("output", 6, 3, Activation.Linear, 2)]), _compute);
        var batch = Some.Batch(plain, 7, 3);
        Some.AssertSameBits(plain.Predict(batch.Inputs), block.Predict(batch.Inputs));
        var (without, with) = (Gradients(plain, batch), Gradients(block, batch));
        Some.AssertSameBits(without[plain.Layers[1].Weights].Values, with[block.Layers[2].Weights].Values);
        Some.AssertSameBits(without[plain.Layers[0].Weights].Values, with[block.Layers[0].Weights].Values);
    }

    /// <summary>And the weights of the recurrence, which nothing crosses, have no gradient.</summary>
    [Fact]
    public void ARecurrenceOfOneStepIsALayer()
    {
        var plain = new Network([Layer("hidden1", 5, 6, Activation.Tanh, 1), Layer("output", 6, 3, Activation.Linear, 2)], _compute);
        var module = new Recurrence("recurrence", steps: 1, 5, 6, _compute);
        var recurrent = new Network(new Sequence("network", [module, Layer("output", 6, 3, Activation.Linear, 2)]), _compute);
        module.FromInputs.Weights.Read().CopyFrom(plain.Layers[0].Weights.Read());
        module.FromInputs.Biases!.Read().CopyFrom(plain.Layers[0].Biases!.Read());
        var batch = Some.Batch(plain, 7, 3);
        Some.AssertSameBits(plain.Predict(batch.Inputs), recurrent.Predict(batch.Inputs));
        var (without, with) = (Gradients(plain, batch), Gradients(recurrent, batch));
        Some.AssertSameBits(without[plain.Layers[0].Weights].Values, with[module.FromInputs.Weights].Values);
        Some.AssertSameBits(without[plain.Layers[0].Biases!].Values, with[module.FromInputs.Biases!].Values);
        Assert.False(with[module.FromBefore.Weights].IsPresent);
    }

    [Fact]
    public void DropoutOfProbabilityZeroIsNothing()
    {
        var plain = new Network([Layer("hidden1", 5, 6, Activation.Tanh, 1), Layer("output", 6, 3, Activation.Linear, 2)], _compute);
        var dropping = new Network(new Sequence("network",
            [Layer("hidden1", 5, 6, Activation.Tanh, 1), new Dropout("drop", Shape.Flat(6), 0),
                Layer("output", 6, 3, Activation.Linear, 2)]), _compute);
        var batch = Some.Batch(plain, 7, 3);
        Some.AssertSameBits(Some.Copies(Gradients(plain, batch)), Some.Copies(Gradients(dropping, batch)));
    }

    [Fact]
    public void DropoutLeavesOutTheGivenShareKeepsTheMeanAndAnswersWithAllUnits()
    {
        var shape = Shape.Flat(40);
        var run = new DropoutRun(0.3, new RandomStreams(1).Stream("noise/x"), new Matrix(500, 40), new Matrix(500, 40));
        var ones = new Matrix(500, 40);
        ones.Fill(1);
        run.Forward(ones, PassMode.Learn);
        var zeros = 0;
        Some.ForEach(run.Output, (row, column) => zeros += run.Output[row, column] == 0 ? 1 : 0);
        Some.ForEach(run.Output, (row, column) => Assert.Contains(run.Output[row, column], new[] { 0f, (float)(1 / 0.7) }));

        // Five standard deviations of a share of 20,000.
        Assert.Equal(0.3, zeros / (double)(500 * shape.Size), 5 * Math.Sqrt(0.3 * 0.7 / 20_000));
        run.Forward(ones, PassMode.Answer);
        Some.AssertSameBits(ones, run.Output);
    }

    /// <summary>An answer under batch norm is an affine function of each example alone, whatever stands beside it.</summary>
    [Fact]
    public void BatchNormAnswersByItsRunningStatistics()
    {
        var norm = new BatchNorm("norm", Shape.Flat(4), epsilon: 1e-3, momentum: 0.25);
        var run = new BatchNormRun(norm, 8, _compute);
        var input = Some.Matrix(8, 4, 5);
        for (var step = 0; step < 3; step++)
        {
            run.Forward(input, PassMode.Learn);
        }

        for (var channel = 0; channel < 4; channel++)
        {
            var column = Enumerable.Range(0, 8).Select(row => (double)input[row, channel]).ToArray();
            var (mean, variance) = (column.Average(), column.Sum(x => Math.Pow(x - column.Average(), 2)) / 7);
            var left = Math.Pow(0.75, 3);
            Assert.Equal((1 - left) * mean, norm.RunningMean[0, channel], 1e-6);
            Assert.Equal(left + (1 - left) * variance, norm.RunningVariance[0, channel], 1e-5);
        }

        run.Forward(input, PassMode.Answer);
        var together = run.Output.Copy();
        run.Forward(input.Slice(2, 1), PassMode.Answer);
        Some.AssertSameBits(together.Slice(2, 1), run.Output);
        Some.ForEach(together, (row, channel) => Assert.Equal(
            (input[row, channel] - norm.RunningMean[0, channel]) / Math.Sqrt(norm.RunningVariance[0, channel] + 1e-3),
                together[row, channel], 1e-5));
    }

    /// <summary>No rule has feedback weights that would bring an error there: the forward weights would be used without a word.</summary>
    [Fact]
    public void WhatLearnsBeforeTheFirstWeightsIsRefused()
    {
        var shape = Shape.Flat(5);
        Network Beginning(Module first) => new(new Sequence("network", [first, Layer("output", 5, 3, Activation.Linear, 2)]), _compute);
        Assert.Contains("norm: layer norm learns but stands before the first layer with weights",
            Assert.Throws<ArgumentException>(() => Beginning(new LayerNorm("norm", shape))).Message, StringComparison.Ordinal);
        Assert.Equal(3, Beginning(new Dropout("drop", shape, 0.5)).Outputs);
    }

    [Fact]
    public void BatchNormRefusesToLearnFromOneExample()
    {
        var network = ModuleNetworks.Of("batch-norm");
        var message = Assert.Throws<ArgumentException>(() => Gradients(network, Some.Batch(network, 1, 3))).Message;
        Assert.Contains("norm: batch norm needs at least two examples", message, StringComparison.Ordinal);
    }

    /// <summary>Each position of each example has mean 0 and variance 1 over its channels.</summary>
    [Fact]
    public void LayerNormNormalizesEachPositionOverItsChannels()
    {
        var norm = new LayerNorm("norm", new Shape(2, 3, 5));
        var run = new LayerNormRun(norm, 4, _compute);
        run.Forward(Some.Matrix(4, 30, 9), PassMode.Learn);
        for (var position = 0; position < 24; position++)
        {
            var channels = run.Output.Row(position / 6).Slice(position % 6 * 5, 5).ToArray();
            Assert.Equal(0, channels.Average(), 1e-6);
            Assert.Equal(1, channels.Average(x => x * x), 1e-4);
        }
    }

    /// <summary>Two positions of one channel each are two examples to batch norm.</summary>
    [Fact]
    public void BatchNormTakesPositionsAsExamples()
    {
        var (wide, tall) = (
            new BatchNormRun(new BatchNorm("a", new Shape(1, 2, 3)), 4, _compute), new BatchNormRun(new BatchNorm("b", Shape.Flat(3)), 8, _compute));
        var input = Some.Matrix(4, 6, 5);
        var rows = new Matrix(8, 3);
        Some.ForEach(rows, (row, column) => rows[row, column] = input[row / 2, row % 2 * 3 + column]);
        wide.Forward(input, PassMode.Learn);
        tall.Forward(rows, PassMode.Learn);
        Some.ForEach(rows, (row, column) => Assert.Equal(tall.Output[row, column], wide.Output[row / 2, row % 2 * 3 + column], 1e-6));
    }

    private static WeightedLayer Layer(string name, int inputs, int outputs, Activation activation, ulong seed)
    {
        var layer = WeightedLayer.Dense(name, inputs, outputs, activation, bias: true, _compute);
        layer.Weights.Draw(WeightDistribution.Normal(0.5), new RandomStreams(seed).Stream("weights"));
        return layer;
    }

    private static Gradients Gradients(Network network, Batch batch)
    {
        var rule = new BackpropagationRule(Some.Setup(network));
        var gradients = new Gradients(network.Parameters, network.Compute);
        rule.EstimateGradients(batch, gradients);
        return gradients;
    }
}
