using System.Buffers.Binary;
using System.Formats.Tar;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Data.Images;
using StbImageWriteSharp;

namespace FeedbackAlignment.Fuzzing;

/// <summary>Image files.</summary>
internal static class Pictures
{
    /// <summary>Gray, color, and with alpha.</summary>
    public static IEnumerable<byte[]> Png()
        => from channels in (ColorComponents[])[ColorComponents.Grey, ColorComponents.RedGreenBlue, ColorComponents.RedGreenBlueAlpha] select Png(channels);

    /// <summary>Baseline and progressive ones, of all reductions of color, with restarts, CMYK and EXIF.</summary>
    public static IEnumerable<byte[]> Jpeg()
        => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "images"), "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public static void Read(byte[] bytes) => ImageDecoder.Decode(bytes, "fuzz");

    /// <summary>Checksums keep nearly all damage out; with right ones it reaches what is behind them.</summary>
    public static void ReadSealed(byte[] bytes)
    {
        for (long at = PngChunks.Signature.Length; at + 12 <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));
            if (length > bytes.Length - at - 12)
            {
                break;
            }

            var named = bytes.AsSpan((int)at + 4, 4 + (int)length);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)at + 8 + (int)length), PngChunks.Crc(named));
            at += 12 + length;
        }

        Read(bytes);
    }

    /// <summary>CIFAR's layout with one image in each file.</summary>
    public static byte[] Archive()
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var name in (string[])["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"])
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}") { DataStream = new MemoryStream(new byte[3073]) });
            }
        }

        return archive.ToArray();
    }

    public static void ReadArchive(byte[] bytes, string folder)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, "cifar")).FullName;
        File.WriteAllBytes(Path.Combine(own, bytes is [0x1F, 0x8B, ..] ? "cifar-10-binary.tar.gz" : "cifar-10-binary.tar"), bytes);
        File.Delete(Path.Combine(own, bytes is [0x1F, 0x8B, ..] ? "cifar-10-binary.tar" : "cifar-10-binary.tar.gz"));
        CifarFiles.Load(own);
    }

    private static byte[] Png(ColorComponents channels)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng([.. Enumerable.Range(0, 12 * (int)channels).Select(i => (int)channels == 4 && i % 4 == 3 ? (byte)255 : (byte)(17 * i))], 4, 3, channels, stream);
        return stream.ToArray();
    }
}
