using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>One matrix product, cut into strips of rows or columns of the result, one for each thread.</summary>
internal sealed class ProductWork : SharedWork
{
    /// <summary>Strips begin at multiples of this: whole tiles at every vector width.</summary>
    private const int StripUnit = 3 * Matrix.Granule;

    private Matrix _left, _right, _into;
    private bool _accumulate;

    public void Set(Matrix left, Matrix right, Matrix into, bool accumulate)
        => (_left, _right, _into, _accumulate) = (left, right, into, accumulate);

    public override void Run(int part, int parts)
    {
        var all = (Rows: new Range<int>(0, _into.Rows), Columns: new Range<int>(0, _into.Columns));
        if (_into.Columns >= _into.Rows)
        {
            Run(_left, _right, _into, _accumulate, all.Rows, Strips.Of(_into.Columns, StripUnit, part, parts));
        }
        else
        {
            Run(_left, _right, _into, _accumulate, Strips.Of(_into.Rows, StripUnit, part, parts), all.Columns);
        }
    }

    public static void RunAll(Matrix left, Matrix right, Matrix into, bool accumulate)
        => Run(left, right, into, accumulate, new(0, into.Rows), new(0, into.Columns));

    private static void Run(Matrix left, Matrix right, Matrix into, bool accumulate, Range<int> rows, Range<int> columns)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            ProductKernel<Lanes512>.Run(left, right, into, accumulate, rows, columns);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            ProductKernel<Lanes256>.Run(left, right, into, accumulate, rows, columns);
        }
        else
        {
            ProductKernel<Lanes128>.Run(left, right, into, accumulate, rows, columns);
        }
    }
}
