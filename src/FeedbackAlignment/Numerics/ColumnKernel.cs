using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// into (+)= left · right for few rows and a column-major <c>right</c>: the error of one example going back through the forward weights.
/// </summary>
/// <remarks>
/// The elements of a column of <c>right</c>, which one chain runs along, lie side by side, where vectors would want those of a row.
/// Squares are turned in registers, so that the chains of sixteen columns run side by side (of four, where there are only 128 bits), each
/// in the order of the inner index as everywhere. A chain waits for the multiply-add before it: four columns alone take twice as long as
/// their memory.
/// </remarks>
internal static class ColumnKernel
{
    private const int Square = 4, Wide = 16;

    /// <param name="left">rows × inner, row-major.</param>
    /// <param name="right">inner × columns, column-major.</param>
    /// <param name="into">rows × columns, row-major.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="columns">The columns to work on.</param>
    public static void Run(in Matrix left, in Matrix right, in Matrix into, bool accumulate, Range<int> columns)
    {
        for (var row = 0; row < into.Rows; row++)
        {
            var y = into.Row(row)[columns.From..columns.To];
            if (!accumulate)
            {
                y.Clear();
            }

            Run(left.Row(row), ref right.Origin.At(columns.From * right.ColumnStride), right.ColumnStride, y);
        }
    }

    /// <summary>y += x · columns.</summary>
    /// <param name="x">As long as a column.</param>
    /// <param name="columns">The first element of the first column. Columns are padded to a multiple of four.</param>
    /// <param name="step">From column to column.</param>
    /// <param name="y">A number for each column.</param>
    public static void Run(ReadOnlySpan<float> x, ref float columns, int step, Span<float> y)
    {
        if (Lanes.AreSeparate)
        {
            Run<Separate>(x, ref columns, step, y);
        }
        else
        {
            Run<Fused>(x, ref columns, step, y);
        }
    }

    private static void Run<TArithmetic>(ReadOnlySpan<float> x, ref float columns, int step, Span<float> y)
        where TArithmetic : struct, IArithmetic
    {
        var column = 0;
        for (; TArithmetic.IsFast256 && column + Wide <= y.Length; column += Wide)
        {
            SixteenColumns<TArithmetic>(x, ref columns.At(column * step), step, ref y[column]);
        }

        for (; column + Square <= y.Length; column += Square)
        {
            FourColumns<TArithmetic>(x, ref columns.At(column * step), step, ref y[column]);
        }

        for (; column < y.Length; column++)
        {
            OneColumn<TArithmetic>(x, ref columns.At(column * step), ref y[column]);
        }
    }

    private static void SixteenColumns<TArithmetic>(ReadOnlySpan<float> x, ref float columns, int step, ref float y)
        where TArithmetic : struct, IArithmetic
    {
        ref var others = ref columns.At(8 * step);
        var (sum, otherSum) = (Vector256.LoadUnsafe(ref y), Vector256.LoadUnsafe(ref y.At(8)));
        var inner = 0;
        for (; inner + Square <= x.Length; inner += Square)
        {
            var (r0, r1, r2, r3) = Transposition.TurnedHalves(ref columns.At(inner), step);
            var (q0, q1, q2, q3) = Transposition.TurnedHalves(ref others.At(inner), step);
            var (x0, x1, x2, x3) = (Vector256.Create(x[inner]), Vector256.Create(x[inner + 1]), Vector256.Create(x[inner + 2]), Vector256.Create(x[inner + 3]));
            sum = TArithmetic.MultiplyAdd(x0, r0, sum);
            otherSum = TArithmetic.MultiplyAdd(x0, q0, otherSum);
            sum = TArithmetic.MultiplyAdd(x1, r1, sum);
            otherSum = TArithmetic.MultiplyAdd(x1, q1, otherSum);
            sum = TArithmetic.MultiplyAdd(x2, r2, sum);
            otherSum = TArithmetic.MultiplyAdd(x2, q2, otherSum);
            sum = TArithmetic.MultiplyAdd(x3, r3, sum);
            otherSum = TArithmetic.MultiplyAdd(x3, q3, otherSum);
        }

        // The last square is turned whole, for columns are padded; of what it has beyond the end nothing is used.
        if (inner < x.Length)
        {
            var (r0, r1, r2, _) = Transposition.TurnedHalves(ref columns.At(inner), step);
            var (q0, q1, q2, _) = Transposition.TurnedHalves(ref others.At(inner), step);
            sum = TArithmetic.MultiplyAdd(Vector256.Create(x[inner]), r0, sum);
            otherSum = TArithmetic.MultiplyAdd(Vector256.Create(x[inner]), q0, otherSum);
            if (inner + 1 < x.Length)
            {
                sum = TArithmetic.MultiplyAdd(Vector256.Create(x[inner + 1]), r1, sum);
                otherSum = TArithmetic.MultiplyAdd(Vector256.Create(x[inner + 1]), q1, otherSum);
            }

            if (inner + 2 < x.Length)
            {
                sum = TArithmetic.MultiplyAdd(Vector256.Create(x[inner + 2]), r2, sum);
                otherSum = TArithmetic.MultiplyAdd(Vector256.Create(x[inner + 2]), q2, otherSum);
            }
        }

        sum.StoreUnsafe(ref y);
        otherSum.StoreUnsafe(ref y.At(8));
    }

    private static void FourColumns<TArithmetic>(ReadOnlySpan<float> x, ref float columns, int step, ref float y)
        where TArithmetic : struct, IArithmetic
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
            sum = TArithmetic.MultiplyAdd(Vector128.Create(x[inner]), r0, sum);
            sum = TArithmetic.MultiplyAdd(Vector128.Create(x[inner + 1]), r1, sum);
            sum = TArithmetic.MultiplyAdd(Vector128.Create(x[inner + 2]), r2, sum);
            sum = TArithmetic.MultiplyAdd(Vector128.Create(x[inner + 3]), r3, sum);
        }

        for (; inner < x.Length; inner++)
        {
            var row = Vector128.Create(columns.At(inner), columns.At(inner + step), columns.At(inner + 2 * step), columns.At(inner + 3 * step));
            sum = TArithmetic.MultiplyAdd(Vector128.Create(x[inner]), row, sum);
        }

        sum.StoreUnsafe(ref y);
    }

    private static void OneColumn<TArithmetic>(ReadOnlySpan<float> x, ref float column, ref float y)
        where TArithmetic : struct, IArithmetic
    {
        for (var inner = 0; inner < x.Length; inner++)
        {
            y = TArithmetic.MultiplyAdd(x[inner], column.At(inner), y);
        }
    }
}

/// <summary>The same, cut into strips of columns, one for each thread.</summary>
internal sealed class ColumnWork : SharedWork
{
    private Matrix _left, _right, _into;
    private bool _accumulate;

    public void Set(Matrix left, Matrix right, Matrix into, bool accumulate) => (_left, _right, _into, _accumulate) = (left, right, into, accumulate);

    public override void Run(int part, int parts)
        => ColumnKernel.Run(_left, _right, _into, _accumulate, Strips.Of(_into.Columns, Matrix.Granule, part, parts));
}
