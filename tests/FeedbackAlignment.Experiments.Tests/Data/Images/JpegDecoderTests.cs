using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Images;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Data.Images;

/// <summary>
/// The samples were written by Pillow 9.4 and by cjpeg of libjpeg-turbo; beside each lie the pixels that Pillow reads in it, turned as
/// EXIF says.
/// </summary>
public sealed class JpegDecoderTests
{
    private static readonly string _samples = Path.Combine(Repository.Root, "tests", "FeedbackAlignment.Experiments.Tests", "Data", "Images", "Samples");

    public static TheoryData<string> Names => [.. Directory.GetFiles(_samples, "*.raw").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void PixelsAreThoseOfLibjpeg(string name)
        => Assert.Equal(File.ReadAllBytes(Path.Combine(_samples, name + ".raw")).Select(value => (int)value), Decode(Sample(name)).Samples.Select(sample => (int)sample));

    [Fact]
    public void AllKindsAreThere() => Assert.Equal(19, Names.Count);

    [Fact]
    public void ATurnedImageHasItsSidesChanged()
    {
        var image = Decode(Sample("turned-6"));
        Assert.Equal((7, 5, 6), (image.Height, image.Width, image.Exif));
    }

    [Theory]
    [InlineData("cmyk", "the image has four colors (CMYK); turn it into RGB first")]
    [InlineData("arithmetic", "the image is coded in a rare way (marker c9")]
    public void OtherKindsAreRefused(string name, string problem)
        => Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Decode(Sample(name))).Message, StringComparison.Ordinal);

    /// <summary>Other decoders fill the rest with gray, and say nothing.</summary>
    [Theory]
    [InlineData("gray")]
    [InlineData("half")]
    [InlineData("progressive")]
    [InlineData("progressive-restarts")]
    public void EveryCutIsSeen(string name)
    {
        var file = Sample(name);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<DataFormatException>(() => Decode(file[..length]));
            Assert.Throws<DataFormatException>(() => Decode([.. file[..Math.Min(length, file.Length - 3)], 0xFF, 0xD9]));
        }
    }

    [Fact]
    public void ALostRestartMarkerIsSeen()
    {
        var file = Sample("restarts");
        var at = Enumerable.Range(0, file.Length - 1).First(place => file[place] == 0xFF && file[place + 1] == 0xD0);
        file[at + 1] = 0xD1;
        Assert.Contains("restart marker 0 must stand here", Assert.Throws<DataFormatException>(() => Decode(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60000, 60000, "the image is 60000 × 60000 pixels")]
    [InlineData(5000, 5000, "too few for 5000 × 5000 pixels")]
    public void TheHeaderIsNotBelieved(int height, int width, string problem)
    {
        var file = Sample("whole");
        var at = Enumerable.Range(0, file.Length - 1).First(place => file[place] == 0xFF && file[place + 1] == 0xC0);
        (file[at + 5], file[at + 6], file[at + 7], file[at + 8]) = ((byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<DataFormatException>(() => Decode(file));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(_samples, name + ".jpg"));

    private static DecodedImage Decode(byte[] file) => ImageDecoder.Decode(file, "image");
}
