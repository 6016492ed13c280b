using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>Networks that leave to the data what goes in: complete specs have all of it, and what cannot be is refused.</summary>
public sealed class OpenNetworksTests
{
    private const string LeNet = "conv 5x5 6 relu, max-pool 2, conv 5x5 16 padding 0 relu, max-pool 2, conv 5x5 120 padding 0 relu, "
        + "dense 84 relu";

    public static TheoryData<string> Presets => [.. NetworkPresets.Ids];

    [Theory]
    [InlineData("lenet5", 1, 28, 28, 10, $"1x28x28, {LeNet}, dense 10")]
    [InlineData(" lenet5 ", 3, 28, 28, 4, $"3x28x28, {LeNet}, dense 4")]
    [InlineData("conv 3x3 8, relu, global-average-pool, dense 10", 3, 20, 30, 10, "3x20x30, conv 3x3 8 relu, global-average-pool, dense 10")]
    [InlineData("residual(max-pool 3 stride 1 padding 1), dense 10", 1, 4, 5, 10, "1x4x5, residual(max-pool 3 stride 1 padding 1), dense 10")]
    [InlineData("dense 20 relu, dense 10", 3, 4, 5, 10, "60, dense 20 relu, dense 10")]
    [InlineData("conv 3x3 12 groups 6, dense 10", 6, 4, 5, 10, "6x4x5, conv 3x3 12 groups 6, dense 10")]
    [InlineData("1x28x28, conv 3x3 8, dense 10", 1, 28, 28, 10, "1x28x28, conv 3x3 8, dense 10")]
    [InlineData("784-10", 1, 28, 28, 10, "784-10")]
    public void ACompleteSpecHasTheWholeNetwork(string layers, int channels, int height, int width, int classes, string expected)
    {
        var asked = Asked(layers);
        Assert.Empty(SpecValidator.Validate(asked, Components.Standard));
        var complete = SpecCompletion.Complete(asked, Data(new(height, width, channels), classes), Components.Standard);
        Assert.Equal(expected, complete.Network.Layers);
        Assert.Equal(
            expected, SpecCompletion.Complete(complete, Data(new(height, width, channels), classes), Components.Standard).Network.Layers);
        var note = SpecNotes.OfNetwork(asked, complete, Components.Standard);
        Assert.Equal(NetworkPlan.LeavesInput(layers), note is not null);
        if (note is not null)
        {
            Assert.StartsWith(
                layers.StartsWith("dense", StringComparison.Ordinal) ? "network.layers took 60 inputs from the data"
                    : $"network.layers took pictures of {channels} × {height} × {width} from the data", note, StringComparison.Ordinal);
            Assert.Equal(NetworkPresets.Find(layers) is not null, note.EndsWith($", and {classes} classes", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("lenet5", 3, 30, 30, "lenet5 takes pictures of 28 × 28 or 32 × 32, but the data have 3 × 30 × 30; write a row")]
    [InlineData("resnet-20", 1, 1, 99, "resnet-20 is a network of pictures, but the data are 99 numbers in a row, without a height and a width")]
    [InlineData("conv 3x3 8, dense 10", 1, 1, 99, "\"conv 3x3 8, dense 10\": item 1 \"conv 3x3 8\" takes pictures, but 99 units in a row go in")]
    [InlineData("conv 9x9 8 padding 0, dense 10", 1, 8, 9,
        "\"conv 9x9 8 padding 0, dense 10\": item 1 \"conv 9x9 8 padding 0\" has a kernel of 9x9 that does not fit into 8x9 positions")]
    [InlineData("conv 3x3 8, dense 9", 1, 8, 9, "the last layer is 9 wide, but the data have 10 classes; write 1x8x9, conv 3x3 8, dense 10")]
    [InlineData("1x9x8, conv 3x3 8, dense 10", 1, 8, 9,
        "the network takes pictures of 1 × 9 × 8, but the data have 1 × 8 × 9; write 1x8x9, conv 3x3 8, dense 10")]
    [InlineData("1x9x8, conv 3x3 8, dense 10", 1, 9, 9, "the network takes pictures of 1 × 9 × 8, but the data have 1 × 9 × 9; write")]
    public void DataThatDoNotFitAreRefusedInOneLine(string layers, int channels, int height, int width, string mistake)
    {
        var shape = height == 1 ? Shape.Flat(width) : new Shape(height, width, channels);
        var refused = Assert.Throws<SpecException>(() => SpecCompletion.Complete(Asked(layers), Data(shape, 10), Components.Standard));
        var problem = Assert.Single(refused.Problems);
        Assert.Equal("network.layers", problem.Path);
        Assert.StartsWith(mistake, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    /// <summary>Numbers of a file whose rows are pictures in the order of planes, if the spec says so.</summary>
    [Fact]
    public void APictureThatTheSpecSaysIsTakenWhereTheDataSayNone()
        => Assert.Equal("1x8x9, conv 3x3 8, dense 10", SpecCompletion.Complete(
            Asked("1x8x9, conv 3x3 8, dense 10"), Data(Shape.Flat(72), 10), Components.Standard).Network.Layers);

    /// <summary>What these data are like is known before they are read.</summary>
    [Fact]
    public void KnownDataAreCheckedBeforeTheyAreRead()
    {
        var asked = new ExperimentSpec
        {
            Data = new() { Source = DataSourceIds.Cifar10 },
            Network = new() { Layers = "conv 40x40 8 padding 0, dense 10" },
        };
        Assert.Contains("does not fit into 32x32 positions",
            Assert.Single(SpecValidator.Validate(asked, Components.Standard)).Message, StringComparison.Ordinal);
        Assert.Empty(SpecValidator.Validate(asked with { Network = new() { Layers = "lenet5" } }, Components.Standard));
    }

    [Theory]
    [InlineData("conv 3x3 8, dens 10", "item 2 \"dens 10\" is no module")]
    [InlineData("conv 0x3 8, dense 10", "item 1 \"conv 0x3 8\" needs a kernel and a number of filters")]
    [InlineData("lenet6", "\"lenet6\" is not a layer size")]
    public void MistakesOfTheTextAreFoundWithoutData(string layers, string mistake)
        => Assert.Contains(mistake, Assert.Single(SpecValidator.Validate(Asked(layers), Components.Standard)).Message, StringComparison.Ordinal);

    /// <summary>Sizes that stand in judge nothing: after the data are known, everything is checked again.</summary>
    [Fact]
    public void WhatDependsOnTheShapeIsCheckedWhenThatIsKnown()
    {
        var asked = Asked("conv 3x3 8 padding 0, dense 10") with
        {
            Network = new()
            {
                Layers = "conv 3x3 8 padding 0, dense 10",
                Connections = new Dictionary<string, ConnectionsSpec> { ["output"] = new() { InputsPerUnit = 100 } },
            },
        };
        Assert.Empty(SpecValidator.Validate(asked, Components.Standard));
        Assert.NotNull(SpecCompletion.Complete(asked, Data(new(6, 6, 1), 10), Components.Standard));
        Assert.Contains("must be ≤ 72, the inputs of output",
            Assert.Single(Assert.Throws<SpecException>(
                () => SpecCompletion.Complete(asked, Data(new(5, 5, 1), 10), Components.Standard)).Problems).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void AWholeNetworkIsCompletedForItsUsualPictures(string id)
    {
        var picture = NetworkPlan.Parse(id).Input;
        Assert.Equal(NetworkPlan.Parse(id).ToString(),
            SpecCompletion.Complete(Asked(id), Data(picture, 10), Components.Standard).Network.Layers);
    }

    /// <summary>Without a convolution it would be backpropagation under another name.</summary>
    [Theory]
    [InlineData(null, "99-200-100-10")]
    [InlineData("99-20-10", "99-20-10")]
    [InlineData("dense 20 relu, dense 10", "99, dense 20 relu, dense 10")]
    public void ARuleThatFreezesConvolutionsNeedsOne(string? layers, string network)
    {
        var asked = Asked("99-10") with { Network = new() { Layers = layers }, Rules = ["backpropagation", "frozen-features"] };
        var refused = Assert.Throws<SpecException>(() => SpecCompletion.Complete(asked, Data(Shape.Flat(99), 10), Components.Standard));
        Assert.Equal(
            $"rules[1]: \"frozen-features\" needs a network with convolutions, and {network} has none; leave one of the two out",
            Assert.Single(refused.Problems).ToString());
        var pictures = asked with { Network = new() { Layers = "conv 3x3 8, dense 10" } };
        Assert.Equal(asked.Rules, SpecCompletion.Complete(pictures, Data(new(9, 11, 1), 10), Components.Standard).Rules);
    }

    /// <summary>It would be refused when its own runs begin, after the other rules have trained.</summary>
    [Fact]
    public void ARuleThatItsSitesDoNotSuitIsRefusedBeforeAnyRuleTrains()
    {
        var asked = Asked("lenet5") with { Rules = ["backpropagation", "repeated-direct-feedback-alignment"] };
        var refused = Assert.Throws<SpecException>(() => SpecCompletion.Complete(asked, Data(new(28, 28, 1), 10), Components.Standard));
        Assert.Equal(
            "rules[1]: \"repeated-direct-feedback-alignment\": repeated direct feedback alignment brings its error to the inputs of the "
                + "layer above hidden1, which takes what pooling gives; set feedback.sites to pooled",
            Assert.Single(refused.Problems).ToString());
        var pooled = asked with { Feedback = new() { Sites = FeedbackSiteIds.Pooled } };
        Assert.Equal(asked.Rules, SpecCompletion.Complete(pooled, Data(new(28, 28, 1), 10), Components.Standard).Rules);
    }

    private static ExperimentSpec Asked(string layers) => new()
    {
        Data = new() { Source = "./folder" },
        Network = new() { Layers = layers },
        Rules = ["backpropagation"],
    };

    private static DataRecord Data(Shape shape, int classes) => new()
    {
        Description = "some pictures",
        Train = 100,
        Validation = 20,
        Test = 20,
        Inputs = shape.Size,
        Outputs = classes,
        Classification = true,
        Schema = shape.Height == 1 && shape.Width == 1 ? null : new()
        {
            Files = "images",
            Classification = true,
            Image = new ImageShape(shape.Height, shape.Width, shape.Channels),
        },
    };
}
