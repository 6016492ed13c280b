namespace FeedbackAlignment.Numerics;

/// <summary>Cutting a length into nearly equal strips, one for each thread.</summary>
internal static class Strips
{
    /// <summary>One strip; it begins at a multiple of the unit, and may be empty.</summary>
    /// <param name="length">What to cut.</param>
    /// <param name="unit">Strips begin at multiples of this.</param>
    /// <param name="part">Which strip, from 0.</param>
    /// <param name="parts">Of how many.</param>
    public static Range<int> Of(int length, int unit, int part, int parts)
    {
        var units = (length + unit - 1) / unit;
        var from = (int)((long)units * part / parts) * unit;
        var to = (int)((long)units * (part + 1) / parts) * unit;
        return new(Math.Min(from, length), Math.Min(to, length));
    }

    /// <summary>
    /// One strip of a matrix, cut along its longer side. What is read, turned and multiplied in turn is shared alike, so that a thread
    /// finds what it wrote itself.
    /// </summary>
    /// <param name="matrix">What to cut.</param>
    /// <param name="part">Which strip, from 0.</param>
    /// <param name="parts">Of how many.</param>
    public static (Range<int> Rows, Range<int> Columns) OfLongerSide(Matrix matrix, int part, int parts)
    {
        var (rows, columns) = (new Range<int>(0, matrix.Rows), new Range<int>(0, matrix.Columns));
        return matrix.Columns >= matrix.Rows
            ? (rows, Of(matrix.Columns, Matrix.Granule, part, parts))
            : (Of(matrix.Rows, Matrix.Granule, part, parts), columns);
    }
}
