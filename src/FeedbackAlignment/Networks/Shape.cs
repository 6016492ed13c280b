namespace FeedbackAlignment.Networks;

/// <summary>
/// The shape of one example's signals: positions × channels. A line of an example's matrix row holds the channels of the first position,
/// then those of the next, row by row of the picture.
/// </summary>
/// <param name="Height">Rows of positions, ≥ 1.</param>
/// <param name="Width">Positions in a row, ≥ 1.</param>
/// <param name="Channels">Numbers at each position, ≥ 1.</param>
public readonly record struct Shape(int Height, int Width, int Channels)
{
    /// <summary>The numbers of one example.</summary>
    public int Size => checked(Height * Width * Channels);

    /// <summary>Units without positions, as a dense layer has them.</summary>
    /// <param name="units">How many, ≥ 1.</param>
    public static Shape Flat(int units) => new(1, 1, units);

    /// <inheritdoc/>
    public override string ToString() => Height == 1 && Width == 1 ? $"{Channels}" : $"{Height} × {Width} × {Channels}";
}
