using System.Buffers.Binary;
using System.Text;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Tests.Data;

public sealed class NpyReaderTests
{
    [Theory]
    [InlineData("<f4", "0000803f000000c00000403f")]
    [InlineData(">f4", "3f800000c00000003f400000")]
    [InlineData("<f2", "003c00c0003a")]
    [InlineData("<f8", "000000000000f03f00000000000000c0000000000000e83f")]
    public void RealNumbersOfEachTypeAndByteOrderAreRead(string type, string numbers)
        => Assert.Equal([1f, -2f, 0.75f], Read(type, "(1, 3)", numbers).Values.Row(0).ToArray());

    [Theory]
    [InlineData("|u1", "0102ff", 255)]
    [InlineData("|i1", "0102ff", -1)]
    [InlineData("<i2", "01000200feff", -2)]
    [InlineData(">i2", "00010002fffe", -2)]
    [InlineData("<u2", "01000200feff", 65534)]
    [InlineData("<i4", "0100000002000000feffffff", -2)]
    [InlineData("<i8", "01000000000000000200000000000000feffffffffffffff", -2)]
    [InlineData("|b1", "010001", 1)]
    public void IntegersOfEachTypeAreRead(string type, string numbers, float last)
        => Assert.Equal(last, Read(type, "(3,)", numbers).Values[2, 0]);

    [Theory]
    [InlineData("(3L,)")]
    [InlineData("(3L, 1L)")]
    public void ShapesThatPython2WroteAreRead(string shape)
        => Assert.Equal([1f, 2f, 255f], Enumerable.Range(0, 3).Select(row => Read("|u1", shape, "0102ff").Values[row, 0]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EachVersionIsRead(byte version)
        => Assert.Equal(7, NpyReader.Read(new MemoryStream(File("|u1", "(1,)", "07", version: version)), "a.npy").Values[0, 0]);

    [Fact]
    public void FortranOrderGivesTheSameExamplesAsCOrder()
    {
        // The array a[i, j, k] = 100 i + 10 j + k of 2 × 2 × 3.
        byte[] rowMajor = [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112];
        byte[] columnMajor = [0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112];

        var expected = Read("|u1", "(2, 2, 3)", Convert.ToHexString(rowMajor));
        var actual = Read("|u1", "(2, 2, 3)", Convert.ToHexString(columnMajor), fortran: true);

        Some.AssertSameBits(expected.Values, actual.Values);
        Assert.Equal([100f, 101f, 102f, 110f, 111f, 112f], actual.Values.Row(1).ToArray());
        Assert.Equal(new ImageShape(2, 3), actual.Image);
    }

    [Fact]
    public void LabelsAreWholeNumbers()
        => Assert.Equal([2, 0], NpyReader.ReadLabels(new MemoryStream(File("<i8", "(2, 1)", "02000000000000000000000000000000")), "l.npy"));

    [Fact]
    public void LabelsMayBeAnyWholeNumbers()
        => Assert.Equal([-1, 95200], NpyReader.ReadLabels(new MemoryStream(File("<i4", "(2,)", "ffffffffe0730100")), "l.npy"));

    [Theory]
    [InlineData("<f4", "(1,)", "0000003f", "label of example 0 is 0.5, must be a whole number")]
    [InlineData("<f4", "(1,)", "0000c07f", "label of example 0 is NaN")]
    [InlineData("<f8", "(1,)", "0000000000004043", "label of example 0 is 9007199254740992")]
    [InlineData("|u1", "(1, 2)", "0001", "must be one number per example")]
    public void BadLabelsAreRefused(string type, string shape, string numbers, string problem)
    {
        var refusal = Assert.Throws<DataFormatException>(() => NpyReader.ReadLabels(new MemoryStream(File(type, shape, numbers)), "l.npy"));
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<c8", "(1,)", "00", "element type is <c8")]
    [InlineData("|O", "(1,)", "00", "element type is |O")]
    [InlineData("<f4", "()", "00000000", "single number")]
    [InlineData("<f4", "(0, 3)", "", "dimension 1 is 0")]
    [InlineData("<f4", "(99999999999, 3)", "", "dimension 1 is 99999999999")]
    [InlineData("<f4", "(2147483647, 2147483647, 2147483647)", "", "more than can be held")]
    [InlineData("<f8", "(1000000, 1000)", "00", "more than can be held")]
    [InlineData("<f4", "(20000000, 3)", "00000000", "after 4 of the 240000000 bytes")]
    [InlineData("<f4", "(1,)", "0000000000", "more bytes follow")]
    [InlineData("<f4", "(2,)", "000000000000c07f", "number 0 of example 1 is NaN")]
    [InlineData("<f8", "(1,)", "000000000000f07e", "must be finite as a float")]
    [InlineData("<f4", "(-1,)", "00000000", "no entry 'shape'")]
    public void BadFilesAreRefused(string type, string shape, string numbers, string problem)
    {
        var refusal = Assert.Throws<DataFormatException>(() => Read(type, shape, numbers));
        Assert.Equal("a.npy", refusal.File);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("504b030400000000", 0)]
    [InlineData("934e554d50590900", 6)]
    [InlineData("934e554d50590200ffffffff", 8)]
    [InlineData("934e554d505901000a00414141", 13)]
    [InlineData("934e554d5059010003007b7d0a", 10)]
    public void BadHeadersAreRefusedWithTheirOffset(string hexadecimal, long offset)
        => Assert.Equal(offset, Assert.Throws<DataFormatException>(() => NpyReader.Read(new MemoryStream(Convert.FromHexString(hexadecimal)), "a.npy")).Offset);

    private static NpyArray Read(string type, string shape, string numbers, bool fortran = false)
        => NpyReader.Read(new MemoryStream(File(type, shape, numbers, fortran)), "a.npy");

    private static byte[] File(string type, string shape, string numbers, bool fortran = false, byte version = 1)
    {
        var header = Encoding.UTF8.GetBytes($"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        var length = new byte[version == 1 ? 2 : 4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. Convert.FromHexString(numbers)];
    }
}
