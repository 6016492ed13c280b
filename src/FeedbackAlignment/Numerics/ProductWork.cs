namespace FeedbackAlignment.Numerics;

/// <summary>One matrix product, cut into strips of rows or columns of the result, one for each thread.</summary>
internal sealed class ProductWork : SharedWork
{
    private Matrix _left, _right, _into;
    private ChainTerms _chains;

    public void Set(Matrix left, Matrix right, Matrix into, in ChainTerms chains) => (_left, _right, _into, _chains) = (left, right, into, chains);

    public override void Run(int part, int parts)
    {
        var (rows, columns) = Strips.OfLongerSide(_into, part, parts);
        Run(_left, _right, _into, _chains, rows, columns);
    }

    public static void RunAll(Matrix left, Matrix right, Matrix into, in ChainTerms chains)
        => Run(left, right, into, chains, new(0, into.Rows), new(0, into.Columns));

    private static void Run(Matrix left, Matrix right, Matrix into, in ChainTerms chains, Range<int> rows, Range<int> columns)
    {
        var piece = new Piece(left, right, into, chains, rows, columns);
        Lanes.Run(ref piece);
    }

    /// <summary>A rectangle of the result.</summary>
    private readonly struct Piece(Matrix left, Matrix right, Matrix into, ChainTerms chains, Range<int> rows, Range<int> columns) : ILanesWork
    {
        public void Run<T>()
            where T : struct, ILanes<T>
            => ProductKernel<T>.Run(left, right, into, chains, rows, columns);
    }
}
