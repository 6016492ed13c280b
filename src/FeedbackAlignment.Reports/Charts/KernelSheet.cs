using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// Kernels laid out on one picture. In gray, 0 is middle gray, white is positive and black negative; in color, each of red, green and blue
/// runs so. Between kernels the page shows through.
/// </summary>
internal sealed class KernelSheet
{
    /// <summary>Pixels of a kernel along its longer side, unless it has more weights; of one channel of a filter, fewer.</summary>
    private const int Side = 30, ChannelSide = 20;

    /// <summary>Pixels between filters, and between the channels of one.</summary>
    private const int Gap = 4, ChannelGap = 2;

    private const int InARow = 8, Bytes = 4;

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
            Place(
                filter, channel,
                column * (kernels.Width * magnification + GapBeside(channels)), row * (kernels.Height * magnification + Gap));
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
        if (kernels is not { Height: > 0, Width: > 0, ShownChannels: > 0 } || filters == 0
            || (kernels.IsColor && kernels.ShownChannels != 3) || numbers > kernels.Pixels.Length
            || numbers * kernels.ShownChannels * filters != kernels.Pixels.Length)
        {
            return null;
        }

        var tiles = Tiles(kernels);
        var magnification = Math.Max(1, (tiles > 1 ? ChannelSide : Side) / Math.Max(kernels.Height, kernels.Width));
        var (columns, rows) = tiles > 1 ? (tiles, filters) : (Math.Min(InARow, filters), (filters + InARow - 1) / InARow);
        var width = ((long)kernels.Width * magnification + GapBeside(tiles)) * columns - GapBeside(tiles);
        var height = ((long)kernels.Height * magnification + Gap) * rows - Gap;
        return width <= MostPixels && height <= MostPixels && width * height <= MostPixels
            ? new(kernels, columns, magnification, (int)width, (int)height) : null;
    }

    /// <summary>Pictures that a filter takes.</summary>
    private static int Tiles(KernelRecord kernels) => kernels.IsColor ? 1 : kernels.ShownChannels;

    private static int GapBeside(int tiles) => tiles > 1 ? ChannelGap : Gap;

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
