using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// How the numbers of a row lie. Here they are positions × channels: kernel rows, kernel columns, channels; or the units of a picture in
/// the order row, column, channel. In PyTorch the channels come first.
/// </summary>
/// <param name="Numbers">What the numbers of a row are, in our order.</param>
/// <param name="IsKernel">Whether a row is a filter, which has three dimensions in PyTorch; else it is units of a picture, in one.</param>
internal sealed record PyTorchLayout(Shape Numbers, bool IsKernel)
{
    private int Positions => Numbers.Height * Numbers.Width;

    /// <summary>The shape that a tensor has in PyTorch.</summary>
    /// <param name="own">Its shape here.</param>
    public IReadOnlyList<int> ShapeOf(IReadOnlyList<int> own)
        => IsKernel ? [own[0], Numbers.Channels, Numbers.Height, Numbers.Width] : own;

    /// <summary>Whether a tensor has such rows: a kernel of one row may have one dimension less, as that of a Conv1d has.</summary>
    /// <param name="theirs">A tensor in PyTorch's layout.</param>
    public bool Fits(NamedTensor theirs) => theirs.Values.Columns == Numbers.Size && (!IsKernel
        || theirs.Shape.Skip(1).SequenceEqual([Numbers.Channels, Numbers.Height, Numbers.Width])
        || (Numbers.Height == 1 && theirs.Shape.Skip(1).SequenceEqual([Numbers.Channels, Numbers.Width])));

    /// <summary>Ours in PyTorch's layout.</summary>
    public NamedTensor Give(NamedTensor own)
        => own with { Shape = ShapeOf(own.Shape), Values = Turned(own.Values, Positions, Numbers.Channels) };

    /// <summary>PyTorch's in our layout; it must fit.</summary>
    public NamedTensor TakeBack(NamedTensor theirs) => theirs with
    {
        Shape = IsKernel ? [theirs.Values.Rows, theirs.Values.Columns] : theirs.Shape,
        Values = Turned(theirs.Values, Numbers.Channels, Positions),
    };

    /// <summary>Rows of outer × inner numbers as rows of inner × outer.</summary>
    private static Matrix Turned(Matrix values, int outer, int inner)
    {
        var turned = new Matrix(values.Rows, values.Columns);
        for (var row = 0; row < values.Rows; row++)
        {
            for (var place = 0; place < values.Columns; place++)
            {
                turned[row, place % inner * outer + place / inner] = values[row, place];
            }
        }

        return turned;
    }
}
