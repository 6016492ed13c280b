using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data.Digits;

/// <summary>Writes one digit after the other on sheets of 28 × 28 pixels. Holds its buffers; one painter per thread.</summary>
internal sealed class DigitPainter
{
    private const int Side = DigitGenerator.Side;

    /// <summary>Straight pieces between two points that the pen passes; the points lie about 5 pixels apart.</summary>
    private const int Pieces = 5;

    private readonly float[] _ink = new float[Side * Side];
    private readonly ElasticSheet _sheet = new();
    private readonly List<(float X, float Y)> _points = [];

    /// <summary>Draws a digit.</summary>
    /// <param name="digit">0 … 9.</param>
    /// <param name="stream">Decides everything about how it looks.</param>
    /// <param name="pixels">28 · 28 pixels, row by row: multiples of 1/255 in [0, 1].</param>
    public void Paint(int digit, RandomStream stream, Span<float> pixels)
    {
        var ways = DigitGlyphs.Of(digit);
        var glyph = ways[stream.NextInt32(ways.Count)];
        var style = new DigitStyle(stream);
        _sheet.Draw(stream, DigitStyle.Elasticity);
        Array.Clear(_ink);
        foreach (var stroke in glyph.Strokes)
        {
            Trace(stroke, style, stream);
        }

        Develop(style, stream, pixels);
    }

    private void Trace(PenPoint[] stroke, DigitStyle style, RandomStream stream)
    {
        _points.Clear();
        foreach (var point in stroke)
        {
            var x = point.X + DigitStyle.Wobble * DigitStyle.Symmetric(stream);
            var y = point.Y + DigitStyle.Wobble * DigitStyle.Symmetric(stream);
            var (movedX, movedY) = _sheet.Move(x, y);
            _points.Add(style.Place(movedX, movedY));
        }

        var last = _points.Count - 1;
        var from = _points[0];
        for (var span = 0; span < last; span++)
        {
            var (start, end) = (_points[span], _points[span + 1]);
            var leave = Tangent(stroke, span);
            var arrive = Tangent(stroke, span + 1);
            for (var piece = 1; piece <= Pieces; piece++)
            {
                var t = piece / (float)Pieces;
                var to = Hermite(start, leave, end, arrive, t);
                Line(from, to, style.PenAt((span + t) / last), style.Edge);
                from = to;
            }
        }
    }

    /// <summary>Catmull–Rom's tangent; none at a corner, and the chord at the ends.</summary>
    private (float X, float Y) Tangent(PenPoint[] stroke, int index)
    {
        if (stroke[index].Corner)
        {
            return (0, 0);
        }

        var before = _points[Math.Max(index - 1, 0)];
        var after = _points[Math.Min(index + 1, _points.Count - 1)];
        return (0.5f * (after.X - before.X), 0.5f * (after.Y - before.Y));
    }

    private static (float X, float Y) Hermite((float X, float Y) start, (float X, float Y) leave, (float X, float Y) end, (float X, float Y) arrive, float t)
    {
        var (square, cube) = (t * t, t * t * t);
        var (a, b, c, d) = (2 * cube - 3 * square + 1, cube - 2 * square + t, 3 * square - 2 * cube, cube - square);
        return (a * start.X + b * leave.X + c * end.X + d * arrive.X, a * start.Y + b * leave.Y + c * end.Y + d * arrive.Y);
    }

    /// <summary>Inks every pixel near a straight piece by its distance from it: full inside the pen, fading over the edge.</summary>
    private void Line((float X, float Y) from, (float X, float Y) to, float pen, float edge)
    {
        var reach = pen + 0.5f * edge;
        var (left, right) = Range(Math.Min(from.X, to.X) - reach, Math.Max(from.X, to.X) + reach);
        var (top, bottom) = Range(Math.Min(from.Y, to.Y) - reach, Math.Max(from.Y, to.Y) + reach);
        var (alongX, alongY) = (to.X - from.X, to.Y - from.Y);
        var scale = 1 / Math.Max(alongX * alongX + alongY * alongY, 1e-6f);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (x, y) = (column - from.X, row - from.Y);
                var t = Math.Clamp((x * alongX + y * alongY) * scale, 0, 1);
                var (awayX, awayY) = (x - t * alongX, y - t * alongY);
                var depth = (reach - MathF.Sqrt(awayX * awayX + awayY * awayY)) / edge;
                ref var ink = ref _ink[row * Side + column];
                ink = Math.Max(ink, Math.Min(depth, 1));
            }
        }
    }

    private static (int First, int Last) Range(float low, float high)
        => ((int)Math.Clamp(low, 0, Side - 1), (int)Math.Clamp(high + 1, 0, Side - 1));

    /// <summary>Ink on paper, with noise, as a scanner's bytes.</summary>
    private void Develop(DigitStyle style, RandomStream stream, Span<float> pixels)
    {
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            // The sum of two uniform halves of one word: a triangle over (−1, 1).
            var word = stream.NextUInt32();
            var noise = ((word & 0xFFFF) + (word >> 16)) * (1f / 65536) - 1;
            var gray = style.Paper + (style.Ink - style.Paper) * _ink[pixel] + style.Noise * noise;
            pixels[pixel] = MathF.Round(255 * Math.Clamp(gray, 0, 1)) / 255;
        }
    }
}
