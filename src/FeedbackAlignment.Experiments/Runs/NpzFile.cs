using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// Matrices in a file that NumPy's <c>load</c> reads: a zip archive of NPY arrays (format 1.0, little-endian float32, C order).
/// </summary>
internal static class NpzFile
{
    /// <summary>A network of a thousand layers has some thousands: weights, biases, feedback weights, the optimizer's.</summary>
    private const int MostArrays = 20_000;

    public static void Write(Stream file, IEnumerable<(string Name, Matrix Values)> matrices)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, values) in matrices)
        {
            var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression);

            // The earliest moment that zip knows: equal weights make equal files.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var stream = entry.Open();
            WriteArray(stream, values);
        }
    }

    /// <summary>The beginning of an NPY file; the numbers follow.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="element">NumPy's word for the type of an element, e.g. <c>&lt;f4</c>.</param>
    /// <param name="sizes">The sizes, as a tuple of Python without its brackets.</param>
    public static void WriteHeader(Stream stream, string element, string sizes)
    {
        var header = $"{{'descr': '{element}', 'fortran_order': False, 'shape': ({sizes}), }}";

        // Magic (6), version (2) and length (2), then the header, padded so that the numbers start at a multiple of 64.
        var padded = header.PadRight((10 + header.Length + 1 + 63) / 64 * 64 - 11) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
    }

    /// <summary>One of the matrices.</summary>
    public static Matrix Read(Place file, string name)
    {
        var path = file.FullPath;
        using var stored = file.Read();
        using var archive = new ZipArchive(stored);
        var entry = archive.GetEntry($"{name}.npy") ?? throw new ArgumentException($"{path} has no matrix {name}", nameof(name));
        using var stream = entry.Open();
        return NpyReader.Read(stream, $"{path}/{name}").Values;
    }

    /// <summary>All matrices, in the order of the file. A run that diverged may have left numbers in them that are not finite.</summary>
    /// <exception cref="DataFormatException">It is no such file, or damaged.</exception>
    public static IReadOnlyList<(string Name, Matrix Values)> ReadAll(Place file)
    {
        var path = file.FullPath;
        try
        {
            using var stored = file.Read();
            using var archive = new ZipArchive(stored);
            RequireDistinct(archive, path, stored.Length);
            return [.. archive.Entries.Select(entry => ReadArray(entry, path))];
        }
        catch (InvalidDataException damaged)
        {
            throw new DataFormatException(path, null, $"not a whole archive of NumPy arrays ({damaged.Message.TrimEnd('.')})", damaged);
        }
    }

    /// <summary>
    /// Makes sure that every array has its own bytes in the file, so that all of them together are no longer than the file.
    /// </summary>
    private static void RequireDistinct(ZipArchive archive, string path, long length)
    {
        if (archive.Entries.Count > MostArrays)
        {
            throw new DataFormatException(path, null, $"the archive has {archive.Entries.Count} entries, must have at most {MostArrays}");
        }

        if (archive.Entries.CountBy(entry => entry.FullName).FirstOrDefault(name => name.Value > 1) is { Value: > 1 } twice)
        {
            throw new DataFormatException(path, null,
                $"the array {ForeignText.Line(twice.Key, ForeignText.LongestQuote)} is there {twice.Value} times");
        }

        var sum = 0L;
        foreach (var entry in archive.Entries)
        {
            // What is packed could unfold to anything; we pack nothing, and NumPy's savez neither.
            if (entry.CompressedLength != entry.Length)
            {
                throw new DataFormatException(path, null, "the arrays are packed; only archives as NumPy's savez writes them are read");
            }

            if ((ulong)entry.Length > (ulong)(length - sum))
            {
                throw new DataFormatException(
                    path, null, $"its arrays would have more bytes than the {length} of the file; entries overlap, or it is cut off");
            }

            sum += entry.Length;
        }
    }

    private static (string Name, Matrix Values) ReadArray(ZipArchiveEntry entry, string path)
    {
        var name = Path.GetFileNameWithoutExtension(entry.FullName);
        using var stream = entry.Open();
        return (name, NpyReader.ReadPlain(stream, $"{path}/{name}").Values);
    }

    private static void WriteArray(Stream stream, Matrix values)
    {
        WriteHeader(stream, "<f4", $"{values.Rows}, {values.Columns}");
        var row = new byte[values.Columns * sizeof(float)];
        for (var i = 0; i < values.Rows; i++)
        {
            for (var j = 0; j < values.Columns; j++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(row.AsSpan(j * sizeof(float)), values[i, j]);
            }

            stream.Write(row);
        }
    }
}
