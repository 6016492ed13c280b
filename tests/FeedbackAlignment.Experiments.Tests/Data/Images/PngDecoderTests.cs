using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Images;

namespace FeedbackAlignment.Experiments.Tests.Data.Images;

public sealed class PngDecoderTests
{
    [Theory]
    [InlineData(1, new byte[] { 0, 0b10100000 }, new[] { 255, 0, 255 })]
    [InlineData(2, new byte[] { 0, 0b11_00_01_00 }, new[] { 255, 0, 85 })]
    [InlineData(4, new byte[] { 0, 0xF0, 0x10 }, new[] { 255, 0, 17 })]
    [InlineData(8, new byte[] { 0, 9, 0, 200 }, new[] { 9, 0, 200 })]
    public void GrayOfFewBitsGoesTo255(byte depth, byte[] rows, int[] expected)
    {
        var image = Decode(PngFiles.Of(1, 3, depth, 0, rows));
        Assert.Equal((1, 3, 1, 255), (image.Height, image.Width, image.Channels, image.White));
        Assert.Equal(expected, image.Samples.Select(sample => (int)sample));
    }

    [Fact]
    public void SixteenBitsKeepAllOfThem()
    {
        var image = Decode(PngFiles.Of(1, 2, 16, 0, [0, 0x12, 0x34, 0xFF, 0xFF]));
        var row = new float[2];
        image.Write(row);
        Assert.Equal([0x1234 / 65535f, 1], row);
    }

