using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Data;

public sealed class DigitGeneratorTests
{
    [Fact]
    public void NoPictureIsInTwoPlacesOfASplit()
    {
        var split = new DigitGenerator(1).DrawSplit(4000, 1000, 1000, threads: 2);
        var seen = new HashSet<string>();
        foreach (var part in new[] { split.Train, split.Validation, split.Test })
        {
            for (var example = 0; example < part.Count; example++)
            {
                Assert.True(seen.Add(Fingerprint(part.Inputs.Slice(example, 1))));
            }
        }
    }

    [Fact]
    public void AnExampleDoesNotDependOnHowManyAreDrawnNorOnThreads()
    {
        var generator = new DigitGenerator(5);
        var few = generator.Draw("train", 57);
        var many = generator.Draw("train", 400, threads: 3);

        Some.AssertSameBits(few.Inputs, many.Inputs.Top(57));
        Assert.Equal(few.Labels!, many.Labels!.Take(57));
    }

    [Fact]
    public void OtherSeedsAndPartsGiveOtherPictures()
    {
        var first = Fingerprint(new DigitGenerator(1).Draw("train", 10).Inputs);

        Assert.NotEqual(first, Fingerprint(new DigitGenerator(2).Draw("train", 10).Inputs));
        Assert.NotEqual(first, Fingerprint(new DigitGenerator(1).Draw("test", 10).Inputs));
    }

    [Fact]
    public void PixelsAreTheSameOnEveryPlatform()
        => Assert.Equal("683b163dc9525319", Fingerprint(new DigitGenerator(1).Draw("train", 500, threads: 2).Inputs));

    [Fact]
    public void PixelsAreMultiplesOfOne255thBetween0And1()
    {
        var inputs = new DigitGenerator(3).Draw("train", 100).Inputs;
        for (var example = 0; example < inputs.Rows; example++)
        {
            foreach (var pixel in inputs.Row(example))
            {
                Assert.InRange(pixel, 0, 1);
                Assert.Equal(MathF.Round(pixel * 255) / 255, pixel);
            }
        }
    }

    [Fact]
    public void EachTenExamplesAreTheTenDigitsInAnOrderThatChanges()
    {
        var labels = new DigitGenerator(1).Draw("train", 200).Labels!;
        var tens = labels.Chunk(10).ToArray();

        Assert.All(tens, ten => Assert.Equal(Enumerable.Range(0, 10), ten.Order()));
        Assert.True(tens.Select(ten => string.Join(',', ten)).Distinct().Count() > 15);
    }

    [Fact]
    public void EveryPictureHasInkInsideAndPaperAtTheBorder()
    {
        var examples = new DigitGenerator(4).Draw("train", 1000, threads: 2);
        var border = 0.0;
        for (var example = 0; example < examples.Count; example++)
        {
            var picture = examples.Inputs.Row(example).ToArray();
            Assert.InRange(picture.Count(pixel => pixel > 0.5f), 12, 400);
            border += picture[..28].Average() / examples.Count;
        }

        Assert.InRange(border, 0, 0.1);
    }

    /// <summary>A classifier that needs no training shows that the pictures have something to do with their labels, and not all.</summary>
    [Fact]
    public void TheNearestMeanPictureIsOftenButNotAlwaysTheDigit()
    {
        var split = new DigitGenerator(1).DrawSplit(3000, 10, 1000, threads: 2);
        var means = new double[10, 784];
        for (var example = 0; example < split.Train.Count; example++)
        {
            for (var pixel = 0; pixel < 784; pixel++)
            {
                means[split.Train.Labels![example], pixel] += split.Train.Inputs[example, pixel] / (split.Train.Count / 10);
            }
        }

        var right = Enumerable.Range(0, split.Test.Count).Count(example => split.Test.Labels![example] == Nearest(split.Test.Inputs.Row(example).ToArray()));

        Assert.InRange(right / (double)split.Test.Count, 0.4, 0.9);

        int Nearest(float[] picture)
            => Enumerable.Range(0, 10).MinBy(digit => Enumerable.Range(0, 784).Sum(pixel => Math.Pow(picture[pixel] - means[digit, pixel], 2)));
    }

    [Fact]
    public void NumbersBelowOneAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DigitGenerator(1).Draw("train", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DigitGenerator(1).Draw("train", 1, threads: 0));
    }

    private static string Fingerprint(Matrix pixels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var row = 0; row < pixels.Rows; row++)
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(pixels.Row(row)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
