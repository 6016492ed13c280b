namespace FeedbackAlignment.Data;

/// <summary>A gray picture.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Pixels">One byte per pixel, row by row: 0 black, 255 white.</param>
internal sealed record GrayPicture(int Width, int Height, byte[] Pixels);

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
    public static GrayPicture Lay(DataSet examples, int rows, int columns, int magnification = 2, bool byClass = false)
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
        var sheet = new GrayPicture(checked(columns * cellWidth + 1), rows * cellHeight + 1, new byte[checked((columns * cellWidth + 1) * (rows * cellHeight + 1))]);
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

    private static void Place(ReadOnlySpan<float> pixels, ImageShape image, int magnification, GrayPicture sheet, int left, int top)
    {
        for (var y = 0; y < image.Height * magnification; y++)
        {
            for (var x = 0; x < image.Width * magnification; x++)
            {
                var value = pixels[y / magnification * image.Width + x / magnification];
                sheet.Pixels[(top + y) * sheet.Width + left + x] = (byte)MathF.Round(255 * Math.Clamp(value, 0, 1));
            }
        }
    }
}
