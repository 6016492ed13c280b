namespace FeedbackAlignment.Data;

/// <summary>A picture of bytes.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Channels">Bytes per pixel: 1 (gray), or 3 (red, green and blue).</param>
/// <param name="Pixels">height × width × channels, row by row, pixel by pixel: 0 dark, 255 bright.</param>
internal sealed record Picture(int Width, int Height, int Channels, byte[] Pixels);

/// <summary>Lays examples that are pictures out on one sheet, to look at data.</summary>
internal static class PictureSheet
{
    private const byte Gap = 64;

    /// <summary>The first examples, row by row.</summary>
    /// <param name="examples">Pictures, values in [0, 1]; others are cut to it.</param>
    /// <param name="rows">Pictures below each other, ≥ 1.</param>
    /// <param name="columns">Pictures side by side, ≥ 1.</param>
    /// <param name="magnification">Pixels of the sheet per pixel of a picture, each way, ≥ 1.</param>
    /// <param name="byClass">Each row shows one class (row 0 class 0, and so on).</param>
    /// <returns>The sheet, with gray lines between pictures and places left gray where there are too few examples.</returns>
    /// <exception cref="ArgumentException">The examples are no pictures, or are to be shown by class and have none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Picture Lay(DataSet examples, int rows, int columns, int magnification = 2, bool byClass = false)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(magnification, 1);
        if (examples.Image is not { } image || (byClass && examples.Labels is null))
        {
            throw new ArgumentException(examples.Image is null ? "the examples are no pictures" : "the examples have no classes to sort by", nameof(examples));
        }

        var (cellWidth, cellHeight) = (image.Width * magnification + 1, image.Height * magnification + 1);
        var (width, height) = (checked(columns * cellWidth + 1), checked(rows * cellHeight + 1));
        var sheet = new Picture(width, height, image.Channels, new byte[checked(width * height * image.Channels)]);
        sheet.Pixels.AsSpan().Fill(Gap);
        for (var row = 0; row < rows; row++)
        {
            var shown = byClass
                ? Enumerable.Range(0, examples.Count).Where(example => examples.Labels![example] == row).Take(columns)
                : Enumerable.Range(row * columns, columns).Where(example => example < examples.Count);
            foreach (var (column, example) in shown.Index())
            {
                Place(examples.Inputs.Row(example), image, magnification, sheet, 1 + column * cellWidth, 1 + row * cellHeight);
            }
        }

        return sheet;
    }

    private static void Place(ReadOnlySpan<float> pixels, ImageShape image, int magnification, Picture sheet, int left, int top)
    {
        for (var y = 0; y < image.Height * magnification; y++)
        {
            for (var x = 0; x < image.Width * magnification; x++)
            {
                for (var channel = 0; channel < image.Channels; channel++)
                {
                    var value = pixels[(channel * image.Height + y / magnification) * image.Width + x / magnification];
                    sheet.Pixels[((top + y) * sheet.Width + left + x) * image.Channels + channel] = (byte)MathF.Round(255 * Math.Clamp(value, 0, 1));
                }
            }
        }
    }
}
