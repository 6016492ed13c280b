using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The windows of a pooling. Those at the right and lower edge that do not fit whole are left out, as in PyTorch.</summary>
public sealed record PoolOptions
{
    /// <summary>Rows and columns of a window.</summary>
    public required Extent Size { get; init; }

    /// <summary>Positions from one window to the next; null: the window's size, so that they lie side by side.</summary>
    public Extent? Stride { get; init; }

    /// <summary>Positions on each side of the picture that windows may reach beyond it; at most half of the window. By default 0.</summary>
    public Extent Padding { get; init; }

    /// <summary>Positions from one window to the next.</summary>
    internal Extent Step => Stride ?? Size;

    /// <summary>What is wrong with such windows; null: nothing.</summary>
    /// <param name="from">The shape of the pictures.</param>
    internal string? Objection(Shape from)
    {
        if (Math.Min(Math.Min(Size.Height, Size.Width), Math.Min(Step.Height, Step.Width)) < 1
            || Math.Min(Padding.Height, Padding.Width) < 0)
        {
            return "needs a window and a stride of at least 1, and a padding of at least 0";
        }

        if (2L * Padding.Height > Size.Height || 2L * Padding.Width > Size.Width)
        {
            return $"has a padding of {Padding}, which is more than half of its windows of {Size}";
        }

        return from.Height + 2L * Padding.Height < Size.Height || from.Width + 2L * Padding.Width < Size.Width
            ? $"has windows of {Size} that do not fit into {from.Height}x{from.Width} positions with a padding of {Padding}" : null;
    }

    /// <summary>The shape of what it makes.</summary>
    internal Shape Output(Shape from) => new(
        (int)((from.Height + 2L * Padding.Height - Size.Height) / Step.Height + 1),
        (int)((from.Width + 2L * Padding.Width - Size.Width) / Step.Width + 1),
        from.Channels);
}
