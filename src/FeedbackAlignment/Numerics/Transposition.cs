using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>Copies a row-major matrix so that its columns become rows, in squares of 4 × 4 that are turned in registers.</summary>
internal static class Transposition
{
    private const int Square = 4;

    /// <param name="source">rows × columns, row-major.</param>
    /// <param name="target">columns × rows, row-major.</param>
    public static void Copy(Matrix source, Matrix target)
    {
        // Lines are padded to 16 floats, so whole squares fit; rows past the last are not there, and are left out below.
        for (var column = 0; column < source.Columns; column += Square)
        {
            var columns = Math.Min(Square, source.Columns - column);
            var row = 0;
            for (; columns == Square && row + Square <= source.Rows; row += Square)
            {
                Turn(ref source.Origin.At(row * source.RowStride + column), source.RowStride,
                    ref target.Origin.At(column * target.RowStride + row), target.RowStride);
            }

            for (; row < source.Rows; row++)
            {
                for (var i = 0; i < columns; i++)
                {
                    target.Origin.At((column + i) * target.RowStride + row) = source.Origin.At(row * source.RowStride + column + i);
                }
            }
        }
    }

    private static void Turn(ref float source, int sourceStep, ref float target, int targetStep)
    {
        var row0 = Vector128.LoadUnsafe(ref source);
        var row1 = Vector128.LoadUnsafe(ref source.At(sourceStep));
        var row2 = Vector128.LoadUnsafe(ref source.At(2 * sourceStep));
        var row3 = Vector128.LoadUnsafe(ref source.At(3 * sourceStep));
        var low01 = Interleave(row0, row1, 0);
        var high01 = Interleave(row0, row1, 2);
        var low23 = Interleave(row2, row3, 0);
        var high23 = Interleave(row2, row3, 2);
        Vector128.Create(low01.GetLower(), low23.GetLower()).StoreUnsafe(ref target);
        Vector128.Create(low01.GetUpper(), low23.GetUpper()).StoreUnsafe(ref target.At(targetStep));
        Vector128.Create(high01.GetLower(), high23.GetLower()).StoreUnsafe(ref target.At(2 * targetStep));
        Vector128.Create(high01.GetUpper(), high23.GetUpper()).StoreUnsafe(ref target.At(3 * targetStep));
    }

    private static Vector128<float> Interleave(Vector128<float> a, Vector128<float> b, int from)
        => Vector128.Create(a.GetElement(from), b.GetElement(from), a.GetElement(from + 1), b.GetElement(from + 1));
}
