using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>The pixels of an image file.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Numbers per pixel: 1 (gray) or 3 (red, green, blue).</param>
/// <param name="White">The greatest number that the file's type has: 255, or 65535 for 16 bits.</param>
/// <param name="Samples">height × width × channels: row by row, pixel by pixel, each 0 … <paramref name="White"/>.</param>
internal sealed record DecodedImage(int Height, int Width, int Channels, int White, ushort[] Samples)
{
    /// <summary>No image may have more pixels: with them, decoding takes about 0.5 GB.</summary>
    public const int MostPixels = 1 << 25;

    /// <summary>The file had an alpha channel, opaque everywhere.</summary>
    public bool HadAlpha { get; init; }

    /// <summary>The file has colors, although every pixel is gray.</summary>
    public bool StoredInColor { get; init; }

    /// <summary>How the camera was held, as EXIF says it: 1 upright … 8; see <see cref="Orientation"/>.</summary>
    public int Exif { get; init; } = Orientation.Upright;

    /// <summary>What the pixels look like.</summary>
    public ImageShape Shape => new(Height, Width, Channels);

    /// <summary>Checks what a header promises, before memory is taken for it.</summary>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="offset">Where the header says so.</param>
    /// <exception cref="DataFormatException">There are no pixels, or too many.</exception>
    public static void RequireSize(long height, long width, string source, long offset)
    {
        // Each is below 2³¹, so the product cannot overflow.
        if (height < 1 || width < 1 || height * width > MostPixels)
        {
            throw new DataFormatException(source, offset, $"the image is {height} × {width} pixels, must be at least 1 × 1 and at most {MostPixels} pixels in all");
        }
    }

    /// <summary>The same image with one number per pixel, if all pixels are gray; else itself.</summary>
    public DecodedImage GrayIfItIs()
    {
        if (Channels == 1)
        {
            return this;
        }

        var gray = new ushort[Samples.Length / 3];
        for (var pixel = 0; pixel < gray.Length; pixel++)
        {
            var (red, green, blue) = (Samples[3 * pixel], Samples[3 * pixel + 1], Samples[3 * pixel + 2]);
            if (red != green || red != blue)
            {
                return this;
            }

            gray[pixel] = red;
        }

        return this with { Channels = 1, Samples = gray, StoredInColor = true };
    }

    /// <summary>
    /// Writes the pixels as a network takes them: channel by channel (C × H × W), each number divided by <see cref="White"/>.
    /// </summary>
    /// <param name="row">As many places as there are samples; three times as many give a gray image three equal channels.</param>
    public void Write(Span<float> row)
    {
        var pixels = Height * Width;
        for (var channel = 0; channel < row.Length / pixels; channel++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                // A division, as the reader of IDX files has it: the same bits for the same bytes.
                row[channel * pixels + pixel] = Samples[pixel * Channels + channel % Channels] / (float)White;
            }
        }
    }
}
