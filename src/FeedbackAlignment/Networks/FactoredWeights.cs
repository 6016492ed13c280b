using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Fixed weights of low rank, W = Q P, kept as their two thin factors. An error goes through one after the other.</summary>
/// <param name="left">rows × rank: Q, which brings the errors together.</param>
/// <param name="right">rank × columns: P, which gives them out.</param>
/// <param name="maxBatch">The most errors that go through at once.</param>
/// <param name="compute">Does the product that <see cref="Read"/> gives.</param>
internal sealed class FactoredWeights(Matrix left, Matrix right, int maxBatch, Compute compute) : WeightSource
{
    private readonly Matrix _channels = new(maxBatch, left.Columns);
    private readonly Lazy<Matrix> _product = new(() =>
    {
        var product = new Matrix(left.Rows, right.Columns);
        compute.Product(left, right, product);
        return product;
    });

    public override int Rows => left.Rows;

    public override int Columns => right.Columns;

    /// <summary>The product; it is made when it is first asked for.</summary>
    public override Matrix Read() => _product.Value;

    internal override void MultiplyBack(Matrix error, Matrix below, Compute compute)
    {
        var channels = _channels.Top(error.Rows);
        compute.Product(error, left, channels);
        compute.Product(channels, right, below);
    }
}
