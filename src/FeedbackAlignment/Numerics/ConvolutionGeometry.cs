namespace FeedbackAlignment.Numerics;

/// <summary>Two numbers, one along the height and one along the width.</summary>
/// <param name="Height">Along the height.</param>
/// <param name="Width">Along the width.</param>
public readonly record struct Extent(int Height, int Width)
{
    /// <summary>The same number along both.</summary>
    /// <param name="both">Along the height and along the width.</param>
    public static Extent Square(int both) => new(both, both);

    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}";
}

/// <summary>
/// What a convolution connects: pictures of positions × channels, unpadded, each picture one line of a matrix; and filters, whose numbers
/// lie in the order kernel row, kernel column, channel of the group.
/// </summary>
internal sealed class ConvolutionGeometry
{
    /// <param name="input">Positions of the input.</param>
    /// <param name="channels">Channels of the input, a multiple of the groups.</param>
    /// <param name="filters">Channels of the output, a multiple of the groups.</param>
    /// <param name="kernel">Positions that a filter sees.</param>
    /// <param name="stride">Positions of the input from one output to the next.</param>
    /// <param name="padding">Positions of zeros on each side.</param>
    /// <param name="dilation">Positions of the input from one number of the kernel to the next.</param>
    /// <param name="groups">Parts of the channels; a filter sees one of them.</param>
    public ConvolutionGeometry(
        Extent input, int channels, int filters, Extent kernel, Extent stride, Extent padding, Extent dilation, int groups)
    {
        (Input, Channels, Filters, Kernel) = (input, channels, filters, kernel);
        (Stride, Padding, Dilation, Groups) = (stride, padding, dilation, groups);
        Output = new(
            Places(input.Height, kernel.Height, stride.Height, padding.Height, dilation.Height),
            Places(input.Width, kernel.Width, stride.Width, padding.Width, dilation.Width));
    }

    /// <summary>Positions of the input.</summary>
    public Extent Input { get; }

    /// <summary>Positions of the output; not positive where the kernel does not fit.</summary>
    public Extent Output { get; }

    /// <summary>Channels of the input.</summary>
    public int Channels { get; }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Positions that a filter sees.</summary>
    public Extent Kernel { get; }

    /// <summary>Positions of the input from one output to the next.</summary>
    public Extent Stride { get; }

    /// <summary>Positions of zeros on each side.</summary>
    public Extent Padding { get; }

    /// <summary>Positions of the input from one number of the kernel to the next.</summary>
    public Extent Dilation { get; }

    /// <summary>Parts of the channels; a filter sees one of them.</summary>
    public int Groups { get; }

    /// <summary>Channels that a filter sees.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>Filters of a group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>Numbers of a filter.</summary>
    public int FilterSize => Kernel.Height * Kernel.Width * GroupChannels;

    /// <summary>Numbers of an input picture.</summary>
    public int InputSize => Input.Height * Input.Width * Channels;

    /// <summary>Numbers of an output picture.</summary>
    public int OutputSize => Output.Height * Output.Width * Filters;

    /// <summary>Positions of the output at which a weight of a filter meets a number of the picture, not the padding.</summary>
    /// <param name="weight">Its place in the filter.</param>
    public int Uses(int weight)
    {
        var (row, column) = Math.DivRem(weight / GroupChannels, Kernel.Width);
        return Inside(row * Dilation.Height - Padding.Height, Stride.Height, Input.Height, Output.Height)
            * Inside(column * Dilation.Width - Padding.Width, Stride.Width, Input.Width, Output.Width);

        static int Inside(int start, int stride, int length, int places)
        {
            // Places from the first that is not before the picture to the last that is not behind it.
            var first = start >= 0 ? 0 : (-start + stride - 1) / stride;
            var last = length - 1 - start < 0 ? -1 : (length - 1 - start) / stride;
            return Math.Max(0, Math.Min(last, places - 1) - first + 1);
        }
    }

    private static int Places(int input, int kernel, int stride, int padding, int dilation)
    {
        var free = input + 2L * padding - (long)dilation * (kernel - 1) - 1;
        return free < 0 ? 0 : (int)Math.Min(int.MaxValue, free / stride + 1);
    }
}
