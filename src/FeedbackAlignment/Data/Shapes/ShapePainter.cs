using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data.Shapes;

/// <summary>Paints one shape on a textured ground.</summary>
internal static class ShapePainter
{
    private const int Side = ShapeGenerator.Side;

    /// <summary>Half the size of a shape, in pixels, and the free room around it.</summary>
    private const float LeastRadius = 4.5f, MostRadius = 7, Margin = 0.5f;

    /// <summary>The sine of the greatest rotation: some 15 degrees.</summary>
    private const float Tilt = 0.26f;

    /// <summary>Strength of a shape's color; of a crumb's; of two sets of stripes; of the grain that is grey, and of that in color.</summary>
    private const float LeastColor = 0.3f, MostColor = 0.45f, Crumb = 0.25f, Stripes = 0.07f, Grain = 0.05f, Speckle = 0.03f;

    /// <summary>Small discs of other colors that mean nothing.</summary>
    private const int Crumbs = 3;

    /// <summary>Paints a shape.</summary>
    /// <param name="shape">Its class.</param>
    /// <param name="stream">Decides everything about how it looks.</param>
    /// <param name="pixels">3 · 24 · 24 numbers, plane by plane: multiples of 1/255 in [0, 1].</param>
    public static void Paint(int shape, RandomStream stream, Span<float> pixels)
    {
        var radius = stream.NextUniform(LeastRadius, MostRadius);
        var place = Place(stream, radius);
        var sine = stream.NextUniform(-Tilt, Tilt);
        var cosine = MathF.Sqrt(1 - sine * sine);
        var color = Color(stream, stream.NextUniform(LeastColor, MostColor), reddish: true);
        Span<(float X, float Y, float Radius, (float, float, float) Color)> crumbs = stackalloc (float, float, float, (float, float, float))[Crumbs];
        foreach (ref var crumb in crumbs)
        {
            var size = stream.NextUniform(1, 1.8f);
            var (x, y) = Place(stream, size);
            crumb = (x, y, size, Color(stream, Crumb, reddish: false));
        }

        var (first, second) = (new StripedGround(stream), new StripedGround(stream));
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var (x, y) = (column + 0.5f - place.X, row + 0.5f - place.Y);
                var cover = Cover(ShapeOutline.Distance(shape, (cosine * x + sine * y) / radius, (cosine * y - sine * x) / radius) * radius);
                var grey = 0.5f + Stripes * (first.At(column, row) + second.At(column, row)) + stream.NextUniform(-Grain, Grain);
                var (red, green, blue) = (grey + cover * color.Red, grey + cover * color.Green, grey + cover * color.Blue);
                foreach (var crumb in crumbs)
                {
                    var (dx, dy) = (column + 0.5f - crumb.X, row + 0.5f - crumb.Y);
                    var over = Cover(MathF.Sqrt(dx * dx + dy * dy) - crumb.Radius);
                    (red, green, blue) = (red + over * crumb.Color.Item1, green + over * crumb.Color.Item2, blue + over * crumb.Color.Item3);
                }

                var pixel = row * Side + column;
                pixels[pixel] = Rounded(red + stream.NextUniform(-Speckle, Speckle));
                pixels[pixel + Side * Side] = Rounded(green + stream.NextUniform(-Speckle, Speckle));
                pixels[pixel + 2 * Side * Side] = Rounded(blue + stream.NextUniform(-Speckle, Speckle));
            }
        }
    }

    private static (float X, float Y) Place(RandomStream stream, float radius)
        => (stream.NextUniform(radius + Margin, Side - radius - Margin), stream.NextUniform(radius + Margin, Side - radius - Margin));

    /// <summary>
    /// A color without light: the three sum to 0, and their squares to the square of the strength. All hues alike, or of those the half
    /// that is around red, with more red than green.
    /// </summary>
    private static (float Red, float Green, float Blue) Color(RandomStream stream, float strength, bool reddish)
    {
        while (true)
        {
            var (a, b) = (stream.NextUniform(reddish ? 0 : -1, 1), stream.NextUniform(-1, 1));
            var square = a * a + b * b;
            if (square is > 0.01f and <= 1)
            {
                // Along (1, −1, 0) ∕ √2 and (1, 1, −2) ∕ √6.
                var (along, across) = (strength * a / MathF.Sqrt(2 * square), strength * b / MathF.Sqrt(6 * square));
                return (along + across, across - along, -2 * across);
            }
        }
    }

    /// <summary>How much of a pixel is inside an outline that is so far away.</summary>
    private static float Cover(float distance) => Math.Clamp(0.5f - distance, 0, 1);

    private static float Rounded(float value) => MathF.Round(Math.Clamp(value, 0, 1) * 255) / 255;
}

/// <summary>Stripes of light and dark, as a wave of straight pieces.</summary>
internal readonly struct StripedGround
{
    private readonly float _perColumn, _perRow, _start;

    /// <param name="stream">Decides direction, width and place.</param>
    public StripedGround(RandomStream stream)
    {
        // A period of 3 to 9 pixels, in any direction.
        float x, y, square;
        do
        {
            (x, y) = (stream.NextUniform(-1, 1), stream.NextUniform(-1, 1));
            square = x * x + y * y;
        }
        while (square is <= 0.01f or > 1);
        var scale = stream.NextUniform(1 / 9f, 1 / 3f) / MathF.Sqrt(square);
        (_perColumn, _perRow, _start) = (x * scale, y * scale, stream.NextSingle());
    }

    /// <summary>−1 … 1 at a pixel.</summary>
    public float At(int column, int row)
    {
        var phase = _perColumn * column + _perRow * row + _start;
        phase -= MathF.Floor(phase);
        return 4 * MathF.Abs(phase - 0.5f) - 1;
    }
}
