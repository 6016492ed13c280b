using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data.Digits;

/// <summary>A smooth random deformation of the plane: a quadratic B-spline through random displacements on a grid of knots.</summary>
internal sealed class ElasticSheet
{
    private const int Knots = 5;
    private readonly float[] _shiftX = new float[Knots * Knots];
    private readonly float[] _shiftY = new float[Knots * Knots];

    /// <summary>Draws the displacements of the knots.</summary>
    public void Draw(RandomStream stream, float strength)
    {
        for (var knot = 0; knot < Knots * Knots; knot++)
        {
            _shiftX[knot] = strength * DigitStyle.Symmetric(stream);
            _shiftY[knot] = strength * DigitStyle.Symmetric(stream);
        }
    }

    /// <summary>Where a point of the unit glyph, −½ … ½ each way, goes.</summary>
    public (float X, float Y) Move(float x, float y)
    {
        var (column, left, middle, right) = Weights(x);
        var (row, upper, center, lower) = Weights(y);
        var first = row * Knots + column;
        return (x + At(_shiftX), y + At(_shiftY));

        float At(float[] shift)
            => upper * (left * shift[first] + middle * shift[first + 1] + right * shift[first + 2])
             + center * (left * shift[first + Knots] + middle * shift[first + Knots + 1] + right * shift[first + Knots + 2])
             + lower * (left * shift[first + 2 * Knots] + middle * shift[first + 2 * Knots + 1] + right * shift[first + 2 * Knots + 2]);
    }

    private static (int First, float A, float B, float C) Weights(float place)
    {
        // Three cells cover the unit square; a wobbled point a little outside keeps the weights of the edge.
        const int cells = Knots - 2;
        var scaled = Math.Clamp((place + 0.5f) * cells, 0, cells - 0.001f);
        var cell = (int)scaled;
        var t = scaled - cell;
        return (cell, 0.5f * (1 - t) * (1 - t), 0.5f + t * (1 - t), 0.5f * t * t);
    }
}
