namespace FeedbackAlignment.Data.Shapes;

/// <summary>The outlines of the shapes, of radius 1.</summary>
internal static class ShapeOutline
{
    /// <summary>How far a point is outside of a shape, or, below 0, inside; near the outline it is the distance.</summary>
    /// <param name="shape">0 … 9, as <see cref="ShapeGenerator.Names"/> has them.</param>
    /// <param name="x">To the right of the middle.</param>
    /// <param name="y">Below the middle.</param>
    public static float Distance(int shape, float x, float y)
    {
        var (across, down) = (MathF.Abs(x), MathF.Abs(y));
        return shape switch
        {
            0 => MathF.Sqrt(x * x + y * y) - 0.95f,
            1 => MathF.Abs(MathF.Sqrt(x * x + y * y) - 0.72f) - 0.23f,
            2 => Math.Max(across, down) - 0.8f,
            3 => MathF.Abs(Math.Max(across, down) - 0.62f) - 0.2f,
            4 => Bars(across, down),
            5 => Bars(MathF.Abs(x + y) * Half, MathF.Abs(x - y) * Half),
            6 => Wedge(across, y),
            7 => Wedge(across, -y),
            8 => Math.Max(across - 0.85f, MathF.Abs(down - 0.5f) - 0.24f),
            _ => Math.Max(down - 0.85f, MathF.Abs(across - 0.5f) - 0.24f),
        };
    }

    /// <summary>√½, which turns by 45 degrees.</summary>
    private const float Half = 0.70710678f;

    private static float Bars(float across, float down)
        => Math.Min(Math.Max(across - 0.95f, down - 0.26f), Math.Max(down - 0.95f, across - 0.26f));

    /// <summary>A triangle that stands on its side.</summary>
    private static float Wedge(float across, float y) => Math.Max(y - 0.65f, 0.866f * across - 0.5f * (y + 1));
}
