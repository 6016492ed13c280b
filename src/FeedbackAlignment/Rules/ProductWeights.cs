using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Weights that are the product of a learned matrix and a fixed one, B R. An error goes through one after the other.</summary>
/// <param name="learned">outputs × middle: B.</param>
/// <param name="fixedOnes">middle × inputs: R.</param>
/// <param name="maxBatch">The most errors that go through at once.</param>
/// <param name="compute">Does the product that <see cref="Read"/> gives.</param>
internal sealed class ProductWeights(Parameter learned, Matrix fixedOnes, int maxBatch, Compute compute) : WeightSource
{
    private readonly Matrix _middle = new(maxBatch, learned.Columns);

    public override int Rows => learned.Rows;

    public override int Columns => fixedOnes.Columns;

    /// <summary>The product as it is now, a new matrix every time.</summary>
    public override Matrix Read()
    {
        var product = new Matrix(Rows, Columns);
        compute.Product(learned.Read(), fixedOnes, product);
        return product;
    }

    internal override void MultiplyBack(Matrix error, Matrix below, Compute compute)
    {
        var middle = _middle.Top(error.Rows);
        learned.MultiplyBack(error, middle, compute);
        compute.Product(middle, fixedOnes, below);
    }
}
