using System.Formats.Tar;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class CifarFilesTests : IDisposable
{
    private const int Record = 3073;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin")]
    public void ImagesComeBatchByBatchChannelByChannel(string under)
    {
        Write(under);
        Assert.True(CifarFiles.IsAt(_folder.Path));
        Check(CifarFiles.Load(_folder.Path));
        Check(OwnFiles.Load(_folder.Path, new DataSpec(), ExperimentSpec.CurrentFormat));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnArchiveIsReadWithoutUnpackingIt(bool packed)
    {
        WriteArchive(packed, Contents().Select(file => ("../../" + file.Name, file.Content)));
        Assert.True(CifarFiles.IsAt(_folder.Path));
        Check(CifarFiles.Load(_folder.Path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WithoutNamesThereAreTenClasses()
    {
        Write();
        File.Delete(Path.Combine(_folder.Path, "batches.meta.txt"));
        var examples = CifarFiles.Load(_folder.Path);
        Assert.Null(examples.ClassNames);
        Assert.Equal(10, examples.Training.Targets.Columns);
    }

    [Fact]
    public void AMissingBatchIsNamed()
    {
        Write();
        File.Delete(Path.Combine(_folder.Path, "data_batch_3.bin"));
        Assert.Contains("no data_batch_3.bin, which belongs to the other files there", Assert.Throws<DataSourceException>(() => CifarFiles.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACutFileAndAWrongClassAreNamed()
    {
        Write();
        _folder.Write("test_batch.bin", new byte[Record + 1]);
        Assert.Contains("test_batch.bin, byte 3074: the file has 3074 bytes, must have 3073 for each image", Refusal(), StringComparison.Ordinal);
        _folder.Write("test_batch.bin", [.. new byte[Record], 3, .. new byte[Record - 1]]);
        Assert.Contains("test_batch.bin, byte 3073: the class of image 2 is 3, must be 0 … 2", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACutArchiveIsRefused()
    {
        WriteArchive(packed: false, Contents());
        var path = Path.Combine(_folder.Path, "cifar-10-binary.tar");
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..5000]);
        Assert.Contains("the archive is cut off or damaged", Refusal(), StringComparison.Ordinal);
        // A size that begins with this bit is binary, and too large for any number.
        whole[124] = 0x90;
        File.WriteAllBytes(path, whole);
        Assert.Contains("the archive is cut off or damaged", Refusal(), StringComparison.Ordinal);
        _folder.Write("cifar-10-binary.tar", [.. Enumerable.Repeat((byte)7, 2000)]);
        Assert.Contains("the archive is cut off or damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSourceCifar10TakesNothingElseForIt()
    {
        Write("cifar-10/cifar-10-batches-bin");
        var refusal = Assert.Throws<DataSourceException>(() => new DataSources(_folder.Path).Load(new DataSpec { Source = "cifar-10" }));
        Assert.Contains("data_batch_1.bin is not CIFAR-10's: its SHA-256 is ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(", must be cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5", refusal.Message, StringComparison.Ordinal);
        Assert.True(PublicDataSet.Cifar10.IsIn(_folder.Path));
    }

    [Fact]
    public void WithoutFilesTheSourceSaysWhatToDo()
    {
        var refusal = Assert.Throws<DataSourceException>(() => new DataSources(_folder.Path).Load(new DataSpec { Source = "cifar-10" }));
        Assert.StartsWith("CIFAR-10 is not complete: no cifar-10-binary.tar (plain or .gz) in ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("run `fa data get cifar-10`", refusal.Message, StringComparison.Ordinal);
    }

    private static void Check(SourceExamples examples)
    {
        Assert.Equal(["cat", "dog", "frog"], examples.ClassNames);
        Assert.Equal([1, 2, 0, 1, 2, 0], examples.Training.Labels);
        Assert.Equal([0], examples.Test!.Labels);
        Assert.Equal(new ImageShape(32, 32, 3), examples.Training.Image);
        Assert.Equal([10 / 255f, 20 / 255f, 30 / 255f], new[] { 0, 1024, 2048 }.Select(pixel => examples.Training.Inputs[0, pixel]));
        Assert.Equal(16 / 255f, examples.Test.Inputs[0, 0]);
    }

    private string Refusal() => Assert.Throws<DataFormatException>(() => CifarFiles.Load(_folder.Path)).Message;

    /// <summary>Two images in the first batch, then one in each; all red values of image i are 10 + i.</summary>
    private static IEnumerable<(string Name, byte[] Content)> Contents()
    {
        yield return ("batches.meta.txt", "cat\ndog\nfrog\n\n"u8.ToArray());
        for (var batch = 1; batch <= 5; batch++)
        {
            yield return ($"data_batch_{batch}.bin", batch == 1 ? [.. Image(0, 1), .. Image(1, 2)] : Image(batch, (byte)((batch - 2) % 3)));
        }

        yield return ("test_batch.bin", Image(6, 0));
    }

    private static byte[] Image(int number, byte label)
        => [label, .. Enumerable.Repeat((byte)(10 + number), 1024), .. Enumerable.Repeat((byte)(20 + number), 1024), .. Enumerable.Repeat((byte)(30 + number), 1024)];

    private void Write(string under = "")
    {
        foreach (var (name, content) in Contents())
        {
            _folder.Write(Path.Combine(under, name), content);
        }
    }

    private void WriteArchive(bool packed, IEnumerable<(string Name, byte[] Content)> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        _folder.Write(packed ? "cifar-10-binary.tar.gz" : "cifar-10-binary.tar", packed ? IdxFiles.Pack(archive.ToArray()) : archive.ToArray());
    }
}