    [Fact]
    public void APaletteIsExpanded()
    {
        var image = Decode(PngFiles.Of(1, 2, 2, 3, [0, 0b10_00_0000], 0, PngFiles.Chunk("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9])));
        Assert.Equal([7, 8, 9, 1, 2, 3], image.Samples.Select(sample => (int)sample));
    }

    [Fact]
    public void ColorsAreWrittenChannelByChannel()
    {
        var row = new float[6];
        Decode(PngFiles.Of(1, 2, 8, 2, [0, 10, 20, 30, 40, 50, 60])).Write(row);
        Assert.Equal([10 / 255f, 40 / 255f, 20 / 255f, 50 / 255f, 30 / 255f, 60 / 255f], row);
    }

    [Theory]
    [InlineData(5, 5, 5, 1)]
    [InlineData(5, 5, 6, 3)]
    [InlineData(5, 6, 5, 3)]
    [InlineData(6, 5, 5, 3)]
    public void OnlyEqualColorsAreGray(byte red, byte green, byte blue, int channels)
        => Assert.Equal(channels, Decode(PngFiles.Stb(1, 1, 3, [red, green, blue])).GrayIfItIs().Channels);

    [Theory]
    [InlineData(1, new byte[] { 1, 1, 1 }, new[] { 1, 2, 3 })]
    [InlineData(2, new byte[] { 1, 1, 1 }, new[] { 11, 21, 31 })]
    [InlineData(3, new byte[] { 1, 1, 1 }, new[] { 6, 14, 23 })]
    [InlineData(4, new byte[] { 1, 1, 1 }, new[] { 11, 21, 31 })]
    public void FiltersAreTakenBack(byte filter, byte[] line, int[] expected)
        => Assert.Equal(expected, Decode(PngFiles.Of(2, 3, 8, 0, [0, 10, 20, 30, filter, .. line])).Samples.Skip(3).Select(sample => (int)sample));

    [Fact]
    public void InterlacedPixelsFindTheirPlaces()
    {
        // 3 × 3: passes 1 (1 pixel), 4 (2 pixels of which one here), 5, 6, 7.
        byte[] rows = [0, 0, 0, 2, 0, 6, 8, 0, 1, 0, 7, 0, 3, 4, 5];
        Assert.Equal(Enumerable.Range(0, 9), Decode(PngFiles.Of(3, 3, 8, 0, rows, interlace: 1)).Samples.Select(sample => (int)sample));
    }

    [Fact]
    public void OpaqueAlphaIsLeftOut()
    {
        var image = Decode(PngFiles.Stb(1, 2, 4, [1, 2, 3, 255, 4, 5, 6, 255]));
        Assert.True(image.HadAlpha);
        Assert.Equal([1, 2, 3, 4, 5, 6], image.Samples.Select(sample => (int)sample));
    }

    public static TheoryData<string, byte[], string> Wrong => new()
    {
        { "alpha", PngFiles.Stb(1, 2, 4, [1, 2, 3, 255, 4, 5, 6, 254]), "the image is transparent in row 1, column 2" },
        { "gray alpha", PngFiles.Of(1, 1, 8, 4, [0, 9, 0]), "the image is transparent in row 1, column 1" },
        { "palette alpha", PngFiles.Of(1, 1, 8, 3, [0, 0], 0, PngFiles.Chunk("PLTE", [1, 2, 3]), PngFiles.Chunk("tRNS", [7])), "the image is transparent" },
        { "transparent color", PngFiles.Of(1, 1, 2, 0, [0, 0b01000000], 0, PngFiles.Chunk("tRNS", [0, 1])), "the image is transparent" },
        { "no palette", PngFiles.Of(1, 1, 8, 3, [0, 0]), "the image needs a palette (PLTE)" },
        { "outside the palette", PngFiles.Of(1, 1, 8, 3, [0, 1], 0, PngFiles.Chunk("PLTE", [1, 2, 3])), "a pixel has color 1, but the palette has 1 colors" },
        { "animated", PngFiles.Of(1, 1, 8, 0, [0, 0], 0, PngFiles.Chunk("acTL", new byte[8])), "the PNG file is animated" },
        { "unknown part", PngFiles.Of(1, 1, 8, 0, [0, 0], 0, PngFiles.Chunk("WHAT", [])), "a part WHAT that this program does not know" },
        { "too large", PngFiles.Join(PngFiles.Header(1 << 13, (1 << 12) + 1, 8, 0)[..], PngFiles.Chunk("IEND", [])), "the image is 8192 × 4097 pixels, must be at least 1 × 1 and at most 33554432 pixels" },
        { "no pixels", PngFiles.Join(PngFiles.Header(1 << 12, 1 << 12, 8, 0), PngFiles.Chunk("IEND", [])), "0 bytes of packed pixels, too few for 4096 × 4096" },
        { "empty", PngFiles.Of(0, 1, 8, 0, []), "the image is 0 × 1 pixels" },
        { "short", PngFiles.Of(2, 2, 8, 0, [0, 1, 2]), "the file has 3 bytes of pixels, must have 6" },
        { "long", PngFiles.Of(1, 1, 8, 0, [0, 1, 2]), "the file has more bytes of pixels, must have 2" },
        { "damaged packing", Packed([0x00, 0x00, 0x00, 0x00]), "the packed pixels are damaged" },
        { "packing with a dictionary", Packed([0x78, 0x20, 1, 2, 3, 4]), "the packed pixels are damaged" },
        { "filter", PngFiles.Of(1, 1, 8, 0, [5, 1]), "a row of pixels has filter 5" },
        { "type", PngFiles.Of(1, 1, 4, 2, [0, 1]), "PNG knows no image of color type 2 with 4 bits" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatCannotBeRightIsRefused(string what, byte[] file, string problem)
    {
        var refusal = Assert.Throws<DataFormatException>(() => ImageDecoder.Decode(file, what));
        Assert.StartsWith(what, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedByteIsSeen()
    {
        var file = PngFiles.Stb(2, 2, 1, [1, 2, 3, 4]);
        file[45] ^= 1;
        Assert.Contains("the checksum of part IDAT is wrong", Assert.Throws<DataFormatException>(() => Decode(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCutIsSeen()
    {
        var file = PngFiles.Stb(2, 2, 1, [1, 2, 3, 4]);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<DataFormatException>(() => Decode(file[..length]));
        }
    }

    [Theory]
    [InlineData(new byte[0], "the file is empty")]
    [InlineData(new byte[] { (byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'9', (byte)'a' }, "the file is a GIF image; only PNG and JPEG are read")]
    [InlineData(new byte[] { 1, 2, 3 }, "the file begins like no image")]
    public void OtherFilesAreNamed(byte[] file, string problem)
        => Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Decode(file)).Message, StringComparison.Ordinal);

    /// <summary>One gray pixel, packed by hand.</summary>
    private static byte[] Packed(byte[] zlib) => PngFiles.Join(PngFiles.Header(1, 1, 8, 0), PngFiles.Chunk("IDAT", zlib), PngFiles.Chunk("IEND", []));

    private static DecodedImage Decode(byte[] file) => ImageDecoder.Decode(file, "image");
}
