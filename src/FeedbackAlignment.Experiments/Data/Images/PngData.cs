using System.Buffers.Binary;
using System.IO.Compression;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>Unpacks the pixels of a PNG file and takes the filters back.</summary>
internal static class PngData
{
    /// <summary>Deflate makes nothing smaller than one byte in about so many.</summary>
    private const long MostPacking = 1032;

    /// <summary>The stored numbers, row by row; gray values of fewer than 8 bits are brought to 0 … 255.</summary>
    /// <param name="packed">All image data, one after the other.</param>
    /// <param name="header">What they are.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The data are damaged, too short or too long.</exception>
    public static ushort[] Read(MemoryStream packed, PngHeader header, string source)
    {
        var bytes = Unpack(packed, header, source);
        var numbers = header.Numbers;
        var samples = new ushort[header.Height * header.Width * numbers];
        var before = Math.Max(1, numbers * header.Depth / 8);
        var at = 0;
        foreach (var pass in header.Passes)
        {
            var length = header.RowBytes(pass.Width);
            ReadOnlySpan<byte> above = new byte[length];
            for (var row = 0; row < pass.Height; row++)
            {
                var line = bytes.AsSpan(at + 1, length);
                Unfilter(bytes[at], line, above, before, source);
                for (var column = 0; column < pass.Width; column++)
                {
                    var target = ((pass.Row + row * pass.Down) * header.Width + pass.Column + column * pass.Across) * numbers;
                    for (var number = 0; number < numbers; number++)
                    {
                        samples[target + number] = ToRange(Number(line, column * numbers + number, header.Depth), header);
                    }
                }

                above = line;
                at += 1 + length;
            }
        }

        return samples;
    }

    /// <summary>Gray of 1, 2 and 4 bits to 0 … 255, exactly; places in a palette stay what they are.</summary>
    /// <param name="number">A number as it is stored.</param>
    /// <param name="header">What it is part of.</param>
    public static ushort ToRange(int number, PngHeader header) => (ushort)(header.Color == 0 && header.Depth < 8 ? number * (255 / ((1 << header.Depth) - 1)) : number);

    private static byte[] Unpack(MemoryStream packed, PngHeader header, string source)
    {
        var expected = header.DataBytes;
        if (packed.Length * MostPacking < expected)
        {
            throw new DataFormatException(source, null, $"the file has {packed.Length} bytes of packed pixels, too few for {header.Height} × {header.Width} pixels: it is cut off or damaged");
        }

        try
        {
            using var unpacking = new ZLibStream(packed, CompressionMode.Decompress);
            var bytes = new byte[expected];
            var count = unpacking.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count == bytes.Length && unpacking.ReadByte() < 0 ? bytes : throw new DataFormatException(source, null,
                $"the file has {(count == bytes.Length ? "more" : $"{count}")} bytes of pixels, must have {expected} for {header.Height} × {header.Width} pixels");
        }
        // Memory cannot fail to be read: what is an IOException here comes from zlib, e.g. where a damaged bit asks for a dictionary.
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            throw new DataFormatException(source, null, $"the packed pixels are damaged ({damaged.Message.TrimEnd('.')})", damaged);
        }
    }

    private static void Unfilter(byte filter, Span<byte> line, ReadOnlySpan<byte> above, int before, string source)
    {
        if (filter > 4)
        {
            throw new DataFormatException(source, null, $"a row of pixels has filter {filter}, must be 0 … 4");
        }

        for (var at = 0; at < line.Length && filter > 0; at++)
        {
            int left = at >= before ? line[at - before] : 0, up = above[at], corner = at >= before ? above[at - before] : 0;
            line[at] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) });
        }
    }

    /// <summary>The neighbor that is nearest to left + up − corner.</summary>
    private static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static int Number(ReadOnlySpan<byte> line, int place, int depth) => depth switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(line[(2 * place)..]),
        8 => line[place],
        _ => (line[place * depth / 8] >> (8 - depth - place * depth % 8)) & ((1 << depth) - 1),
    };
}
