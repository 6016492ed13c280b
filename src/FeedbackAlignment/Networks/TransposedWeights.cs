using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The same numbers, rows and columns exchanged.</summary>
/// <param name="source">Has the numbers.</param>
internal sealed class TransposedWeights(WeightSource source) : WeightSource
{
    public override int Rows => source.Columns;

    public override int Columns => source.Rows;

    public override Matrix Read() => source.Read().Transposed;

    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute) => compute.Product(error, Read(), below);
}
