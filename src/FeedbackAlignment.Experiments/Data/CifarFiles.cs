using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Reads the binary layout of CIFAR-10, from files or from the archive that holds them: for each image one byte for the class, then 1024
/// bytes each of red, green and blue. Nothing is unpacked to the disk, so no name in an archive can lead anywhere.
/// </summary>
internal static class CifarFiles
{
    private const string Archive = "cifar-10-binary.tar", Subfolder = "cifar-10-batches-bin", Test = "test_batch.bin", Names = "batches.meta.txt";

    /// <summary>Height and width of a picture, and its colors.</summary>
    public const int Side = 32, Channels = 3;

    private const int Pixels = Side * Side * Channels, Record = 1 + Pixels;

    /// <summary>No file of this layout has more: twenty times what the official ones have.</summary>
    private const int MostBytes = 200_000 * Record;

    /// <summary>SHA-256 of the official files.</summary>
    private static readonly Dictionary<string, string> _official = new()
    {
        [Batch(1)] = "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        [Batch(2)] = "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        [Batch(3)] = "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        [Batch(4)] = "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        [Batch(5)] = "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        [Test] = "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    };

    /// <summary>The folder has such files, or the archive.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsAt(string folder) => Unpacked(folder) is not null || SourceFiles.Find(folder, Archive) is not null;

    /// <summary>Reads all examples, whatever they are.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DataSourceException">A file is missing or cannot be read.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static SourceExamples Load(string folder) => Join($"images of CIFAR's layout in {folder}", Contents(folder), folder);

    /// <summary>Reads CIFAR-10 itself: every file must be the official one.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DataSourceException">A file is missing, cannot be read, or is not CIFAR-10's.</exception>
    public static SourceExamples LoadOfficial(string folder)
    {
        var contents = Contents(folder);
        foreach (var (name, fingerprint) in _official)
        {
            if (contents.TryGetValue(name, out var content) && Convert.ToHexStringLower(SHA256.HashData(content)) is var found && found != fingerprint)
            {
                throw new DataSourceException(
                    $"{folder}: {name} is not CIFAR-10's: its SHA-256 is {found}, must be {fingerprint}; delete it and run `fa data get cifar-10`, or give these data as a folder: --data {folder}");
            }
        }

        return Join("CIFAR-10", contents, folder);
    }

    private static string Batch(int number) => $"data_batch_{number}.bin";

    private static string? Unpacked(string folder)
        => ((string[])[folder, Path.Combine(folder, Subfolder)]).FirstOrDefault(each => File.Exists(Path.Combine(each, Batch(1))));

    /// <summary>The files by their names, wherever they are.</summary>
    private static Dictionary<string, byte[]> Contents(string folder)
    {
        var names = _official.Keys.Append(Names);
        return Unpacked(folder) is { } unpacked
            ? names.Select(name => Path.Combine(unpacked, name)).Where(File.Exists).ToDictionary(path => Path.GetFileName(path), path => SourceFiles.Read(path, Whole))
            : SourceFiles.Read(SourceFiles.Find(folder, Archive)!, Unpack);
    }

    private static Dictionary<string, byte[]> Unpack(Stream stream, string source)
    {
        var contents = new Dictionary<string, byte[]>();
        try
        {
            using var unpacked = source.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            using var entries = new TarReader(unpacked);
            while (entries.GetNextEntry() is { } entry)
            {
                var name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.DataStream is { } data && (_official.ContainsKey(name) || name == Names) && !contents.TryAdd(name, Whole(data, $"{source}, {name}")))
                {
                    throw new DataFormatException(source, null, $"{name} is in the archive twice");
                }
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            throw new DataFormatException(source, null, $"the archive is cut off or damaged ({damaged.Message.TrimEnd('.')})", damaged);
        }

        return contents;
    }

    private static byte[] Whole(Stream stream, string source)
    {
        var whole = new MemoryStream();
        var portion = new byte[1 << 16];
        for (int count; (count = stream.Read(portion)) > 0;)
        {
            whole.Write(portion.AsSpan(0, count));
            if (whole.Length > MostBytes)
            {
                throw new DataFormatException(source, null, $"the file has more than {MostBytes} bytes; no file of CIFAR's layout has");
            }
        }

        return whole.ToArray();
    }

    private static SourceExamples Join(string description, Dictionary<string, byte[]> contents, string folder)
    {
        var batches = Enumerable.Range(1, 5).Select(Batch).ToList();
        if (batches.Append(Test).Where(name => !contents.ContainsKey(name)).ToList() is { Count: > 0 } missing)
        {
            throw new DataSourceException($"{Path.GetFullPath(folder)}: no {string.Join(", ", missing)}, which {(missing.Count == 1 ? "belongs" : "belong")} to the other files there");
        }

        var names = contents.TryGetValue(Names, out var text) ? Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;
        var classes = names?.Length ?? PublicDataSet.Classes;
        var training = Examples([.. batches.Select(name => (Path.Combine(folder, name), contents[name]))], classes);
        return new SourceExamples(description, training, Examples([(Path.Combine(folder, Test), contents[Test])], classes))
        {
            ClassNames = names,
            Remarks = [$"color images of {Side} × {Side} pixels: all red values, then green, then blue, each ∕ 255"],
        };
    }

    private static DataSet Examples((string Source, byte[] Content)[] files, int classes)
    {
        var inputs = new Matrix(files.Sum(file => Count(file.Source, file.Content)), Pixels);
        var labels = new int[inputs.Rows];
        var example = 0;
        foreach (var (source, content) in files)
        {
            for (var at = 0; at < content.Length; at += Record)
            {
                labels[example] = content[at] < classes ? content[at]
                    : throw new DataFormatException(source, at, $"the class of image {at / Record + 1} is {content[at]}, must be 0 … {classes - 1}");
                var row = inputs.Row(example++);
                for (var pixel = 0; pixel < Pixels; pixel++)
                {
                    row[pixel] = content[at + 1 + pixel] / 255f;
                }
            }
        }

        return new DataSet(inputs, labels, classes) { Image = new ImageShape(Side, Side, Channels) };
    }

    private static int Count(string source, byte[] content)
        => content.Length > 0 && content.Length % Record == 0 ? content.Length / Record
            : throw new DataFormatException(source, content.Length, $"the file has {content.Length} bytes, must have {Record} for each image (a class, and {Side} × {Side} × {Channels} values)");
}
