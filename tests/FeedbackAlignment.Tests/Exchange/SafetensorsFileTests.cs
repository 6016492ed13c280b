using CsCheck;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using static FeedbackAlignment.Tests.Exchange.Bytes;

namespace FeedbackAlignment.Tests.Exchange;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void TensorsOfEveryNumberOfDimensionsAreRead()
    {
        // Named out of order: what counts is where the numbers lie. Blanks may follow the header.
        var header = $"{{{Tensor("m", "F32", "[2, 3]", 4, 28)}, \"__metadata__\": {{\"a\": \"b\"}}, {Tensor("s", "F32", "[]", 0, 4)}, {Tensor("v", "F32", "[2]", 28, 36)}, {Tensor("c", "F32", "[2,2,1]", 36, 52)}}}  \n";
        var file = Read(File(header, Singles(7, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13)));

        Assert.Equal(["s", "m", "v", "c"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("b", file.Metadata["a"]);
        Some.AssertSameBits(Matrix.From(new float[,] { { 7 } }), file.Find("s")!.Values);
        Some.AssertSameBits(Matrix.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }), file.Find("m")!.Values);
        Some.AssertSameBits(Matrix.From(new float[,] { { 8, 9 } }), file.Find("v")!.Values);
        Some.AssertSameBits(Matrix.From(new float[,] { { 10, 11 }, { 12, 13 } }), file.Find("c")!.Values);
        Assert.Equal([2, 2, 1], file.Find("c")!.Shape);
        Assert.Null(file.Find("x"));
    }

    /// <summary>PyTorch counts batches in 64 bits.</summary>
    [Fact]
    public void WholeNumbersAreRead()
    {
        byte[] bytes = [.. BitConverter.GetBytes(56L), .. """{"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}   """u8,
            .. BitConverter.GetBytes(-300L)];
        Assert.Equal(-300, Read(bytes).Find("a")!.Values[0, 0]);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0, 8, 8 })]
    [InlineData(new byte[] { 0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46 })]
    public void FilesOfTorchSaveAreRefusedWithTheWayOut(byte[] bytes)
        => Assert.Equal(
            "m.safetensors, byte 0: torch.save has written it; such files can run code and are not read. In Python: "
                + "safetensors.torch.save_file(torch.load(\"model.pt\"), \"model.safetensors\")",
            Assert.Throws<DataFormatException>(() => Read(bytes)).Message);

    [Theory]
    [InlineData("F64", "000000000000f03f00000000000004c0")]
    [InlineData("F16", "003c00c1")]
    [InlineData("BF16", "803f20c0")]
    [InlineData("F32", "0000803f000020c0")]
    public void NumbersOfEachTypeBecomeFloats(string type, string numbers)
    {
        var bytes = Convert.FromHexString(numbers);
        var file = Read(File($"{{{Tensor("x", type, "[2]", 0, bytes.Length)}}}", bytes));
        Assert.Equal([1f, -2.5f], file.Tensors[0].Values.Row(0).ToArray());
    }

    [Fact]
    public void WhatIsWrittenIsTheFormatToTheByte()
    {
        var file = new SafetensorsFile([NamedTensor.Matrix("0.weight", Matrix.From(new[,] { { 1f, 2 } })), NamedTensor.Vector("0.bias", Matrix.From(new[,] { { 3f } }))]);
        var header = $"{{{Tensor("0.weight", "F32", "[1,2]", 0, 8)},{Tensor("0.bias", "F32", "[1]", 8, 12)}}}";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);

        Assert.Equal(File(padded, Singles(1, 2, 3)), Write(file));
        Assert.Equal(0, (8 + padded.Length) % 8);
    }

    [Fact]
    public void WhatIsWrittenIsReadAgainBitForBit()
        => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 40], Gen.ULong, Gen.String).Sample((rows, columns, seed, text) =>
        {
            // Half of a surrogate pair is no text.
            text = string.Concat(text.Where(letter => !char.IsSurrogate(letter)));
            var (a, b) = (Some.Matrix(rows, columns, seed, MatrixOrder.ColumnMajor), Some.Matrix(1, columns, seed + 1));
            a[0, 0] = float.NaN;
            b[0, 0] = -0f;
            var read = Read(Write(new([NamedTensor.Matrix($"a{text}", a), NamedTensor.Vector($"b{text}", b)], new Dictionary<string, string> { [text] = text })));

            Some.AssertSameBits([a, b], [.. read.Tensors.Select(tensor => tensor.Values)]);
            Assert.Equal([$"a{text}", $"b{text}"], read.Tensors.Select(tensor => tensor.Name));
            Assert.Equal(text, read.Metadata[text]);
        }, iter: 200);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("__metadata__", "a")]
    public void NamesThatCannotBeWrittenAreRefused(string first, string second)
        => Assert.Throws<ArgumentException>(() => Write(new([NamedTensor.Vector(first, new Matrix(1, 1)), NamedTensor.Vector(second, new Matrix(1, 1))])));

    [Theory]
    [InlineData("""{"a":1}""", 0, 8 + 6, "StartObject was expected, Number found")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, null, "must have dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, null, "must have dtype, shape and data_offsets: [begin, end]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, null, "[begin, end]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, null, "\"x\" is no key of a tensor")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, null, "\"dtype\" is there twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, null, "\"a\" is there twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, null, "\"k\" is there twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, null, "String was expected, Number found")]
    [InlineData("""{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,8]}}""", 8, 8,
        "of the type \"I32\", must be F32, F64, F16, BF16 or I64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, 8, "2 numbers of 4 bytes take 8, but it has bytes 0 … 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0, 8, "has no elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, null, "whole numbers ≥ 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, null, "whole numbers ≥ 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1e400],"data_offsets":[0,4]}}""", 4, null, "whole numbers ≥ 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296],"data_offsets":[0,4]}}""", 4, null, "a dimension above 2147483647")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,4,2147483647],"data_offsets":[0,4]}}""", 4, 8, "more than can be held in memory")]
    [InlineData("""{"a":{"dtype":"F32","shape":[67108864,1],"data_offsets":[0,268435456]}}""", 4, 8, "more than can be held in memory")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,4611686018427387904]}}""", 4, null, "a dimension above")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, 8, "begins at byte 4 of the numbers, must begin at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, 8, "tensor \"b\" begins at byte 4 of the numbers, must begin at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, 8 + 54 + 3, "the file ends here, after 3 of the 4 bytes of tensor \"a\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[100000000],"data_offsets":[0,400000000]}}""", 4, null, "after 4 of the 400000000 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, 8 + 54 + 4, "more bytes follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", 4, null, "the header is not as it must be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, null, "the header is not as it must be")]
    [InlineData(""" {}""", 0, 8, "begins with the byte 32, must begin with '{'")]
    [InlineData("""{"\ud800":1}""", 0, null, "not Unicode")]
    [InlineData("""{"a":[[[[[[[[[[]]]]]]]]]]}""", 0, null, "StartObject was expected, StartArray found")]
    public void LiesAreRefusedAtTheirPlace(string header, int bytes, int? offset, string problem)
    {
        var refusal = Assert.Throws<DataFormatException>(() => Read(File(header, new byte[bytes])));
        Assert.StartsWith("m.safetensors", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal("m.safetensors", refusal.File);
        Assert.NotNull(refusal.Offset);
        if (offset is not null)
        {
            Assert.Equal(offset, refusal.Offset);
        }
    }

    /// <summary>The parser quotes what it cannot read up to the next quotation mark: a spec in the metadata, whole.</summary>
    [Fact]
    public void AMessageDoesNotQuoteHalfAFile()
    {
        var refusal = Assert.Throws<DataFormatException>(() => Read(File("{\"__metadata__\":{\"a\":'" + new string('x', 5000) + "'}}", [])));
        Assert.Contains("the header is not as it must be", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Message.Length, 1, 400);
    }

    [Theory]
    [InlineData("0000000000000010", "the header would be 1152921504606846976 bytes long")]
    [InlineData("ffffffffffffffff", "the header would be 18446744073709551615 bytes long")]
    [InlineData("0100100000000000", "the header would be 1048577 bytes long, must be 2 … 1048576")]
    [InlineData("0100000000000000", "the header would be 1 bytes long")]
    [InlineData("00001000000000007b", "after 1 of the 1048576 bytes of the header")]
    [InlineData("010000", "after 3 of the 8 bytes of the length of the header")]
    [InlineData("", "after 0 of the 8 bytes")]
    public void AHeaderOfAnotherLengthIsRefused(string bytes, string problem)
        => Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Read(Convert.FromHexString(bytes))).Message, StringComparison.Ordinal);

    [Fact]
    public void ANumberThatNoFloatHoldsIsRefusedAtItsPlace()
    {
        var refusal = Assert.Throws<DataFormatException>(() => Read(File($"{{{Tensor("x", "F64", "[2]", 0, 16)}}}", [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(1e300)])));
        Assert.Contains("no float can hold", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(8 + Tensor("x", "F64", "[2]", 0, 16).Length + 2 + 8, refusal.Offset);
    }

    /// <summary>A promise costs nothing: memory grows with the bytes that are there.</summary>
    [Fact]
    public void APromiseTakesNoMemory()
    {
        var file = File($"{{{Tensor("x", "F32", "[500000000]", 0, 2_000_000_000)}}}", new byte[1000]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    /// <summary>Each damaged file gives a value or the documented exception, and never another.</summary>
    [Fact]
    public void DamagedFilesAreReadOrRefused()
    {
        var whole = Write(new(Some.Network("3-2-2", seed: 1).ToTensors(), new Dictionary<string, string> { ["format"] = "pt" }));
        var length = whole.Length;
        Gen.Select(Gen.Int[0, length - 1], Gen.Byte, Gen.Int[0, length - 1], Gen.Byte, Gen.Int[0, length]).Sample((first, a, second, b, end) =>
        {
            var damaged = whole.ToArray();
            (damaged[first], damaged[second]) = (a, b);
            try
            {
                NetworkFile.FromTensors(Read(end % 4 == 0 ? damaged[..end] : damaged), "m.safetensors", Activation.Tanh);
            }
            catch (DataFormatException)
            {
            }
        }, iter: 20_000);
    }

    [Fact]
    public void AStreamMayGiveItsBytesInAnyPortions()
    {
        using var drops = new Drops(Write(new([NamedTensor.Matrix("a", Some.Matrix(7, 5, 1))])));
        Some.AssertSameBits(Some.Matrix(7, 5, 1), SafetensorsFile.Read(drops, "m").Tensors[0].Values);
    }

    private static SafetensorsFile Read(byte[] bytes) => SafetensorsFile.Read(new MemoryStream(bytes), "m.safetensors");

    private static byte[] Write(SafetensorsFile file)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    /// <summary>A stream that cannot seek and gives one to three bytes at a time.</summary>
    private sealed class Drops(byte[] bytes) : MemoryStream(bytes)
    {
        private int _reads;

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            var portion = new byte[Math.Min(buffer.Length, 1 + _reads++ % 3)];
            var count = Read(portion, 0, portion.Length);
            portion.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
    }
}
