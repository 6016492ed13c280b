using System.Text;
using FeedbackAlignment.Experiments.Watching;

namespace FeedbackAlignment.Experiments.Tests.Watching;

/// <summary>Reading metrics from a place on, whatever is in the file.</summary>
public sealed class ReadingLinesTests
{
    private const string Curve = """{"kind":"curve","examples":10,"epoch":0,"trainLoss":null,"validationLoss":1.5,"validationError":0.25,"learningRate":0.1}""";
    private const string Layer = """{"kind":"alignment","examples":20,"layer":"hidden1","errorAngle":80.5,"gradientAngle":null,"positiveShare":0.75}""";

    [Fact]
    public void ReadingsAreThoseOfTheLines()
    {
        var read = Read($"{Curve}\n{Layer}\n", default);

        Assert.Equal([new CurveReading(10, null, 1.5, 0.25)], read.Curve);
        Assert.Equal([new LayerReading(20, "hidden1", 80.5, null, 0.75)], read.Layers);
        Assert.True(read is { Forget: false, Unreadable: 0, IsAll: true });
    }

    [Fact]
    public void WhoHasReadGoesOnFromThere()
    {
        var first = Read($"{Curve}\n", default);
        var second = Read($"{Curve}\n{Layer}\n", first.To);

        Assert.Empty(second.Curve);
        Assert.Single(second.Layers);
        Assert.False(second.Forget);
        Assert.Empty(Read($"{Curve}\n{Layer}\n", second.To).Layers);
    }

    [Fact]
    public void AHalfLineWaits()
    {
        var first = Read($"{Curve}\n{Layer[..30]}", default);
        var second = Read($"{Curve}\n{Layer}\n", first.To);

        Assert.True(first is { Unreadable: 0, IsAll: true, Layers: [] });
        Assert.Single(second.Layers);
    }

    [Theory]
    [InlineData("shorter", "{\"kind\":\"curve\",\"examples\":1}\n")]
    [InlineData("as long with other numbers", null)]
    [InlineData("longer with other numbers",
        "{\"kind\":\"curve\",\"examples\":11,\"validationError\":0.5}\n{\"kind\":\"curve\",\"examples\":12,\"validationError\":0.5}\n{\"kind\":\"curve\",\"examples\":13,\"validationError\":0.5}\n")]
    public void AFileThatWasCutBackIsReadAgain(string how, string? now)
    {
        var before = Read($"{Curve}\n", default);
        var after = Read(now ?? $"{Curve.Replace("0.25", "0.75", StringComparison.Ordinal)}\n", before.To);

        Assert.True(after.Forget, how);
        Assert.NotEmpty(after.Curve);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("not JSON")]
    [InlineData("{\"kind\":\"curve\"}")]
    [InlineData("{\"kind\":\"curve\",\"examples\":-1}")]
    [InlineData("{\"kind\":\"curve\",\"examples\":1e999}")]
    [InlineData("{\"kind\":\"curve\",\"examples\":\"1\"}")]
    [InlineData("{\"kind\":\"alignment\",\"examples\":1}")]
    [InlineData("{\"kind\":\"alignment\",\"examples\":1,\"layer\":\"\\ud800\"}")]
    [InlineData("{\"kind\":\"unknown\",\"examples\":1}")]
    [InlineData("[[[[[[[[1]]]]]]]]")]
    public void WhatIsNoneOfOursIsCountedAndPassedOver(string line)
    {
        var read = Read($"{line}\n{Curve}\n", default);

        Assert.Equal(1, read.Unreadable);
        Assert.Single(read.Curve);
    }

    [Fact]
    public void ALineOfManyMegabytesIsPassedOverWithoutBeingKept()
    {
        var text = $"{Curve}\n{new string('x', 5_000_000)}\n{Layer}\n";
        var place = default(ReadingPlace);
        List<LayerReading> layers = [];
        for (var portion = 0; portion < 30; portion++)
        {
            var read = Read(text, place);
            layers.AddRange(read.Layers);
            place = read.To;
            if (read.IsAll)
            {
                break;
            }
        }

        Assert.Single(layers);
        Assert.Equal(text.Length, place.Byte);
    }

    [Fact]
    public void NamesOfLayersAreOneLineOfPrintableText()
        => Assert.Equal("a�b", Read("{\"kind\":\"alignment\",\"examples\":1,\"layer\":\"a\\u001bb\"}\n", default).Layers.Single().Layer);

    private static RunReadings Read(string text, ReadingPlace from)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return ReadingLines.Read(file, from);
    }
}
