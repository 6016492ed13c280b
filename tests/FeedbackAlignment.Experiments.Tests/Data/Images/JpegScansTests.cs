using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Images;

namespace FeedbackAlignment.Experiments.Tests.Data.Images;

/// <summary>Progressive files of one gray pixel, byte by byte: each scan holds one code, "nothing more".</summary>
public sealed class JpegScansTests
{
    private const byte NothingMore = 0x00, TwoOrThreeBlocks = 0x10, OneCode = 0x7F, TwoBlocks = 0x3F;

    private static readonly byte[] _mean = Scan(0, 0);

    [Fact]
    public void AScanForEachCoefficientIsRead()
        => Assert.Equal([128], Decode(NothingMore, [_mean, .. Details(0)]).Samples.Select(sample => (int)sample));

    /// <summary>
    /// 64 scans and 63 that refine them are legal, but a file of a few kilobytes must not make a reader walk over a large image so often.
    /// </summary>
    [Fact]
    public void MoreThanAHundredScansAreRefused() => Refused("the file has more than 100 scans", NothingMore, [_mean, .. Details(0x01), .. Details(0x10)]);

    [Fact]
    public void AScanThatComesTwiceIsRefused() => Refused("the scans do not follow each other", NothingMore, [_mean, _mean]);

    [Fact]
    public void ARefinementOfNothingIsRefused() => Refused("the scans do not follow each other", NothingMore, [_mean, Scan(1, 0x10)]);

    [Fact]
    public void MoreBlocksThanTheImageHasAreRefused() => Refused("more blocks are said to follow than the image has", TwoOrThreeBlocks, [_mean, Scan(1, 0, TwoBlocks)]);

    private static IEnumerable<byte[]> Details(byte bits) => Enumerable.Range(1, 63).Select(number => Scan((byte)number, bits));

    /// <summary>A scan of one coefficient.</summary>
    /// <param name="number">The coefficient.</param>
    /// <param name="bits">The bits that have come, and the lowest that comes: four bits each.</param>
    /// <param name="data">The codes.</param>
    private static byte[] Scan(byte number, byte bits, byte data = OneCode) => [0xFF, 0xDA, 0, 8, 1, 1, 0, number, number, bits, data];

    private static void Refused(string problem, byte symbol, byte[][] scans)
        => Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Decode(symbol, scans)).Message, StringComparison.Ordinal);

    private static DecodedImage Decode(byte symbol, byte[][] scans) => ImageDecoder.Decode(
    [
        0xFF, 0xD8,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
        0xFF, 0xC2, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0,
        .. Code(0x00, NothingMore), .. Code(0x10, symbol),
        .. scans.SelectMany(scan => scan),
        0xFF, 0xD9,
    ], "image");

    /// <summary>A table with one code: the bit 0.</summary>
    private static byte[] Code(byte table, byte symbol) => [0xFF, 0xC4, 0, 20, table, 1, .. new byte[15], symbol];
}
