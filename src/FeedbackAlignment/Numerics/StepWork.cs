using System.Runtime.CompilerServices;

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in Matrix weights, in StepTerms step, in ProductTerms product, Finish? finish, Range<int> columns)
    {
        var strip = new Strip(weights, step, product, columns);
        Lanes.Run(ref strip);
        finish?.Apply(product.Output, new(0, 1), new(columns.From, Matrix.Padded(columns.To)));
    }

    /// <summary>Some outputs.</summary>
    private readonly ref struct Strip(in Matrix weights, in StepTerms step, in ProductTerms product, Range<int> columns) : ILanesWork
    {
        private readonly ref readonly Matrix _weights = ref weights;
        private readonly ref readonly StepTerms _step = ref step;
        private readonly ref readonly ProductTerms _product = ref product;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>()
            where T : struct, ILanes<T>
            => StepKernel<T>.Run(_weights, _step, _product, columns);
    }
}
