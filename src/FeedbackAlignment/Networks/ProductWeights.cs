using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Weights that are the product of two matrices, W = Q P, which is not kept: of low rank where what lies between is narrow. An error goes
/// through one after the other.
/// </summary>
/// <param name="left">rows × middle: Q, fixed or learned.</param>
/// <param name="right">middle × columns: P, fixed.</param>
/// <param name="maxBatch">The most errors that go through at once.</param>
/// <param name="compute">Does the product that <see cref="Read"/> gives.</param>
internal sealed class ProductWeights(WeightSource left, Matrix right, int maxBatch, Compute compute) : WeightSource
{
    private readonly Matrix _middle = new(maxBatch, left.Columns);

    public override int Rows => left.Rows;

    public override int Columns => right.Columns;

    /// <summary>The product as it is now, a new matrix every time.</summary>
    public override Matrix Read()
    {
        Matrix product = default;
        return Current(ref product);
    }

    internal override Matrix Current(ref Matrix room)
    {
        room = room.Rows == 0 ? new Matrix(Rows, Columns) : room;
        compute.Product(left.Read(), right, room);
        return room;
    }

    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute)
    {
        var middle = _middle.Top(error.Rows);
        left.MultiplyBack(error, middle, compute);
        compute.Product(middle, right, below);
    }
}
