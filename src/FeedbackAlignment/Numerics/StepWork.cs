namespace FeedbackAlignment.Numerics;

/// <summary>A step, a product, or both in one walk, or the decay that lines owe, cut into strips of outputs, one for each thread.</summary>
internal sealed class StepWork : SharedWork
{
    private Matrix _weights;
    private StepTerms _step;
    private ProductTerms _product;
    private Finish? _finish;

    public void Set(Matrix weights, in StepTerms step, in ProductTerms product, Finish? finish)
        => (_weights, _step, _product, _finish) = (weights, step, product, finish);

    public override void Run(int part, int parts)
        => Run(_weights, _step, _product, _finish, Strips.Of(_weights.Columns, Matrix.Granule, part, parts));

    public static void Run(in Matrix weights, in StepTerms step, in ProductTerms product, Finish? finish, Range<int> columns)
    {
        var strip = new Strip(weights, step, product, columns);
        Lanes.Run(ref strip);
        finish?.Apply(product.Output, new(0, 1), new(columns.From, Matrix.Padded(columns.To)));
    }

    /// <summary>Some outputs.</summary>
    private readonly struct Strip(Matrix weights, StepTerms step, ProductTerms product, Range<int> columns) : ILanesWork
    {
        public void Run<T>()
            where T : struct, ILanes<T>
            => StepKernel<T>.Run(weights, step, product, columns);
    }
}
