using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks.Plans;

/// <summary>Plans of networks of pictures: what is read is written in one way, built, counted, and described again.</summary>
public sealed class PicturePlanTests
{
    private const string Residual = "3x8x6, conv 3x3 4, batch-norm, relu, "
        + "residual(conv 3x3 7 stride 2 relu, conv 3x3 7, batch-norm | pad-shortcut 7 stride 2), relu, global-average-pool, dense 5";

    public static TheoryData<string> Presets => [.. NetworkPresets.Ids];

    [Theory]
    [InlineData("1x28x28,conv 5x5 6,relu , max-pool 2,dense 10", "1x28x28, conv 5x5 6 relu, max-pool 2, dense 10")]
    [InlineData("3x8x8, conv 3 4 padding 1, dense 2", "3x8x8, conv 3x3 4, dense 2")]
    [InlineData("3x8x8, conv 3x3 4 padding 0 stride 1, dense 2", "3x8x8, conv 3x3 4 padding 0, dense 2")]
    [InlineData("3x8x8, conv 3x3 4 dilation 2, dense 2", "3x8x8, conv 3x3 4 dilation 2, dense 2")]
    [InlineData("3x8x8, conv 3x3 4 dilation 2 padding 2x2, dense 2", "3x8x8, conv 3x3 4 dilation 2, dense 2")]
    [InlineData("4x8x8, conv 2x2 4 groups 2 padding 0x1 stride 1x2 leaky-relu 0.1, dense 2",
        "4x8x8, conv 2x2 4 stride 1x2 padding 0x1 groups 2 leaky-relu 0.1, dense 2")]
    [InlineData("2x1x9, conv 3 4 stride 2, max-pool 2, dense 2", "2x1x9, conv 1x3 4 stride 2, max-pool 2, dense 2")]
    [InlineData("2x1x9, conv 1x3 4 padding 1 dilation 1x2, max-pool 1x3 stride 2 padding 1, dense 2",
        "2x1x9, conv 1x3 4 padding 1 dilation 2, max-pool 3 stride 2 padding 1, dense 2")]
    [InlineData("2x1x9, conv 3x3 4 stride 2x2, dense 2", "2x1x9, conv 3x3 4 stride 2x2, dense 2")]
    [InlineData("2x6x6, average-pool 2x3 stride 2x3, flatten, dense 2", "2x6x6, average-pool 2x3, flatten, dense 2")]
    [InlineData("2x6x6, average-pool 3 padding 1 stride 1, pad-shortcut 4 stride 1, dense 2",
        "2x6x6, average-pool 3 stride 1 padding 1, pad-shortcut 4, dense 2")]
    [InlineData(Residual, Residual)]
    public void WhatIsReadIsWrittenInOneWay(string text, string expected)
    {
        var plan = NetworkPlan.Parse(text);
        Assert.Equal(expected, plan.ToString());
        Assert.Equal(expected, NetworkPlan.Parse(expected).ToString());
        var network = plan.Build(1);
        Assert.Equal(expected, PlanOfNetwork.InFull(network).ToString());
        Assert.Equal(expected, NetworkPlan.Of(network).ToString());
        AssertCounts(plan, network);
        Assert.Equal(plan.Outputs, network.Predict(Some.Matrix(2, plan.Inputs, 3)).Columns);
    }

    [Fact]
    public void ShapesGoThroughThePlan()
    {
        var plan = NetworkPlan.Parse(Residual);
        Assert.Equal((new Shape(8, 6, 3), 144, 5, false), (plan.Input, plan.Inputs, plan.Outputs, plan.IsChain));
        Assert.Equal("3 × 8 × 6", $"{plan.Input}");
        Assert.Equal(["hidden1", "hidden2", "hidden3", "output"], plan.LayerNames);
        var second = plan.Layers[1];
        Assert.Equal((new Shape(8, 6, 4), new Shape(4, 3, 7)), (second.From, second.To));
        Assert.Equal((7, 36, 36, 63, 252L, 12), (second.Rows, second.Columns, second.FanIn, second.FanOut, second.Weights, second.Positions));
        Assert.Equal(1, plan.Layers[^1].Positions);
        Assert.Equal("3x8x6", $"{plan.Row[0]}");

        // Batch norm on pictures can learn from one example.
        Assert.Equal(1, plan.LeastBatch);
        Assert.Equal(2, NetworkPlan.Parse("1x2x2, conv 3x3 2, global-average-pool, batch-norm, dense 2").LeastBatch);
    }

