using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Tests.Networks.Plans;

public sealed class NetworkPlanTests
{
    [Fact]
    public void SizesAreReadInOrder()
    {
        var plan = NetworkPlan.Parse("784-1000-500-10");
        Assert.Equal([784, 1000, 500, 10], plan.Sizes);
        Assert.Equal((784, 10, 2), (plan.Inputs, plan.Outputs, plan.HiddenLayers));
        Assert.Equal("784-1000-500-10", plan.ToString());
    }

    [Fact]
    public void LayersAlikeInARowCanBeCounted()
    {
        Assert.Equal("7-5-4-4-4-2-2-1", NetworkPlan.Parse("7-5-3x4-2x2-1").ToString());
        Assert.Equal(100, NetworkPlan.Parse("784-100x240-10").HiddenLayers);
        Assert.Equal([240, 240, 240], NetworkPlan.Parse("3x240").Sizes);
    }

    [Fact]
    public void ABadSizeIsNamed() => Assert.Equal(
        """ "784-x-10": "x" is not a layer size; write sizes joined by "-", e.g. 784-1000-10 or 784-4x240-10 """.Trim(),
        Assert.Throws<FormatException>(() => NetworkPlan.Parse("784-x-10")).Message);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("784")]
    [InlineData("784-")]
    [InlineData("-784-10")]
    [InlineData("784--10")]
    [InlineData("784-0-10")]
    [InlineData("784-+1-10")]
    [InlineData("784-1.5-10")]
    [InlineData("784- 5-10")]
    [InlineData("784-٣-10")]
    [InlineData("784-2147483648-10")]
    [InlineData("50000-50000")]
    [InlineData("784-0x5-10")]
    [InlineData("784-1001x5-10")]
    [InlineData("784-999x5-999x5-10")]
    [InlineData("784-x5-10")]
    [InlineData("784-2x-10")]
    [InlineData("784-2x2x2-10")]
    [InlineData("784--1x5-10")]
    public void WhatIsNoPlanOfSizesIsRefused(string text)
    {
        Assert.False(NetworkPlan.TryParse(text, out var plan, out var mistake));
        Assert.Null(plan);
        Assert.StartsWith($"\"{text[..Math.Min(3, text.Length)]}", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4, dense 3", "4, dense 3")]
    [InlineData(" 4 ,dense\t3 relu,dense 2\n", "4, dense 3 relu, dense 2")]
    [InlineData("4, dense 3, relu, dense 2, logistic", "4, dense 3 relu, dense 2 logistic")]
    [InlineData("4, dense 3 linear, tanh, tanh, dense 2", "4, dense 3 tanh, tanh, dense 2")]
    [InlineData("4, dense 3, batch-norm, relu, dropout .25, dense 2", "4, dense 3, batch-norm, relu, dropout 0.25, dense 2")]
    [InlineData("4, dropout 1e-7, dense 3, residual(layer-norm, relu, dense 3), dense 2",
        "4, dropout 1E-07, dense 3, residual(layer-norm, relu, dense 3), dense 2")]
    [InlineData("4,residual( dense 3 tanh,dense 2|dense 2 ),relu,dense 2", "4, residual(dense 3 tanh, dense 2 | dense 2), relu, dense 2")]
    [InlineData("4, residual(residual(dense 4 relu)), dense 2", "4, residual(residual(dense 4 relu)), dense 2")]
    public void EveryPlanIsWrittenInOneWayThatReadsAsTheSame(string text, string expected)
    {
        var plan = NetworkPlan.Parse(text);
        Assert.Equal(expected, plan.ToString());
        var again = NetworkPlan.Parse(expected);
        Assert.Equal(expected, again.ToString());
        Assert.Equal(plan.Layers, again.Layers);
        Assert.Equal(plan.Nodes.Select(node => node.Name), again.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void LayersAreNamedInForwardOrderAlsoInBlocks()
    {
        var plan = NetworkPlan.Parse(
            "9, dense 8, batch-norm, relu, residual(dense 7 relu, residual(dense 7), dense 6 | dense 6), relu, layer-norm, dropout "
                + "0.5, dense 3");
        Assert.Equal(
            [
                "hidden1", "norm1", "relu1", "block1", "hidden2", "block2", "hidden3", "hidden4", "hidden5", "relu2", "norm2", "drop1",
                "output",
            ],
            plan.Nodes.Select(node => node.Name));
        Assert.Equal([(9, 8), (8, 7), (7, 7), (7, 6), (8, 6), (6, 3)], plan.Layers.Select(layer => (layer.Inputs, layer.Outputs)));
        Assert.Equal(["hidden1", "hidden2", "hidden3", "hidden4", "hidden5", "output"], plan.LayerNames);
        Assert.Equal(["hidden1", "norm1", "hidden2", "hidden3", "hidden4", "hidden5", "norm2", "output"], plan.ThatLearn);
        Assert.Equal(
            (9, 3, 5, 2, false, true), (plan.Inputs, plan.Outputs, plan.HiddenLayers, plan.LeastBatch, plan.IsChain, plan.HasActivations));
        Assert.Contains(
            "more than dense layers", Assert.Throws<InvalidOperationException>(() => plan.Sizes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DenseLayersInARowAreAChainInEitherForm()
    {
        var plan = NetworkPlan.Parse("7, dense 5, relu, dense 4 tanh, dense 2");
        Assert.True(plan.IsChain);
        Assert.Equal([7, 5, 4, 2], plan.Sizes);
        Assert.Equal([Activation.Relu, Activation.Tanh, Activation.Linear], plan.Layers.Select(layer => layer.Activation));
        Assert.Equal(1, plan.LeastBatch);
        plan = NetworkPlan.Parse("7, dense 5 leaky-relu 1e-1, dense 4, batch-norm, leaky-relu 0.2, dense 3, gelu, dense 2");
        Assert.Equal("7, dense 5 leaky-relu 0.1, dense 4, batch-norm, leaky-relu 0.2, dense 3 gelu, dense 2", plan.ToString());
        Assert.Equal("leaky-relu 0.2", ((ActivationModule)plan.Build(1).Root.Children[3]).Activation.Id);
        Assert.Equal("leaky-relu1", plan.Build(1).Root.Children[3].Name);
        Assert.All(NetworkPlan.Parse("7-5-4-2").Layers, layer => Assert.Null(layer.Activation));
    }

    [Theory]
    [InlineData("784-5-10")]
    [InlineData("9, dense 8, batch-norm, relu, residual(dense 7 relu, dense 6 | dense 6), layer-norm, dense 3")]
    public void CountsAreThoseOfTheNetwork(string text)
    {
        var plan = NetworkPlan.Parse(text);
        var network = plan.Build(1);
        Assert.Equal(network.Size, plan.CountParameters());
        Assert.Equal(plan.Build(1, new MlpOptions { Bias = false }).Size, plan.CountParameters(bias: false));
        Assert.Equal(network.Buffers.Sum(buffer => (long)buffer.Values.Rows * buffer.Values.Columns), plan.CountBuffers());
        var kept = network.Parameters.Where(parameter => parameter.Kind != ParameterKind.Biases)
            .Select(parameter => (parameter.Name, parameter.Rows, parameter.Columns))
            .Concat(network.Buffers.Select(buffer => (buffer.Name, buffer.Values.Rows, buffer.Values.Columns)));
        Assert.Equal(kept.Order(), plan.Nodes.SelectMany(node => node.Tensors).Order());
    }

    [Theory]
    [InlineData("4, dens 3",
        "item 2 \"dens 3\" is no module; there are dense, conv, batch-norm, layer-norm, ")]
    [InlineData("dense 3", "item 1 \"dense 3\" must be the number of inputs, e.g. 784, or a picture's channels, height and width, e.g. 3x32x32")]
    [InlineData("4 dense 3", "item 1 \"4 dense 3\" must be the number of inputs, e.g. 784, or a picture's channels, height and width, e.g. 3x32x32")]
    [InlineData("0, dense 3", "item 1 \"0\" must be the number of inputs, e.g. 784, or a picture's channels, height and width, e.g. 3x32x32")]
    [InlineData("4(dense 3), dense 3", "item 1 \"4(…)\" must be the number of inputs, e.g. 784, or a picture's channels, height and width, e.g. 3x32x32")]
    [InlineData("4,", "item 2 is empty; a module must stand there, e.g. dense 256 relu")]
    [InlineData("4, dense 3,", "item 3 is empty; a module must stand there, e.g. dense 256 relu")]
    [InlineData("4,, dense 3", "item 2 is empty; a module must stand there, e.g. dense 256 relu")]
    [InlineData("4, dense 3, relu, relu", "item 4 \"relu\" cannot be the end: a network ends with its output layer, e.g. dense 10")]
    [InlineData("4, dense 3, batch-norm", "item 3 \"batch-norm\" cannot be the end: a network ends with its output layer, e.g. dense 10")]
    [InlineData("4, dense", "item 2 \"dense\" needs a number of units and may have an activation, e.g. dense 256 relu")]
    [InlineData("4, dense 3 relu relu",
        "item 2 \"dense 3 relu relu\" needs a number of units and may have an activation, e.g. dense 256 relu")]
    [InlineData("4, dense 99999999999",
        "item 2 \"dense 99999999999\" needs a number of units and may have an activation, e.g. dense 256 relu")]
    [InlineData("4, dense -3", "item 2 \"dense -3\" needs a number of units and may have an activation, e.g. dense 256 relu")]
    [InlineData("4, dense 3 softmax", "item 2 \"dense 3 softmax\" names no activation; there are linear, logistic, tanh, relu")]
    [InlineData("50000, dense 50000", "item 2 \"dense 50000\" has 50000 × 50000 weights, more than the 2147483591 that a layer can have")]
    [InlineData("4, 3, 2", "item 2 \"3\" is only a number; write dense 3, or sizes alone as 784-1000-10")]
    [InlineData("4, dense 3, linear, dense 2", "item 3 \"linear\" does nothing; leave it out")]
    [InlineData("4, dense 3, dropout, dense 2", "item 3 \"dropout\" must be written as dropout PROBABILITY, e.g. dropout 0.2")]
    [InlineData("4, dense 3, dropout 1, dense 2",
        "item 3 \"dropout 1\" has a wrong probability, which must be ≥ 0 and < 1, e.g. dropout 0.2")]
    [InlineData("4, dense 3, dropout -0.5, dense 2",
        "item 3 \"dropout -0.5\" has a wrong probability, which must be ≥ 0 and < 1, e.g. dropout 0.2")]
    [InlineData("4, dense 3, dropout NaN, dense 2",
        "item 3 \"dropout NaN\" has a wrong probability, which must be ≥ 0 and < 1, e.g. dropout 0.2")]
    [InlineData("4, dense 3, dropout -Infinity, dense 2",
        "item 3 \"dropout -Infinity\" has a wrong probability, which must be ≥ 0 and < 1, e.g. dropout 0.2")]
    [InlineData("4, dense 3, dropout 20 %, dense 2", "item 3 \"dropout 20 %\" must be written as dropout PROBABILITY, e.g. dropout 0.2")]
    [InlineData("4, dense 3, batch-norm 3, dense 2", "item 3 \"batch-norm 3\" must be batch-norm alone")]
    [InlineData("4, dense 1, layer-norm, dense 2", "item 3 \"layer-norm\" makes 0 of a single unit; leave it out")]
    [InlineData("4, batch-norm, dense 2",
        "item 2 \"batch-norm\" learns but stands before the first layer with weights, across which no rule sends an error; "
            + "put it behind that layer")]
    [InlineData("4, dense(3)", "item 2 \"dense(…)\" cannot have parentheses; only residual has")]
    [InlineData("4, residual, dense 3", "item 2 \"residual\" needs a branch in parentheses, e.g. residual(dense 256 relu, dense 256)")]
    [InlineData("4, residual(), dense 3", "item 2.1 is empty; a module must stand there, e.g. dense 256 relu")]
    [InlineData("4, residual(dense 4 | ), dense 3", "item 2.2 is empty; a module must stand there, e.g. dense 256 relu")]
    [InlineData("4, residual(dense 4 | dense 4 | dense 4), dense 3", "item 2 \"residual(…)\" has more than a branch and a shortcut")]
    [InlineData("4, residual(dense 5), dense 3",
        "item 2 \"residual(…)\" adds 5 units to the 4 that go in; add a shortcut: residual(… | dense 5)")]
    [InlineData("4, residual(dense 5 | dense 6), dense 3",
        "item 2 \"residual(…)\" adds 5 units of the branch to 6 of the shortcut; both must make the same number")]
    [InlineData("4, residual(dense 4, dens 4), dense 3", "item 2.2 \"dens 4\" is no module")]
    [InlineData("4, residual(dense 4 | dens 4), dense 3", "item 2.2 \"dens 4\" is no module")]
    [InlineData("4, residual(dense 4, dense 3", "item 2 \"residual(…)\" must be closed by a \")\"")]
    [InlineData("4, residual(dense 4) relu, dense 3", "item 2 \"residual(…)\" must be followed by a comma")]
    [InlineData("4, residual(dense 4)(dense 4), dense 3", "item 2 \"residual(…)\" must be followed by a comma")]
    [InlineData("4, dense 3)", "there is a \")\" without a \"(\"")]
    [InlineData("4, dense 3 | dense 3", "\"|\" divides a branch from its shortcut, so it stands only in residual( … | … )")]
    public void AMistakeIsOneLineThatSaysWhereAndWhatIsRight(string text, string mistake)
    {
        Assert.False(NetworkPlan.TryParse(text, out var plan, out var said));
        Assert.Null(plan);
        Assert.StartsWith($"\"{text}\": {mistake}", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.Equal(said, Assert.Throws<FormatException>(() => NetworkPlan.Parse(text)).Message);
    }

    [Fact]
    public void DepthAndNumberAreBounded()
    {
        string Nested(int depth) => $"4, {string.Concat(Enumerable.Repeat("residual(", depth))}dense 4{new string(')', depth)}, dense 2";
        Assert.Equal(18, NetworkPlan.Parse(Nested(16)).Nodes.Count);
        Assert.Contains("more than 16 parentheses deep", Mistake(Nested(17)), StringComparison.Ordinal);
        Assert.Contains("more than 16 parentheses deep", Mistake(Nested(1_000_000)), StringComparison.Ordinal);
        string Long(int items) => $"4{string.Concat(Enumerable.Repeat(", dense 4", items - 1))}";
        Assert.Equal(999, NetworkPlan.Parse(Long(1000)).Layers.Count);
        Assert.Contains("more than 1000 items", Mistake(Long(1001)), StringComparison.Ordinal);
        Assert.InRange(Mistake(Long(1_000_000)).Length, 1, 200);

        static string Mistake(string text) => Assert.Throws<FormatException>(() => NetworkPlan.Parse(text)).Message;
    }

    [Fact]
    public void SizesAloneAreAskedForWhereActivationsWouldBeLost()
        => Assert.Contains(
            "is not a layer size; write sizes joined by",
            Assert.Throws<FormatException>(() => Network.ParseSizes("4, dense 3 relu, dense 2")).Message, StringComparison.Ordinal);
}
