using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Shapes;

namespace FeedbackAlignment.Tests.Data;

public sealed class ShapeGeneratorTests
{
    private const int Plane = ShapeGenerator.Side * ShapeGenerator.Side;

    [Fact]
    public void AnExampleDoesNotDependOnHowManyAreDrawnNorOnThreads()
    {
        var generator = new ShapeGenerator(5);
        var few = generator.Draw("train", 57);
        var many = generator.Draw("train", 200, threads: 3);
        Some.AssertSameBits(few.Inputs, many.Inputs.Top(57));
        Assert.Equal(few.Labels!, many.Labels!.Take(57));
        Assert.All(many.Labels!.Chunk(10), ten => Assert.Equal(Enumerable.Range(0, 10), ten.Order()));
        Assert.Equal(new ImageShape(24, 24, 3), few.Image);
        Assert.Equal(ShapeGenerator.Classes, ShapeGenerator.Names.Distinct().Count());
    }

    [Fact]
    public void OtherSeedsAndPartsGiveOtherPictures()
    {
        var split = new ShapeGenerator(1).DrawSplit(10, 10, 10);
        string[] all = [Fingerprint(split.Train), Fingerprint(split.Validation), Fingerprint(split.Test),
            Fingerprint(new ShapeGenerator(2).Draw("train", 10))];
        Assert.Equal(4, all.Distinct().Count());
    }

    [Fact]
    public void PixelsAreTheSameOnEveryPlatform()
        => Assert.Equal("815b9048964155f4", Fingerprint(new ShapeGenerator(1).Draw("train", 200, threads: 2)));

    /// <summary>Light tells nothing of a shape: over many pictures the mean of the three colors is the same inside and outside.</summary>
    [Fact]
    public void AShapeHasColorAndNoLight()
    {
        var drawn = new ShapeGenerator(3).Draw("train", 400);
        var (light, color, pixels) = (0.0, 0.0, 0);
        for (var example = 0; example < drawn.Count; example++)
        {
            var picture = drawn.Inputs.Row(example);
            for (var place = 0; place < Plane; place++)
            {
                var (red, green, blue) = (picture[place], picture[place + Plane], picture[place + 2 * Plane]);
                Assert.InRange(red, 0, 1);
                Assert.Equal(MathF.Round(red * 255) / 255, red);
                light += (red + green + blue) / 3;
                color += Math.Max(Math.Abs(red - green), Math.Abs(green - blue)) > 0.1f ? 1 : 0;
                pixels++;
            }
        }

        Assert.Equal(0.5, light / pixels, 0.01);
        Assert.InRange(color / pixels, 0.05, 0.3);
    }

    /// <summary>Every outline lies within its radius, has an inside, and is unlike all others.</summary>
    [Fact]
    public void OutlinesAreWithinTheirRadiusAndDiffer()
    {
        var masks = Enumerable.Range(0, ShapeGenerator.Classes).Select(shape =>
        {
            var mask = new bool[41 * 41];
            for (var at = 0; at < mask.Length; at++)
            {
                var (x, y) = (at % 41 / 20f * 1.5f - 1.5f, at / 41 / 20f * 1.5f - 1.5f);
                mask[at] = ShapeOutline.Distance(shape, x, y) < 0;
                Assert.False(mask[at] && Math.Max(Math.Abs(x), Math.Abs(y)) > 1, $"{ShapeGenerator.Names[shape]} reaches {x}, {y}");
            }

            Assert.InRange(mask.Count(inside => inside), 100, 600);
            return mask;
        }).ToArray();
        foreach (var (index, mask) in masks.Index())
        {
            Assert.All(masks[(index + 1)..], other => Assert.InRange(mask.Zip(other).Count(pair => pair.First != pair.Second), 80, 1000));
        }
    }

    private static string Fingerprint(DataSet drawn)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var example = 0; example < drawn.Count; example++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(drawn.Inputs.Row(example)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
