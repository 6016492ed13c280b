namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>The size of a picture, whose channels lie one after another along a row of a table, as in PyTorch.</summary>
internal readonly record struct Picture(int Channels, int Height, int Width)
{
    public int Size => Channels * Height * Width;

    /// <summary>Where a number is; null: outside, where zeros are.</summary>
    public int? At(int channel, int row, int column)
        => row < 0 || row >= Height || column < 0 || column >= Width ? null : (channel * Height + row) * Width + column;

    /// <summary>All places: channel, row and column.</summary>
    public IEnumerable<(int Channel, int Row, int Column)> Places()
    {
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var row = 0; row < Height; row++)
            {
                for (var column = 0; column < Width; column++)
                {
                    yield return (channel, row, column);
                }
            }
        }
    }
}

/// <summary>Windows that move over a picture.</summary>
internal readonly record struct Windows((int Height, int Width) Kernel, (int Height, int Width) Stride, (int Height, int Width) Padding)
{
    public static Windows Square(int kernel, int stride, int padding) => new((kernel, kernel), (stride, stride), (padding, padding));

    /// <summary>The picture that they make.</summary>
    public Picture Over(Picture from, int channels) => new(
        channels, (from.Height + 2 * Padding.Height - Kernel.Height) / Stride.Height + 1,
        (from.Width + 2 * Padding.Width - Kernel.Width) / Stride.Width + 1);

    /// <summary>The row and column of a picture that a window at a place has at an offset.</summary>
    public (int Row, int Column) Under((int Channel, int Row, int Column) place, int row, int column)
        => (place.Row * Stride.Height - Padding.Height + row, place.Column * Stride.Width - Padding.Width + column);
}