    /// <summary>Filter by filter, in the order kernel row, kernel column, channel; the size follows from the fans of the map.</summary>
    [Fact]
    public void InitialWeightsAreDrawnFilterByFilterWithTheFansOfTheMap()
    {
        var plan = NetworkPlan.Parse("2x4x4, conv 3x3 4 groups 2, dense 2");
        var layer = plan.Build(7).Layers[0];
        Assert.Equal((4, 9), (layer.Weights.Rows, layer.Weights.Columns));
        var random = new RandomStreams(7).Stream("weights/hidden1");
        var half = Math.Sqrt(3) * Math.Sqrt(2.0 / (9 + 18));
        var expected = new Matrix(4, 9);
        WeightDistribution.Uniform(half).Draw(expected, random);
        Some.ForEach(expected, (row, column) => Assert.Equal(expected[row, column], layer.Weights.Read()[row, column], 1e-6));
        Assert.Equal(layer.Map.FanOut, plan.Layers[0].FanOut);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void AWholeNetworkIsBuiltByName(string id)
    {
        var plan = NetworkPlan.Parse(id);
        Assert.Equal(plan.ToString(), NetworkPlan.Parse(plan.ToString()).ToString());
        var network = plan.Build(1);
        AssertCounts(plan, network);
        Assert.Equal(plan.ToString(), NetworkPlan.Of(network).ToString());
        Assert.All([id, plan.ToString()], text
            => Assert.Equal(plan.Layers.Select(layer => layer.IsConvolution), NetworkPlan.FindConvolutions(text)!));
        Assert.True(NetworkPlan.TryParse(id, plan.Input, 3, NetworkParts.Standard, out var three, out _));
        Assert.Equal(3, three.Outputs);
    }

    /// <summary>Those that are published: LeNet-5 without sharing has 61,706; ResNet-20 some 0.27 million.</summary>
    [Theory]
    [InlineData("lenet5", 6 * 26 + 16 * 151 + 120 * 401 + 84 * 121 + 10 * 85)]
    [InlineData("conv-mnist", 32 * 26 + 64 * 801 + 128 * 3137 + 10 * 129)]
    [InlineData("conv-cifar", 32 * 76 + 64 * 801 + 64 * 1601 + 128 * 1025 + 10 * 129)]
    [InlineData("cifar-dkp", 32 * 28 + 64 + 32 * 289 + 64 + 128 * (14 * 14 * 32 + 1) + 10 * 129)]
    [InlineData("resnet-20", 270_410)]
    public void ItsParametersAreKnown(string id, long parameters) => Assert.Equal(parameters, NetworkPlan.Parse(id).CountParameters());

    [Fact]
    public void LeNetIsTheSameBehindItsFirstLayerOn28And32()
    {
        Assert.True(NetworkPlan.TryParse("lenet5", new Shape(32, 32, 1), 10, NetworkParts.Standard, out var large, out _));
        var small = NetworkPlan.Parse("lenet5");
        Assert.Equal(small.CountParameters(), large.CountParameters());
        Assert.Equal(new Shape(28, 28, 6), small.Layers[0].To);
        Assert.Equal(small.Layers.Select(layer => layer.To), large.Layers.Select(layer => layer.To));
        Assert.Equal(new Shape(1, 1, 120), small.Layers[2].To);
    }

    [Theory]
    [InlineData("4, conv 3x3 2, dense 3", "item 2 \"conv 3x3 2\" takes pictures, but 4 units in a row go in; a network of pictures begins with one")]
    [InlineData("4, max-pool 2, dense 3", "item 2 \"max-pool 2\" takes pictures, but 4 units in a row go in")]
    [InlineData("1x4x4, flatten, flatten, dense 3", "item 3 \"flatten\" takes pictures, but 16 units in a row go in")]
    [InlineData("4x4, dense 3", "item 1 \"4x4\" must be the number of inputs, e.g. 784, or a picture's channels, height and width, e.g. 3x32x32")]
    [InlineData("0x4x4, dense 3", "item 1 \"0x4x4\" must be the number of inputs")]
    [InlineData("1x4x4x4, dense 3", "item 1 \"1x4x4x4\" must be the number of inputs")]
    [InlineData("9999x9999x9999, dense 3", "item 1 \"9999x9999x9999\" must be the number of inputs")]
    [InlineData("1x4x4, conv 3x3, dense 3", "item 2 \"conv 3x3\" needs a kernel and a number of filters, e.g. conv 3x3 32 relu")]
    [InlineData("1x4x4, conv 3x3 0, dense 3", "item 2 \"conv 3x3 0\" needs a kernel and a number of filters")]
    [InlineData("1x4x4, conv 3x-3 2, dense 3", "item 2 \"conv 3x-3 2\" needs a kernel and a number of filters")]
    [InlineData("1x4x4, conv 3x3x3 2, dense 3", "item 2 \"conv 3x3x3 2\" needs a kernel and a number of filters")]
    [InlineData("1x4x4, conv 5000x3 2, dense 3", "item 2 \"conv 5000x3 2\" needs a kernel and a number of filters")]
    [InlineData("1x4x4, conv 2x2 2, dense 3",
        "item 2 \"conv 2x2 2\" has a kernel of 2x2, which has no middle, so it must say its padding, e.g. padding 0")]
    [InlineData("1x4x4, conv 3x3 2 stride, dense 3", "item 2 \"conv 3x3 2 stride\" has nothing behind stride, e.g. stride 1")]
    [InlineData("1x4x4, conv 3x3 2 stride 0, dense 3", "item 2 \"conv 3x3 2 stride 0\" has a wrong stride, which must be 1 … 4096")]
    [InlineData("1x4x4, conv 3x3 2 padding x, dense 3", "item 2 \"conv 3x3 2 padding x\" has a wrong padding, which must be 0 … 4096")]
    [InlineData("1x4x4, conv 3x3 2 stride 1 stride 1, dense 3", "item 2 \"conv 3x3 2 stride 1 stride 1\" says stride twice")]
    [InlineData("1x4x4, conv 3x3 2 groups 0, dense 3", "item 2 \"conv 3x3 2 groups 0\" has a wrong number of groups, e.g. groups 2")]
    [InlineData("3x4x4, conv 3x3 2 groups 2, dense 3",
        "item 2 \"conv 3x3 2 groups 2\" divides 3 channels and 2 filters into 2 groups, which must divide both")]
    [InlineData("1x4x4, conv 3x3 2 relu stride 2, dense 3",
        "item 2 \"conv 3x3 2 relu stride 2\" has \"relu stride 2\", but may have stride, padding, dilation, groups with a number")]
    [InlineData("1x4x4, conv 5x5 2 padding 0, dense 3",
        "item 2 \"conv 5x5 2 padding 0\" has a kernel of 5x5 that does not fit into 4x4 positions with a padding of 0x0")]
    [InlineData("1x4x4, conv 3x3 2147483647, dense 3", "item 2 \"conv 3x3 2147483647\" has more than 2147483591 weights or outputs")]
    [InlineData("1x4x4, conv 3x3 2", "item 2 \"conv 3x3 2\" cannot be the end: a network ends with its output layer, e.g. dense 10")]
    [InlineData("1x4x4, max-pool, dense 3", "item 2 \"max-pool\" must be written as max-pool SIZE [stride N] [padding N], e.g. max-pool 2")]
    [InlineData("1x4x4, max-pool 2 2, dense 3", "item 2 \"max-pool 2 2\" must be written as max-pool SIZE [stride N] [padding N]")]
    [InlineData("1x4x4, max-pool 0, dense 3", "item 2 \"max-pool 0\" has a wrong size, which must be 1 … 4096")]
    [InlineData("1x4x4, max-pool 2 stride 0, dense 3", "item 2 \"max-pool 2 stride 0\" has a wrong stride, which must be 1 … 4096")]
    [InlineData("1x4x4, max-pool 2 padding 2, dense 3",
        "item 2 \"max-pool 2 padding 2\" has a padding of 2x2, which is more than half of its windows of 2x2")]
    [InlineData("1x4x4, average-pool 5, dense 3", "item 2 \"average-pool 5\" has windows of 5x5 that do not fit into 4x4 positions")]
    [InlineData("1x4x4, global-average-pool 2, dense 3", "item 2 \"global-average-pool 2\" must be global-average-pool alone")]
    [InlineData("4x4x4, pad-shortcut 2, dense 3", "item 2 \"pad-shortcut 2\" has fewer channels than the 4 that go in")]
    [InlineData("4x4x4, pad-shortcut 8 2, dense 3", "item 2 \"pad-shortcut 8 2\" must be written as pad-shortcut CHANNELS [stride N]")]
    [InlineData("4x4x4, pad-shortcut 2000000000, dense 3", "item 2 \"pad-shortcut 2000000000\" makes more than the 2147483591 numbers")]
    [InlineData("1x4x4, batch-norm, dense 3", "item 2 \"batch-norm\" learns but stands before the first layer with weights")]
    [InlineData("1x4x4, conv 3x3 1, layer-norm, dense 3", "item 3 \"layer-norm\" makes 0 of a single channel; leave it out")]
    [InlineData("2x4x4, residual(conv 3x3 4), dense 3",
        "item 2 \"residual(…)\" adds 4 × 4 × 4 to the 2 × 4 × 4 that go in; add a shortcut: residual(… | conv 1x1 4)")]
    [InlineData("2x4x4, residual(conv 3x3 4 stride 2), dense 3", "item 2 \"residual(…)\" adds 4 × 2 × 2 to the 2 × 4 × 4 that go in; "
        + "add a shortcut: residual(… | conv 1x1 4 stride 2)")]
    [InlineData("2x4x4, residual(conv 3x3 4 | dense 64), dense 3",
        "item 2 \"residual(…)\" adds 4 × 4 × 4 of the branch to 64 of the shortcut; both must make the same shape")]
    [InlineData("1x4x4, lenet5, dense 3", "item 2 \"lenet5\" is a whole network; write it alone, without other items")]
    public void AMistakeIsOneLineThatSaysWhereAndWhatIsRight(string text, string mistake)
    {
        Assert.False(NetworkPlan.TryParse(text, out var plan, out var said));
        Assert.Null(plan);
        Assert.StartsWith($"\"{text}\": {mistake}", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    /// <summary>A module of one's own that is made for units in a row takes a picture as such.</summary>
    [Fact]
    public void AModuleOfUnitsTakesAPictureAsARow()
    {
        var parts = new NetworkParts(Activation.Standard, ModuleEntry.Standard.With(YourOwnModule.Gain.Entry));
        var plan = NetworkPlan.Parse("2x4x4, conv 3x3 3, gain, relu, conv 3x3 2, dense 2", parts);
        var network = plan.Build(1);
        Assert.Equal(plan.ToString(), NetworkPlan.Of(network).ToString());
        AssertCounts(plan, network);
    }

    private static void AssertCounts(NetworkPlan plan, Network network)
    {
        Assert.Equal(network.Size, plan.CountParameters());
        Assert.Equal(network.Buffers.Sum(buffer => (long)buffer.Values.Rows * buffer.Values.Columns), plan.CountBuffers());
        Assert.Equal(network.Root.LeastBatch, plan.LeastBatch);
        Assert.Equal(network.Layers.Select(layer => (layer.Name, (long)layer.Weights.Rows * layer.Weights.Columns, layer.Outputs)),
            plan.Layers.Select(layer => (layer.Name, layer.Weights, layer.Outputs)));
    }
}
