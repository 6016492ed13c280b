using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>How the filters of a convolution move over a picture. One-dimensional signals are pictures of height 1.</summary>
public sealed record ConvolutionOptions
{
    /// <summary>Rows and columns of positions that a filter sees.</summary>
    public required Extent Kernel { get; init; }

    /// <summary>Positions of the input from one output to the next; by default 1.</summary>
    public Extent Stride { get; init; } = Extent.Square(1);

    /// <summary>Positions of zeros on each side of the input; by default 0.</summary>
    public Extent Padding { get; init; }

    /// <summary>Positions of the input from one weight of a filter to the next; by default 1.</summary>
    public Extent Dilation { get; init; } = Extent.Square(1);

    /// <summary>Parts of the input's channels; each filter sees one of them. By default 1: all channels.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>What is wrong with a convolution of this kind; null: nothing.</summary>
    /// <param name="from">The shape of its input.</param>
    /// <param name="filters">Its filters.</param>
    internal string? Objection(Shape from, int filters)
    {
        if (filters < 1)
        {
            return $"needs at least one filter, not {filters}";
        }

        if (Smallest(Kernel) < 1 || Smallest(Stride) < 1 || Smallest(Dilation) < 1 || Smallest(Padding) < 0 || Groups < 1)
        {
            return "needs a kernel, stride, dilation and groups of at least 1, and a padding of at least 0";
        }

        if (from.Channels % Groups != 0 || filters % Groups != 0)
        {
            return $"divides {from.Channels} channels and {filters} filters into {Groups} groups, which must divide both";
        }

        var geometry = Geometry(from, filters);
        return (long)geometry.Output.Height * geometry.Output.Width < 1
            ? $"has a kernel of {Kernel} that does not fit into {from.Height}x{from.Width} positions with a padding of {Padding}"
            : (double)geometry.Output.Height * geometry.Output.Width * filters > Array.MaxLength
                || (double)Kernel.Height * Kernel.Width * geometry.GroupChannels * filters > Array.MaxLength
                ? $"has more than {Array.MaxLength} weights or outputs" : null;

        static int Smallest(Extent extent) => Math.Min(extent.Height, extent.Width);
    }

    /// <summary>What such a convolution connects.</summary>
    internal ConvolutionGeometry Geometry(Shape from, int filters)
        => new(new(from.Height, from.Width), from.Channels, filters, Kernel, Stride, Padding, Dilation, Groups);
}
