using AngleSharp.Html.Parser;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Tests;

public sealed class KernelTableTests
{
    /// <summary>Two filters of 1 × 2: 10, 20 and 30, 40.</summary>
    private static KernelRecord Gray { get; } = new()
    {
        Layer = "hidden1",
        Height = 1,
        Width = 2,
        Filters = 2,
        Channels = 1,
        ShownChannels = 1,
        Greatest = [0.5f, 0.25f],
        Pixels = [10, 20, 30, 40],
    };

    private static KernelsRecord Kernels { get; } = new() { Start = Gray, Kept = Gray with { Pixels = [1, 128, 128, 255] } };

    [Fact]
    public void KernelsLieSideBySideInMiddleGrayWithTheGapsOpen()
    {
        var sheet = KernelSheet.Of(Gray)!;

        // A kernel of 1 × 2 is 15 × 30 pixels; two of them have a gap of four columns between them.
        Assert.Equal((64, 15), (sheet.Width, sheet.Height));
        Assert.Equal([[10, 10, 10, 255], [20, 20, 20, 255], [0, 0, 0, 0], [0, 0, 0, 0], [30, 30, 30, 255], [40, 40, 40, 255]],
            new[] { 0, 29, 30, 33, 34, 63 }.Select(x => Pixel(sheet, x, 14)));
        Assert.Equal(Pixel(sheet, 14, 0), Pixel(sheet, 0, 0));
        Assert.Equal(Pixel(sheet, 15, 0), Pixel(sheet, 29, 0));
    }

    [Fact]
    public void ColorsOfAPositionAreOnePixel()
    {
        var sheet = KernelSheet.Of(
            Gray with { Filters = 1, Channels = 3, ShownChannels = 3, IsColor = true, Greatest = [1], Pixels = [1, 2, 3, 4, 5, 6] })!;
        Assert.Equal((30, 15), (sheet.Width, sheet.Height));
        Assert.Equal([[1, 2, 3, 255], [4, 5, 6, 255]], new[] { 0, 15 }.Select(x => Pixel(sheet, x, 0)));
    }

    /// <summary>Two filters of three channels that are no colors: a row for each filter, a picture for each channel.</summary>
    [Fact]
    public void OtherChannelsArePicturesInTheRowOfTheirFilter()
    {
        var sheet = KernelSheet.Of(Gray with { Width = 1, Channels = 7, ShownChannels = 3, Pixels = [1, 2, 3, 4, 5, 6] })!;
        Assert.Equal((64, 44), (sheet.Width, sheet.Height));
        Assert.Equal([1, 2, 3, 4, 5, 6], new[] { 0, 24 }.SelectMany(y => new[] { 0, 22, 44 }.Select(x => (int)Pixel(sheet, x, y)[0])));
    }

