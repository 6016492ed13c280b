using System.Buffers.Binary;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>A folder from a stranger takes memory for what is in it, and not for what it says.</summary>
public sealed class BoundsTests : IDisposable
{
    private const int Megabyte = 1_000_000;

    private readonly TinyExperiment _experiments = new();
    private readonly TemporaryFolder _place = new();

    public void Dispose()
    {
        _experiments.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void ASpecThatIsNotThatOfTheWeightsBuildsNoNetwork()
    {
        var folder = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] }).Folder;
        var run = Path.Combine(folder, "runs", "shallow-1");
        Replace(Path.Combine(run, "run.json"), "784-8-10", "784-20000-20000-10");
        Replace(Path.Combine(folder, "spec.json"), "784-8-10", "784-20000-20000-10");

        var refused = AssertRefused<DataFormatException>(20 * Megabyte, () => FinishedRun.Open(run, Components.Standard));
        Assert.EndsWith(
            "there is no hidden1.weights (20000 × 784) in it, which the network of its spec has", refused.Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointsThatAreTooShortForTheSpecBuildNoNetwork()
    {
        File.WriteAllBytes(Path.Combine(_place.Path, "checkpoint.state"), new byte[1000]);
        var checkpoints = new CheckpointFiles(Place.Named(_place.Path));
        checkpoints.RequireRoomFor(NetworkPlan.Parse("10-20-2"));
        var refused = Assert.Throws<CheckpointException>(() => checkpoints.RequireRoomFor(NetworkPlan.Parse("784-20000-20000-10")));
        Assert.Contains("has 1000 bytes, too few for the weights of 784-20000-20000-10", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("784-30x40000-10", 64, "network.layers")]
    [InlineData("784-8-10", int.MaxValue, "training.batchSize")]
    public void WhatNoMemoryHoldsIsRefusedBeforeItIsBegun(string layers, int batch, string path)
    {
        var training = TinyExperiment.Spec.Training with { BatchSize = batch };
        var asked = TinyExperiment.Spec with { Network = new() { Layers = layers }, Training = training };
        var data = TinyExperiment.Load(asked).Record;
        var refused = AssertRefused<SpecException>(10 * Megabyte, () => SpecCompletion.Complete(asked, data, Components.Standard));
        Assert.Equal(path, Assert.Single(refused.Problems).Path);
    }

    [Fact]
    public void ArraysThatShareTheirBytesAreNotRead()
    {
        using var file = new MemoryStream();
        NpzFile.Write(file, [("a", new Matrix(100, 100))]);
        var path = Path.Combine(_place.Path, "weights.npz");
        File.WriteAllBytes(path, WithEntries(file.ToArray(), 1000));
        var refused = AssertRefused<DataFormatException>(5 * Megabyte, () => NpzFile.ReadAll(Place.Named(path)));
        Assert.Contains("entries overlap", refused.Message, StringComparison.Ordinal);

        File.WriteAllBytes(path, WithEntries(file.ToArray(), 30_000));
        refused = AssertRefused<DataFormatException>(30 * Megabyte, () => NpzFile.ReadAll(Place.Named(path)));
        Assert.Contains("has 30000 entries, must have at most 20000", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongTextInARecordIsNotRead()
    {
        var file = Path.Combine(_place.Path, "run.json");
        File.WriteAllText(file, $$"""{ "rule": "{{new string('x', 5 * Megabyte)}}" }""");
        Assert.Null(AllocatesAtMost(5 * Megabyte, () => RecordFile.TryRead<SpecHolder>(Place.Named(file))));
        var refused = Assert.Throws<DataFormatException>(() => RecordFile.Read<SpecHolder>(Place.Named(file), "nobody"));
        Assert.Contains($"has a text here of more than {JsonBounds.LongestText} bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongSpecIsNotRead()
    {
        var file = Path.Combine(_place.Path, "spec.json");
        File.WriteAllText(file, "{" + new string(' ', SpecReader.MostBytes) + "}");
        Assert.Null(AllocatesAtMost(Megabyte, () => RecordFile.TryRead<SpecHolder>(Place.Named(file))));
        var refused = Assert.Throws<DataFormatException>(() => RecordFile.Read<SpecHolder>(Place.Named(file), "nobody"));
        Assert.Contains($"must have at most {SpecReader.MostBytes}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyValuesAreCountedBeforeTheyAreRead()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"\uFEFF[{string.Join(',', Enumerable.Repeat("{}", 200_000))}]"));
        AllocatesAtMost(Megabyte, () =>
        {
            JsonBounds.Require(stream, "run.json");
            return 0;
        });
        Assert.Equal(0, stream.Position);

        using var endless = new Endless(900_000_000);
        var refused = AssertRefused<DataFormatException>(Megabyte, () => JsonBounds.Require(endless, "results.json"));
        Assert.Contains($"has more than {JsonBounds.MostTokens} values", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsBeyondTwoGigabytesAreReadLineByLine()
    {
        foreach (var name in (string[])["curve.csv", "alignment.csv"])
        {
            File.WriteAllText(Path.Combine(_place.Path, name), "x");
        }

        // Zeros that take no place on the disk.
        var file = Path.Combine(_place.Path, "metrics.jsonl");
        using (var stream = File.Create(file))
        {
            stream.SetLength(3_000_000_000);
        }

        var refused = AssertRefused<DataFormatException>(Megabyte,
            () => RunPast.Read(Place.Named(_place.Path), new MetricsLengths(3_000_000_000, 1, 1)));
        Assert.Contains("has a line here of more than 65536 bytes", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>An archive whose directory names its only array again and again.</summary>
    private static byte[] WithEntries(byte[] archive, int count)
    {
        var end = archive.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var begin = BinaryPrimitives.ReadInt32LittleEndian(archive.AsSpan(end + 16));
        var entry = archive[begin..end];
        var name = 46;
        using var forged = new MemoryStream();
        forged.Write(archive.AsSpan(0, begin));
        for (var number = 0; number < count; number++)
        {
            // "a.npy" becomes a name of five letters of its own.
            Encoding.ASCII.GetBytes($"{number:D5}").CopyTo(entry, name);
            forged.Write(entry);
        }

        var last = archive[end..];
        BinaryPrimitives.WriteUInt16LittleEndian(last.AsSpan(8), (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(last.AsSpan(10), (ushort)count);
        BinaryPrimitives.WriteInt32LittleEndian(last.AsSpan(12), count * entry.Length);
        forged.Write(last);
        return forged.ToArray();
    }

    private static void Replace(string file, string old, string now)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, now, StringComparison.Ordinal));
    }

    private static T AssertRefused<T>(long most, Action read)
        where T : Exception
        => AllocatesAtMost(most, () => Assert.Throws<T>(read));

    private static T AllocatesAtMost<T>(long most, Func<T> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, most);
        return result;
    }

    /// <summary>The JSON <c>[[],[],[], …</c> without memory for it.</summary>
    private sealed class Endless(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            foreach (ref var letter in buffer)
            {
                letter = Position++ == 0 ? (byte)'[' : "[],"u8[(int)((Position - 2) % 3)];
            }

            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
