using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FeedbackAlignment.Experiments.Data.Images;
using StbImageWriteSharp;

namespace FeedbackAlignment.Experiments.Tests.Data.Images;

/// <summary>Small PNG files: of every type, and as another program writes them.</summary>
internal static class PngFiles
{
    /// <summary>A file of any type.</summary>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="depth">Bits per number.</param>
    /// <param name="color">PNG's number of the type.</param>
    /// <param name="rows">All rows as they are stored, each with its filter in front.</param>
    /// <param name="interlace">1: the rows are those of seven images.</param>
    /// <param name="before">Chunks before the pixels.</param>
    public static byte[] Of(int height, int width, byte depth, byte color, byte[] rows, byte interlace = 0, params byte[][] before)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return Join([Header(height, width, depth, color, interlace), .. before, Chunk("IDAT", packed.ToArray()), Chunk("IEND", [])]);
    }

    public static byte[] Join(params byte[][] chunks) => [.. PngChunks.Signature, .. chunks.SelectMany(chunk => chunk)];

    public static byte[] Header(int height, int width, byte depth, byte color, byte interlace = 0)
    {
        var content = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(content, width);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), height);
        (content[8], content[9], content[12]) = (depth, color, interlace);
        return Chunk("IHDR", content);
    }

    public static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, PngChunks.Crc(named));
        return [.. length, .. named, .. checksum];
    }

    /// <summary>As StbImageWriteSharp writes it: with checksums that are not ours.</summary>
    public static byte[] Stb(int height, int width, int channels, byte[] pixels)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(pixels, width, height, (ColorComponents)channels, stream);
        return stream.ToArray();
    }
}
