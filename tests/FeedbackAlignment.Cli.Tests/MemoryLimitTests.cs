using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

namespace FeedbackAlignment.Cli.Tests;

public sealed class MemoryLimitTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Theory]
    [InlineData("4GB", 4_000_000_000)]
    [InlineData(" 500 mb", 500_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("250000kB", 250_000_000)]
    public void SizesAreUnderstood(string text, ulong bytes) => Assert.Equal(bytes, MemoryLimit.Parse(text));

    [Theory]
    [InlineData("4", "must be a number with its unit, such as 4GB or 500MB, was \"4\"")]
    [InlineData("-4GB", "must be a number with its unit, such as 4GB or 500MB, was \"-4GB\"")]
    [InlineData("much", "must be a number with its unit, such as 4GB or 500MB, was \"much\"")]
    [InlineData("1MB", "must be 100MB … 1000TB, was \"1MB\"")]
    [InlineData("999999999TB", "must be 100MB … 1000TB, was \"999999999TB\"")]
    public void OtherSizesAreRefusedInALine(string text, string message)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run("rules", $"--max-memory={text}"));
        Assert.Equal($"fa: --max-memory: {message}\n", _fa.Error);
    }

    [Fact]
    public void TheEndOfMemoryIsSeenThroughWhateverIsAroundIt()
    {
        Assert.True(MemoryLimit.IsExhausted(
            new AggregateException(new IOException(), new AggregateException(new InsufficientMemoryException()))));
        Assert.True(MemoryLimit.IsExhausted(new InvalidOperationException("", new InsufficientMemoryException())));
        Assert.False(MemoryLimit.IsExhausted(new AggregateException(new IOException())));
    }

    [Fact]
    public async Task AFewPackedBytesThatBecomeMuchAreRefusedBeforeTheyDo()
    {
        Pack("train-images-idx3-ubyte.gz", [0, 0, 8, 3, .. Size(100_000), .. Size(28), .. Size(28)], 100_000 * 784);
        Pack("train-labels-idx1-ubyte.gz",
            [0, 0, 8, 1, .. Size(100_000), .. Enumerable.Range(0, 100_000).Select(label => (byte)(label % 10))], 0);
        var (code, peak, error) = await Run("data", "show", "data/", "--max-memory", "300MB");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("its 78400000 pixels, each a byte and a float, would take some 392 MB in memory, more than the 300 MB that may be used; --max-memory sets another limit", error, StringComparison.Ordinal);
        Assert.InRange(peak, 1, 250e6);
    }

    [Fact]
    public async Task ANetworkBeyondMemoryIsRefusedBeforeAFolderIsMade()
    {
        var (code, peak, error) = await Run("compare", "--network", "784-30000-30000-10", "--train", "100", "--seeds", "1", "--max-memory",
            "1GB", "--out", "out");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("--network: the weights of 784-30000-30000-10 and the state of the optimizer would take some 7.4 GB in memory, more than the 1 GB that may be used", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fa.Path("out")));
        Assert.InRange(peak, 1, 250e6);
    }

    [Fact]
    public async Task MemoryThatEndsAllTheSameEndsInALine()
    {
        // The weights fit; what the rules and their instruments need beside them does not.
        var (code, _, error) = await Run("compare", "--network", "784-3000-3000-10", "--train", "100", "--seeds", "1", "--epochs", "1",
            "--quiet", "--max-memory", "130MB", "--out", "out");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.StartsWith("fa: the 130 MB of memory that may be used are not enough for this", error, StringComparison.Ordinal);
    }

    private static byte[] Size(int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        return bytes;
    }

    private void Pack(string name, byte[] start, int zeros)
    {
        Directory.CreateDirectory(_fa.Path("data"));
        using var file = new GZipStream(File.Create(_fa.Path($"data/{name}")), CompressionLevel.Optimal);
        file.Write(start);
        file.Write(new byte[zeros]);
    }

    /// <summary>Runs the program, and watches how much memory it has had at most.</summary>
    private async Task<(int Code, long Peak, string Error)> Run(params string[] args)
    {
        using var process = FaProcess.Start(_fa.Folder, args);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (peak, clock) = (0L, Stopwatch.StartNew());
        while (!process.WaitForExit(5))
        {
            Assert.True(clock.Elapsed < FaProcess.Patience, "it does not end");
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
            }
        }

        await output;
        return (process.ExitCode, peak, await error);
    }
}
