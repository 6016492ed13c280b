using System.Buffers.Binary;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>Reads PNG files of every type: gray, color and palette, 1 to 16 bits, interlaced or not. Alpha must be opaque.</summary>
internal static class PngDecoder
{
    /// <summary>Reads an image.</summary>
    /// <param name="file">The whole file; it begins with PNG's signature.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The file is damaged, animated, too large, or transparent somewhere.</exception>
    public static DecodedImage Decode(byte[] file, string source)
    {
        var chunks = PngChunks.Read(file, source);
        if (chunks is not [("IHDR", var first), ..])
        {
            throw new DataFormatException(source, PngChunks.Signature.Length, "the file does not begin with a header (IHDR)");
        }

        var header = PngHeader.Read(file.AsSpan(first), source);
        byte[]? palette = null, transparency = null;
        var exif = Orientation.Upright;
        var data = new MemoryStream();
        foreach (var (name, range) in chunks.Skip(1))
        {
            switch (name)
            {
                case "PLTE":
                    palette = file[range];
                    break;
                case "tRNS":
                    transparency = file[range];
                    break;
                case "eXIf":
                    exif = Orientation.Read(file.AsSpan(range));
                    break;
                case "IDAT":
                    data.Write(file.AsSpan(range));
                    break;
                case "acTL":
                    throw new DataFormatException(source, range.Start.Value,
                        "the PNG file is animated; save one frame as a separate image");
                default:
                    RequireUnimportant(name, range, source);
                    break;
            }
        }

        data.Position = 0;
        var rows = PngData.Read(data, header, source);
        var samples = header.Color == 3 ? Expand(rows, palette, source) : rows;
        var channels = header.Color is 0 or 4 ? 1 : 3;
        var hadAlpha = header.HasAlpha || transparency is not null;
        if (header.HasAlpha)
        {
            samples = WithoutAlpha(samples, channels, header, source);
        }
        else if (transparency is not null)
        {
            RequireOpaque(rows, transparency, header, source);
        }

        return new DecodedImage(header.Height, header.Width, channels, header.Depth == 16 ? 65535 : 255, samples) { HadAlpha = hadAlpha, Exif = exif };
    }

    /// <summary>A capital letter in front: nobody can show the image who does not know this part.</summary>
    private static void RequireUnimportant(string name, Range range, string source)
    {
        if (char.IsAsciiLetterUpper(name[0]))
        {
            throw new DataFormatException(source, range.Start.Value - 4, $"the file has a part {name} that this program does not know, but that belongs to the image");
        }
    }

    private static ushort[] Expand(ushort[] places, byte[]? palette, string source)
    {
        if (palette is null || palette.Length % 3 != 0)
        {
            throw new DataFormatException(source, null, palette is null ? "the image needs a palette (PLTE), but the file has none" : $"the palette has {palette.Length} bytes, must have 3 for each color");
        }

        var colors = new ushort[3 * places.Length];
        for (var pixel = 0; pixel < places.Length; pixel++)
        {
            if (3 * places[pixel] >= palette.Length)
            {
                throw new DataFormatException(source, null, $"a pixel has color {places[pixel]}, but the palette has {palette.Length / 3} colors");
            }

            for (var channel = 0; channel < 3; channel++)
            {
                colors[3 * pixel + channel] = palette[3 * places[pixel] + channel];
            }
        }

        return colors;
    }

    private static ushort[] WithoutAlpha(ushort[] samples, int channels, PngHeader header, string source)
    {
        var opaque = (1 << header.Depth) - 1;
        var without = new ushort[header.Height * header.Width * channels];
        for (var pixel = 0; pixel < header.Height * header.Width; pixel++)
        {
            var from = pixel * (channels + 1);
            if (samples[from + channels] != opaque)
            {
                throw Transparent(pixel, header, source);
            }

            samples.AsSpan(from, channels).CopyTo(without.AsSpan(pixel * channels));
        }

        return without;
    }

    /// <summary>A palette has an alpha for each of its first colors; other images name one color that is transparent.</summary>
    private static void RequireOpaque(ushort[] samples, byte[] transparency, PngHeader header, string source)
    {
        var numbers = header.Numbers;
        var key = new ushort[numbers];
        if (header.Color != 3)
        {
            if (transparency.Length != 2 * numbers)
            {
                throw new DataFormatException(source, null, $"the transparent color (tRNS) has {transparency.Length} bytes, must have {2 * numbers}");
            }

            for (var number = 0; number < numbers; number++)
            {
                key[number] = PngData.ToRange(BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * number)) & ((1 << header.Depth) - 1), header);
            }
        }

        for (var pixel = 0; pixel < header.Height * header.Width; pixel++)
        {
            var seen = samples.AsSpan(pixel * numbers, numbers);
            if (header.Color == 3 ? seen[0] < transparency.Length && transparency[seen[0]] != 255 : seen.SequenceEqual(key))
            {
                throw Transparent(pixel, header, source);
            }
        }
    }

    private static DataFormatException Transparent(int pixel, PngHeader header, string source) => new(source, null,
        $"the image is transparent in row {pixel / header.Width + 1}, column {pixel % header.Width + 1}, and nothing says what is behind it; " +
        "put it on a background first, e.g. `magick IN.png -background white -flatten OUT.png`");
}
