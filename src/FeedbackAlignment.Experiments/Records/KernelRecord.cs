namespace FeedbackAlignment.Experiments.Records;

/// <summary>
/// The kernels of a network's first layer with weights, if that is a convolution, and the feedback weights that bring it its error, where
/// they are kernels too. All are those of <c>weights.npz</c>, but for the ones that training began with.
/// </summary>
public sealed record KernelsRecord
{
    /// <summary>The kernels that training began with.</summary>
    public required KernelRecord Start { get; init; }

    /// <summary>The kernels that were kept.</summary>
    public required KernelRecord Kept { get; init; }

    /// <summary>The feedback weights into that layer; null where there are none, or they are no kernels.</summary>
    public KernelRecord? Feedback { get; init; }

    /// <summary>
    /// The forward weights that <see cref="Feedback"/> stands for, those of the layer above; null where it stands for none of its shape.
    /// </summary>
    public KernelRecord? Forward { get; init; }
}

/// <summary>Kernels of one layer as bytes, to be drawn. A few stand for all where there are many.</summary>
public sealed record KernelRecord
{
    /// <summary>The layer whose kernels they are; of feedback weights, the one that the error comes from.</summary>
    public required string Layer { get; init; }

    /// <summary>Rows of a kernel.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of a kernel.</summary>
    public required int Width { get; init; }

    /// <summary>All filters of the layer.</summary>
    public required int Filters { get; init; }

    /// <summary>All channels that a filter sees.</summary>
    public required int Channels { get; init; }

    /// <summary>Whether the channels are the red, green and blue of pictures.</summary>
    public bool IsColor { get; init; }

    /// <summary>How many of the channels are here, the first ones.</summary>
    public required int ShownChannels { get; init; }

    /// <summary>
    /// Of each filter that is here, the first ones: the greatest absolute weight, over all its channels. Empty where a filter is too large
    /// to be drawn.
    /// </summary>
    public required IReadOnlyList<float> Greatest { get; init; }

    /// <summary>
    /// The weights as base64, a byte for each: filter by filter, row by row, in a row column by column, the channels of a position side by
    /// side. 128 is 0, 255 and 1 are plus and minus the filter's greatest weight.
    /// </summary>
    public required byte[] Pixels { get; init; }
}
