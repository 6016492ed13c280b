using System.IO.Compression;
using System.Security.Cryptography;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Tests.Data;

public sealed class IdxReaderTests
{
    private static readonly byte[] _twoPictures = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 255, 102, 153, 204];
    private static readonly byte[] _twoLabels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PicturesAreScaledToOneAndKeepTheirShape(bool packed)
    {
        var images = IdxReader.ReadImages(new MemoryStream(packed ? Pack(_twoPictures) : _twoPictures), "pictures");

        Assert.Equal([0f, 51 / 255f, 1f], images.Inputs.Row(0).ToArray());
        Assert.Equal([102 / 255f, 153 / 255f, 204 / 255f], images.Inputs.Row(1).ToArray());
        Assert.Equal(new ImageShape(1, 3), images.Image);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_twoPictures)), images.Sha256);
    }

    /// <summary>A damaged header can promise 255 sizes; the line stays short.</summary>
    [Fact]
    public void ALongListOfSizesIsCut()
    {
        byte[] file = [0, 0, 8, 255, .. Enumerable.Repeat((byte)16, 255 * sizeof(int))];
        var message = Assert.Throws<DataFormatException>(() => IdxReader.ReadImages(new MemoryStream(file), "f")).Message;
        Assert.StartsWith("f, byte 4: the header promises 269488144 × 269488144 × 269488144 × 269488144 × … elements", message,
            StringComparison.Ordinal);
        Assert.True(message.Length < 200);
    }

    [Fact]
    public void AnyNumberOfDimensionsIsFlattened()
    {
        var images = IdxReader.ReadImages(new MemoryStream([0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]), "pictures");

        Assert.Equal("1 × 4", images.Inputs.Shape);
        Assert.Null(images.Image);
    }

    [Fact]
    public void LabelsAndPicturesMakeExamples()
    {
        var labels = IdxReader.ReadLabels(new MemoryStream(_twoLabels), "labels", classes: 10);
        var examples = IdxReader.Join(IdxReader.ReadImages(new MemoryStream(_twoPictures), "pictures"), labels, classes: 10);

        Assert.Equal([9, 0], examples.Labels!);
        Assert.Equal(1, examples.Targets[0, 9]);
        Assert.Equal(new ImageShape(1, 3), examples.Image);
    }

    [Fact]
    public void OtherNumberOfLabelsThanPicturesIsRefusedWithBothNumbers()
    {
        var images = IdxReader.ReadImages(new MemoryStream(_twoPictures), "pictures");
        var labels = IdxReader.ReadLabels(new MemoryStream([0, 0, 8, 1, 0, 0, 0, 1, 9]), "labels");

        var refusal = Assert.Throws<DataFormatException>(() => IdxReader.Join(images, labels, 10));
        Assert.Equal("labels, byte 4: the file has 1 labels, but pictures has 2 pictures", refusal.Message);
    }

    [Theory]
    [InlineData("", 0, "ends here")]
    [InlineData("0000", 2, "ends here")]
    [InlineData("ffd8ffe0", 0, "begins with ffd8ffe0")]
    [InlineData("00000d03", 2, "element type is 0d")]
    [InlineData("00000800", 3, "0 dimensions")]
    [InlineData("0000080100000002", 3, "1 dimension")]
    [InlineData("000008030000000200000001", 12, "ends here")]
    [InlineData("00000803000000020000000100000003000102030405ff", 22, "more bytes follow")]
    [InlineData("000008030000000200000001000000030001020304", 21, "after 5 of the 6 bytes of pixels")]
    [InlineData("00000803000000000000000100000003", 4, "dimension 1 is 0")]
    [InlineData("00000803ffffffff0000000100000003", 4, "dimension 1 is 4294967295")]
    [InlineData("000008037fffffff7fffffff7fffffff", 4, "more than can be held")]
    [InlineData("00000803000100000000010000000080", 4, "more than can be held")]
    public void BadPicturesAreRefusedWithFileAndOffset(string hexadecimal, long offset, string problem)
    {
        var refusal = Assert.Throws<DataFormatException>(() => IdxReader.ReadImages(new MemoryStream(Convert.FromHexString(hexadecimal)), "bad.idx"));

        Assert.Equal("bad.idx", refusal.File);
        Assert.Equal(offset, refusal.Offset);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000080100000002000a", 9, "label of example 1 is 10, must be 0 … 9")]
    [InlineData("00000803000000020000000100000001", 3, "3 dimensions")]
    [InlineData("000008010000000200", 9, "after 1 of the 2 bytes of labels")]
    public void BadLabelsAreRefusedWithFileAndOffset(string hexadecimal, long offset, string problem)
    {
        var refusal = Assert.Throws<DataFormatException>(() => IdxReader.ReadLabels(new MemoryStream(Convert.FromHexString(hexadecimal)), "bad.idx", classes: 10));

        Assert.Equal(offset, refusal.Offset);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PromisedSizesAreNotAllocatedBeforeTheBytesAreThere()
    {
        // 1.2 · 10⁹ pixels promised, ten there.
        byte[] file = [0, 0, 8, 3, 0, 0x10, 0, 0, 0, 0, 0, 34, 0, 0, 0, 34, .. new byte[10]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<DataFormatException>(() => IdxReader.ReadImages(new MemoryStream(file), "liar"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void DamagedOrCutOffGzipIsRefused()
    {
        var random = new byte[5000];
        new Random(1).NextBytes(random);
        byte[] file = [0, 0, 8, 1, 0, 0, 5000 >> 8, 5000 & 255, .. random];
        var packed = Pack(file);
        var damaged = packed.ToArray();
        damaged[2500] ^= 0x10;

        Assert.Throws<DataFormatException>(() => IdxReader.ReadLabels(new MemoryStream(packed[..3000]), "cut"));
        Assert.Throws<DataFormatException>(() => IdxReader.ReadLabels(new MemoryStream(damaged), "damaged"));
        Assert.Equal(5000, IdxReader.ReadLabels(new MemoryStream(packed), "whole").Labels.Count);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
