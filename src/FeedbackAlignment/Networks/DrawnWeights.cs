using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Weights that take no memory: they are drawn again from their stream wherever an error goes through them. The bits are those of the
/// matrix that would be kept.
/// </summary>
/// <param name="drawn">rows × columns.</param>
internal sealed class DrawnWeights(DrawnMatrix drawn) : WeightSource
{
    public override int Rows => drawn.Rows;

    public override int Columns => drawn.Columns;

    /// <summary>A new matrix every time.</summary>
    public override Matrix Read()
    {
        Matrix weights = default;
        return Current(ref weights);
    }

    internal override Matrix Current(ref Matrix room)
    {
        room = room.Rows == 0 ? new Matrix(drawn.Rows, drawn.Columns) : room;
        drawn.Draw(room);
        return room;
    }

    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute) => compute.Product(error, drawn, below);
}
