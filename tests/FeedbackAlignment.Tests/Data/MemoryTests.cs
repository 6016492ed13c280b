using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Tests.Exchange;

namespace FeedbackAlignment.Tests.Data;

/// <summary>What a reader takes is in proportion to what is there, whatever a file says of itself.</summary>
public sealed class MemoryTests
{
    private const int Megabyte = 1_000_000;

    [Fact]
    public void WhatDoesNotFitIsRefusedWithBothSizes()
    {
        var refused = Assert.Throws<DataFormatException>(() => MemoryBudget.Require(6.3e18, "a.npy", "its numbers would take"));
        Assert.Equal($"a.npy: its numbers would take some 6300000000 GB in memory, more than the {MemoryBudget.Text(MemoryBudget.Most)} that may be used; --max-memory sets another limit", refused.Message);
        Assert.False(MemoryBudget.Fits(MemoryBudget.Most + 1.0));
        Assert.True(MemoryBudget.Fits(20e6));
    }

    [Theory]
    [InlineData(6.3e9, "6.3 GB")]
    [InlineData(4e9, "4 GB")]
    [InlineData(1.5e6, "1.5 MB")]
    [InlineData(200, "0.2 kB")]
    public void BytesAreSaidAsPeopleSayThem(double bytes, string text) => Assert.Equal(text, MemoryBudget.Text(bytes));

    [Fact]
    public void NumbersThatAreOnlyPromisedTakeNoMemory()
    {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 40), }";
        byte[] npy = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), 1, 2, 3, 4];
        AssertRefused(3 * Megabyte, "ends here", () => NpyReader.Read(new MemoryStream(npy), "a.npy"));

        var idx = new byte[20];
        idx[2] = 8;
        idx[3] = 3;
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(4), 100_000);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(12), 28);
        AssertRefused(3 * Megabyte, "ends here", () => IdxReader.ReadImages(new MemoryStream(idx), "a.idx"));

        var tensors = Bytes.File($"{{{Bytes.Tensor("0.weight", "F32", "[10000, 1000]", 0, 40_000_000)}}}", new byte[16]);
        AssertRefused(3 * Megabyte, "ends here", () => SafetensorsFile.Read(new MemoryStream(tensors), "a.safetensors"));
    }

    [Fact]
    public void PackedZerosTakeWhatTheHeaderSaysAndNoMore()
    {
        // A megabyte and a half of pixels, and then ten of what the header does not know.
        var idx = new byte[16 + 2000 * 784];
        idx[2] = 8;
        idx[3] = 3;
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(4), 2000);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(12), 28);
        var packed = Packed(idx);
        Assert.Equal(2000, IdxReader.ReadImages(new MemoryStream(packed), "a.idx").Inputs.Rows);

        // One byte of every picture becomes a float, beside the byte itself; the array grows by doubling.
        Assert.InRange(Allocated(() => IdxReader.ReadImages(new MemoryStream(packed), "a.idx")), idx.Length, 9 * idx.Length);
        byte[] members = [.. packed, .. Packed(new byte[10 * Megabyte])];
        AssertRefused(9 * idx.Length, "more bytes follow", () => IdxReader.ReadImages(new MemoryStream(members), "a.idx"));
    }

    [Fact]
    public void ALineOfCommasIsRefusedByItsColumns()
    {
        var text = Encoding.ASCII.GetBytes(new string(',', CsvScan.MostColumns) + "\n1\n");
        AssertRefused(60 * Megabyte, $"has {CsvScan.MostColumns + 1} columns, must have at most {CsvScan.MostColumns}",
            () => CsvTable.Read(new MemoryStream(text), "a.csv"));
    }

    [Fact]
    public void ALongFieldIsRefusedWithoutBeingQuoted()
    {
        var text = Encoding.ASCII.GetBytes($"a,b\n1,\"{new string('x', 20 * Megabyte)}\"\n2,y\n");
        var refused = AssertRefused(250 * Megabyte, "too long", () => CsvTable.Read(new MemoryStream(text), "a.csv"));
        Assert.InRange(refused.Message.Length, 1, 300);
    }

    [Fact]
    public void RowsOfATableTakeTheirNumbersAndALine()
    {
        const int rows = 500_000;
        var text = Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,0\n", rows)));
        CsvTable.Read(new MemoryStream(text), "a.csv");

        // Two floats and a number of a line are 12 bytes; lists and the text of the file grow by doubling.
        Assert.InRange(Allocated(() => CsvTable.Read(new MemoryStream(text), "a.csv")), 12 * rows, 45 * rows);
        var table = CsvTable.Read(new MemoryStream(text), "a.csv");
        Assert.Equal((1f, 0f, rows + 1), (table.Number(rows - 1, 0), table.Number(rows - 1, 1), table.LineOf(rows - 1)));

        // A class of each row, and not a name.
        Assert.InRange(Allocated(() => table.ToLabels("b")), rows, 40 * rows);
    }

    [Fact]
    public void ALongChainOfLayersIsRefusedInALine()
    {
        const int layers = 8_000;
        var header = string.Join(',', Enumerable.Range(0, layers)
            .Select(layer => Bytes.Tensor($"{layer}.weight", "F32", "[1,1]", 4 * layer, 4 * layer + 4)));
        var file = SafetensorsFile.Read(new MemoryStream(Bytes.File($"{{{header}}}", new byte[4 * layers])), "a.safetensors");
        var refused = AssertRefused(20 * Megabyte, $"there are {layers} layers, must be at most 1000",
            () => NetworkFile.FromTensors(file, "a.safetensors"));
        Assert.InRange(refused.Message.Length, 1, 200);
    }

    [Fact]
    public void LayersThatDoNotFitAreNamedNearTheMistakeAlone()
    {
        const int layers = 900;
        var header = string.Join(',', Enumerable.Range(0, layers)
            .Select(layer => Bytes.Tensor($"{layer}.weight", "F32", layer == layers - 1 ? "[1,2]" : "[1,1]", 4 * layer, 4 * layer
            + (layer == layers - 1 ? 8 : 4))));
        var file = SafetensorsFile.Read(new MemoryStream(Bytes.File($"{{{header}}}", new byte[4 * layers + 4])), "a.safetensors");
        var refused = Assert.Throws<DataFormatException>(() => NetworkFile.FromTensors(file, "a.safetensors"));
        Assert.Contains("7.weight [1, 1] and 892 more)", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 400);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static DataFormatException AssertRefused(long most, string message, Action read)
    {
        DataFormatException? refused = null;
        Assert.InRange(Allocated(() => refused = Assert.Throws<DataFormatException>(read)), 0, most);
        Assert.Contains(message, refused!.Message, StringComparison.Ordinal);
        return refused;
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
