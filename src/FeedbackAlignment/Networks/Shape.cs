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

    /// <summary>Whether it has positions; else it is units in a row.</summary>
    internal bool IsPicture => Height > 1 || Width > 1;

    /// <summary>Whether numbers of one shape can be taken as those of the other: a picture as units in a row, but as no other picture.</summary>
    /// <param name="other">The other shape.</param>
    internal bool Fits(Shape other) => this == other || (Size == other.Size && !(IsPicture && other.IsPicture));

    /// <summary>Whether an example of it fits into an array.</summary>
    internal bool IsPossible => Math.Min(Height, Math.Min(Width, Channels)) >= 1 && (double)Height * Width * Channels <= Array.MaxLength;

    /// <summary>The shape as a plan has it: <c>784</c>, or channels, height and width in <c>3x32x32</c>.</summary>
    internal string InPlan => IsPicture ? $"{Channels}x{Height}x{Width}" : $"{Channels}";

    /// <summary>Channels × height × width, as users see pictures; of units in a row their number.</summary>
    public override string ToString() => IsPicture ? $"{Channels} × {Height} × {Width}" : $"{Channels}";
}
