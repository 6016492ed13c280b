namespace FeedbackAlignment.Training;

/// <summary>What ranks that share the layers send in one step.</summary>
/// <param name="Messages">How many messages.</param>
/// <param name="Bytes">Bytes of all messages.</param>
public readonly record struct LayerTraffic(long Messages, long Bytes)
{
    /// <summary>Bytes behind a message's numbers: whether a rank was asked to stop, and the step.</summary>
    internal const int Trailer = 2 * sizeof(long);

    /// <summary>
    /// Of one step: activations cross every boundary between two ranks, group by group. Errors cross it too, or the output's error goes to
    /// all ranks but the last. The losses of the groups go to these in any case.
    /// </summary>
    /// <param name="widths">For each boundary the numbers that an example sends across it.</param>
    /// <param name="outputs">Outputs of the network.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="groups">Groups of a batch, at most <paramref name="batch"/>.</param>
    /// <param name="isSentBack">Whether errors go back from rank to rank, as under backpropagation.</param>
    public static LayerTraffic OfStep(IReadOnlyList<int> widths, int outputs, int batch, int groups, bool isSentBack)
    {
        ArgumentNullException.ThrowIfNull(widths);
        long crossed = widths.Sum(width => (long)width) * batch * sizeof(float), trailers = (long)widths.Count * groups * Trailer;
        var toAll = ((long)groups * sizeof(double)) + (isSentBack ? 0 : (long)batch * outputs * sizeof(float)) + Trailer;
        var times = isSentBack ? 2 : 1;
        return new((times * widths.Count * (long)groups) + widths.Count, (times * (crossed + trailers)) + (widths.Count * toAll));
    }
}