    [Fact]
    public void EightKernelsStandInARow()
    {
        var sheet = KernelSheet.Of(Gray with { Width = 1, Filters = 9, Greatest = new float[9], Pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9] })!;
        Assert.Equal((268, 64), (sheet.Width, sheet.Height));
        Assert.Equal([8, 9], new[] { Pixel(sheet, 238, 0)[0], Pixel(sheet, 0, 34)[0] });
    }

    [Fact]
    public void ADamagedRecordIsNotDrawn()
    {
        Assert.Null(KernelSheet.Of(Gray with { Width = 0 }));
        Assert.Null(KernelSheet.Of(Gray with { Pixels = [1, 2, 3] }));
        Assert.Null(KernelSheet.Of(Gray with { IsColor = true }));
        Assert.Null(KernelSheet.Of(Gray with { Height = int.MaxValue, Width = int.MaxValue }));
        Assert.Null(KernelSheet.Of(Gray with { Width = 1, Greatest = new float[100_000], Pixels = new byte[100_000] }));
    }

    [Fact]
    public void ThePageShowsTheStartAndEachRulesFirstSeedBesideEachOther()
    {
        var experiment = SampleExperiment.Digits(["backpropagation", "feedback-alignment"])
            .With(_ => true, run => run with { Kernels = Kernels })
            .With(run => run is { Rule: "feedback-alignment", Seed: 1 }, SampleExperiment.Diverge);
        var section = Section(experiment)!;

        Assert.Equal(
            ["Before training, seed 1", "Before training, seed 2", "Backpropagation, seed 1", "Feedback alignment, seed 2"],
            Section(experiment.With(run => run.Seed == 2, run
                => run with { Kernels = Kernels with { Start = Gray with { Pixels = [9, 9, 9, 9] } } }))!
                .QuerySelectorAll("figcaption").Select(caption => caption.TextContent));
        Assert.Equal(
            ["Before training", "Backpropagation, seed 1", "Feedback alignment, seed 2"],
            section.QuerySelectorAll("figcaption").Select(caption => caption.TextContent));
        Assert.Equal(["64", "64", "64"], section.QuerySelectorAll("img").Select(picture => picture.GetAttribute("width")));
        var sources = section.QuerySelectorAll("img").Select(picture => picture.GetAttribute("src")).ToList();
        Assert.Equal([KernelSheet.Of(Kernels.Start)!.DataUri, KernelSheet.Of(Kernels.Kept)!.DataUri, sources[1]], sources);
        Assert.Contains("2 filters of 1 × 2 for 1 channel. Middle gray is 0", section.TextContent, StringComparison.Ordinal);
        Assert.Contains("symmetric about 0", section.TextContent, StringComparison.Ordinal);
        Assert.Equal(3, section.QuerySelectorAll("figure > .note")
            .Count(note => note.TextContent == "Greatest weight of a filter 0.250 to 0.500."));
        Assert.DoesNotContain("Feedback weights", section.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Not shown", section.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void FeedbackWeightsStandBesideTheForwardWeightsThatTheyStandFor()
    {
        var above = Gray with
        {
            Layer = "hidden2",
            Filters = 20,
            Channels = 9,
            ShownChannels = 2,
            Greatest = [0.5f],
            Pixels = [1, 2, 3, 4]
        };
        var section = Section(SampleExperiment.Digits(["backpropagation", "feedback-alignment", "shallow"], 1)
            .With(run => run.Rule != "shallow", run => run with { Kernels = Kernels })
            .With(run => run.Rule == "feedback-alignment", run
                => run with { Kernels = Kernels with { Feedback = above, Forward = above with { Greatest = [2] } } }))!;

        var figure = section.QuerySelectorAll("figure")[^1];
        Assert.Equal("Feedback alignment, seed 1", figure.QuerySelector("figcaption")!.TextContent);
        Assert.Equal(["W, forward", "B, feedback"], figure.QuerySelectorAll(".sheets .note").Select(caption => caption.TextContent));
        Assert.Equal(
            "20 filters of 1 × 2 for 9 channels. Only the first 1 filter is shown. A row is a filter, and a picture in it a channel. "
            + "Of the channels, only the first 2 are shown. W: greatest weight of a filter 2.00. B: greatest weight of a filter 0.500.",
            figure.QuerySelectorAll(".note")[^1].TextContent);
        Assert.Equal(4, section.QuerySelectorAll("figure").Length);
        Assert.Contains("could be recorded: Shallow learning.", section.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeDrawnIsSaid()
    {
        Assert.Contains("too large to be drawn", Section(One(Gray with { Greatest = [], Pixels = [] }))!.TextContent,
            StringComparison.Ordinal);
        Assert.Contains("record is damaged", Section(One(Gray with { Pixels = [1] }))!.TextContent, StringComparison.Ordinal);

        static ExperimentRecord One(KernelRecord kernels) => SampleExperiment.Digits(["shallow"], 1)
            .With(_ => true, run => run with { Kernels = new KernelsRecord { Start = kernels, Kept = kernels } });
    }

    [Fact]
    public void ANetworkWithoutKernelsHasNoSection() => Assert.Null(Section(SampleExperiment.Digits()));

    private static AngleSharp.Dom.IElement? Section(ExperimentRecord experiment)
        => new HtmlParser().ParseDocument(HtmlReport.Render([experiment])).QuerySelector("section:has(#kernels)");

    private static byte[] Pixel(KernelSheet sheet, int x, int y) => [.. sheet.Pixels.Slice((y * sheet.Width + x) * 4, 4)];
}
