namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// From the planes of a JPEG image to pixels: enlarges the smaller ones and turns brightness and color differences into red, green and
/// blue.
/// </summary>
internal static class JpegPlanes
{
    /// <summary>A component's samples, as many as the image has pixels.</summary>
    /// <param name="component">The component.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="down">Pixels for a sample, downwards.</param>
    /// <param name="across">Pixels for a sample, across.</param>
    public static byte[] Enlarge(JpegComponent component, int height, int width, int down, int across)
    {
        var samples = JpegTransform.Samples(component);
        var full = new byte[height * width];
        for (var y = 0; y < height; y++)
        {
            var line = full.AsSpan(y * width, width);
            var row = samples.AsSpan(y / down * component.Width, component.Width);
            // As libjpeg does it: triangles of weights 3 and 1 at half the size, unless the plane is tiny; else samples are repeated.
            if (across == 2 && down <= 2 && component.Width > 2)
            {
                Blend(row, down == 1 ? row : Neighbor(samples, component, y), line, down);
            }
            else if (across == 1 && down == 2)
            {
                var neighbor = Neighbor(samples, component, y);
                for (var x = 0; x < width; x++)
                {
                    line[x] = (byte)((3 * row[x] + neighbor[x] + 1 + y % 2) >> 2);
                }
            }
            else
            {
                for (var x = 0; x < width; x++)
                {
                    line[x] = row[x / across];
                }
            }
        }

        return full;
    }

    /// <summary>Brightness and two color differences to red, green and blue, in place.</summary>
    /// <param name="pixels">pixel by pixel, three numbers each.</param>
    public static void ToRgb(ushort[] pixels)
    {
        const int half = 1 << 15, redOfRed = 91881, blueOfBlue = 116130, greenOfRed = 46802, greenOfBlue = 22554;
        for (var at = 0; at < pixels.Length; at += 3)
        {
            var (brightness, blue, red) = (pixels[at], pixels[at + 1] - 128, pixels[at + 2] - 128);
            pixels[at] = (ushort)Math.Clamp(brightness + ((redOfRed * red + half) >> 16), 0, 255);
            pixels[at + 1] = (ushort)Math.Clamp(brightness + ((-greenOfBlue * blue + half - greenOfRed * red) >> 16), 0, 255);
            pixels[at + 2] = (ushort)Math.Clamp(brightness + ((blueOfBlue * blue + half) >> 16), 0, 255);
        }
    }

    /// <summary>The row of samples on the other side of a row of pixels.</summary>
    private static Span<byte> Neighbor(byte[] samples, JpegComponent component, int y)
        => samples.AsSpan(Math.Clamp(y / 2 + (y % 2 == 0 ? -1 : 1), 0, component.Height - 1) * component.Width, component.Width);

    /// <summary>Twice as many columns. Rounds up and down by turns, as libjpeg does.</summary>
    private static void Blend(ReadOnlySpan<byte> row, ReadOnlySpan<byte> neighbor, Span<byte> line, int down)
    {
        // With rows to blend, sums are of 4 quarters each way; without, of 4 across only.
        var (shift, even, odd) = down == 1 ? (2, 1, 2) : (4, 8, 7);
        for (var x = 0; x < line.Length; x++)
        {
            var at = x / 2;
            var beside = Math.Clamp(at + (x % 2 == 0 ? -1 : 1), 0, row.Length - 1);
            line[x] = (byte)((3 * Sum(row, neighbor, at, down) + Sum(row, neighbor, beside, down) + (x % 2 == 0 ? even : odd)) >> shift);
        }
    }

    private static int Sum(ReadOnlySpan<byte> row, ReadOnlySpan<byte> neighbor, int at, int down) => down == 1 ? row[at] : 3 * row[at] + neighbor[at];
}
