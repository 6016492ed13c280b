using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// into (+)= left · right for few rows and a column-major <c>right</c>: the error of one example going back through the forward weights.
/// </summary>
/// <remarks>
/// The elements of a column of <c>right</c>, which one chain runs along, lie side by side, where vectors would want those of a row. Squares of
/// 4 × 4 are turned in registers, so that four columns' chains run side by side, each in the order of the inner index as everywhere. Reading the
/// weights once is what takes the time; 128 bits are wide enough for that.
/// </remarks>
internal static class ColumnKernel
{
    private const int Square = 4;

    public static void Run(Matrix left, Matrix right, Matrix into, bool accumulate)
    {
        for (var row = 0; row < into.Rows; row++)
        {
            Span<float> x = left.Row(row), y = into.Row(row);
            if (!accumulate)
            {
                y.Clear();
            }

            var column = 0;
            for (; column + Square <= right.Columns; column += Square)
            {
                FourColumns(x, ref right.Origin.At(column * right.ColumnStride), right.ColumnStride, ref y[column]);
            }

            for (; column < right.Columns; column++)
            {
                OneColumn(x, ref right.Origin.At(column * right.ColumnStride), ref y[column]);
            }
        }
    }

    private static void FourColumns(ReadOnlySpan<float> x, ref float columns, int step, ref float y)
    {
        var sum = Vector128.LoadUnsafe(ref y);
        var inner = 0;
        for (; inner + Square <= x.Length; inner += Square)
        {
            ref var start = ref columns.At(inner);
            var (r0, r1, r2, r3) = Transposition.Turned(
                Vector128.LoadUnsafe(ref start),
                Vector128.LoadUnsafe(ref start.At(step)),
                Vector128.LoadUnsafe(ref start.At(2 * step)),
                Vector128.LoadUnsafe(ref start.At(3 * step)));
            sum = Vector128.FusedMultiplyAdd(Vector128.Create(x[inner]), r0, sum);
            sum = Vector128.FusedMultiplyAdd(Vector128.Create(x[inner + 1]), r1, sum);
            sum = Vector128.FusedMultiplyAdd(Vector128.Create(x[inner + 2]), r2, sum);
            sum = Vector128.FusedMultiplyAdd(Vector128.Create(x[inner + 3]), r3, sum);
        }

        for (; inner < x.Length; inner++)
        {
            var row = Vector128.Create(columns.At(inner), columns.At(inner + step), columns.At(inner + 2 * step), columns.At(inner + 3 * step));
            sum = Vector128.FusedMultiplyAdd(Vector128.Create(x[inner]), row, sum);
        }

        sum.StoreUnsafe(ref y);
    }

    private static void OneColumn(ReadOnlySpan<float> x, ref float column, ref float y)
    {
        for (var inner = 0; inner < x.Length; inner++)
        {
            y = MathF.FusedMultiplyAdd(x[inner], column.At(inner), y);
        }
    }
}
