using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// Kernels laid out on one picture. In gray, 0 is middle gray, white is positive and black negative; in color, each of red, green and blue
/// runs so. Between kernels the page shows through.
/// </summary>
internal sealed class KernelSheet
{
    private const int Gap = 2, InARow = 8, Side = 30, Bytes = 4;

    /// <summary>More than kernels that a run records ever take: what would be larger is a damaged record.</summary>
    private const int MostPixels = 1 << 22;

    private readonly KernelRecord _kernels;
    private readonly int _magnification;
    private readonly byte[] _pixels;

    private KernelSheet(KernelRecord kernels, int columns, int magnification, int width, int height)
    {
        (_kernels, _magnification, Width, Height) = (kernels, magnification, width, height);
        _pixels = new byte[width * height * Bytes];
        var channels = Tiles(kernels);
        for (var tile = 0; tile < kernels.Greatest.Count * channels; tile++)
        {
            var (row, column) = Math.DivRem(tile, columns);
            var (filter, channel) = Math.DivRem(tile, channels);
            Place(filter, channel, column * (kernels.Width * magnification + Gap), row * (kernels.Height * magnification + Gap));
        }
    }

    /// <summary>Columns of pixels.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue and opacity of each pixel, row by row.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>The sheet as PNG.</summary>
    public string DataUri => PicturePng.TransparentDataUri(_pixels, Width, Height);

    /// <summary>The sheet; null where there is nothing to draw, or the record contradicts itself.</summary>
    public static KernelSheet? Of(KernelRecord kernels)
    {
        var (filters, numbers) = (kernels.Greatest.Count, (long)kernels.Height * kernels.Width);
        if (kernels is not { Height: > 0, Width: > 0, ShownChannels: > 0 } || filters == 0 || (kernels.IsColor && kernels.ShownChannels != 3)
            || numbers > kernels.Pixels.Length || numbers * kernels.ShownChannels * filters != kernels.Pixels.Length)
        {
            return null;
        }

        var magnification = Math.Max(1, Side / Math.Max(kernels.Height, kernels.Width));
        var columns = Tiles(kernels) > 1 ? Tiles(kernels) : Math.Min(InARow, filters);
        var rows = Tiles(kernels) > 1 ? filters : (filters + InARow - 1) / InARow;
        var width = ((long)kernels.Width * magnification + Gap) * columns - Gap;
        var height = ((long)kernels.Height * magnification + Gap) * rows - Gap;
        return width <= MostPixels && height <= MostPixels && width * height <= MostPixels
            ? new(kernels, columns, magnification, (int)width, (int)height) : null;
    }

    /// <summary>Pictures that a filter takes.</summary>
    private static int Tiles(KernelRecord kernels) => kernels.IsColor ? 1 : kernels.ShownChannels;

    private void Place(int filter, int channel, int left, int top)
    {
        var (height, width, channels) = (_kernels.Height, _kernels.Width, _kernels.ShownChannels);
        for (var y = 0; y < height * _magnification; y++)
        {
            for (var x = 0; x < width * _magnification; x++)
            {
                var position = (filter * height + y / _magnification) * width + x / _magnification;
                var pixel = _pixels.AsSpan(((top + y) * Width + left + x) * Bytes, Bytes);
                for (var color = 0; color < Bytes - 1; color++)
                {
                    pixel[color] = _kernels.Pixels[position * channels + (_kernels.IsColor ? color : channel)];
                }

                pixel[^1] = byte.MaxValue;
            }
        }
    }
}
