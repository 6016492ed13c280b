namespace FeedbackAlignment.Numerics;

/// <summary>Target positions that meet the same numbers of the kernel: one <see cref="OffsetProduct"/>.</summary>
/// <param name="Rows">Where each target position begins in the source with its margins.</param>
/// <param name="Into">Where it begins in the target, or, where targets are ragged, in padded rows of their own.</param>
/// <param name="Targets">Where it begins in the target.</param>
/// <param name="Inner">Offsets of the terms, in their order: for each number of the kernel the channels of a group.</param>
/// <param name="Kernel">The numbers of the kernel: row · width + column.</param>
/// <param name="FirstTerm">How many terms the phases before it have.</param>
internal sealed record PicturePhase(int[] Rows, int[] Into, int[] Targets, int[] Inner, int[] Kernel, int FirstTerm);

/// <summary>
/// A product from pictures to pictures, as offsets: the source is a picture with margins of zeros, and every target position is a row whose
/// terms lie at the same distances from where the row begins.
/// </summary>
internal sealed class PicturePlan
{
    /// <summary>Enough rows for tiles without many left over, and for a piece of the right factor to be worth fetching.</summary>
    private const int EnoughRows = 96;

    private readonly Extent _source;

    /// <param name="source">Positions of the source.</param>
    /// <param name="sourceChannels">Its channels.</param>
    /// <param name="target">Positions of the target.</param>
    /// <param name="targetChannels">Its channels.</param>
    /// <param name="groups">Groups of channels, each with a product of its own.</param>
    /// <param name="kernelWidth">Columns of the kernel.</param>
    /// <param name="vertical">How rows meet.</param>
    /// <param name="horizontal">How columns meet.</param>
    public PicturePlan(
        Extent source, int sourceChannels, Extent target, int targetChannels, int groups, int kernelWidth, Axis vertical, Axis horizontal)
    {
        _source = source;
        (SourceChannels, TargetChannels, Groups) = (sourceChannels, targetChannels, groups);
        TargetPositions = target.Height * target.Width;
        var width = source.Width + horizontal.Before + horizontal.After;
        Pitch = width * sourceChannels;
        FirstFloat = vertical.Before * Pitch + horizontal.Before * sourceChannels;
        PaddedSize = (source.Height + vertical.Before + vertical.After) * Pitch;
        HasMargins = vertical.Before + vertical.After + horizontal.Before + horizontal.After > 0;
        var phases = new List<PicturePhase>();
        foreach (var y in vertical.Phases)
        {
            foreach (var x in horizontal.Phases)
            {
                int[] rows = [.. y.Sources.SelectMany(row => x.Sources.Select(column => (row * width + column) * sourceChannels))];
                int[] targets =
                    [.. y.Targets.SelectMany(row => x.Targets.Select(column => (row * target.Width + column) * targetChannels))];
                int[] inner =
                [
                    .. y.Taps.SelectMany(row => x.Taps.SelectMany(column => Enumerable.Range(
                        (row.Source * width + column.Source) * sourceChannels, sourceChannels / groups))),
                ];
                int[] kernel = [.. y.Taps.SelectMany(row => x.Taps.Select(column => row.Kernel * kernelWidth + column.Kernel))];
                int[] into = IsRagged ? [.. targets.Select(place => place / targetChannels * ResultStep)] : targets;
                phases.Add(new(rows, into, targets, inner, kernel, Terms));
                Terms += inner.Length;
            }
        }

        Phases = [.. phases];
        var most = phases.Max(phase => phase.Rows.Length);
        Together = most >= EnoughRows ? 1 : (EnoughRows + most - 1) / most;
    }

    /// <summary>Channels of the source.</summary>
    public int SourceChannels { get; }

    /// <summary>Channels of the target.</summary>
    public int TargetChannels { get; }

    /// <summary>Groups of channels, each with a product of its own.</summary>
    public int Groups { get; }

    /// <summary>Positions of the target.</summary>
    public int TargetPositions { get; }

    /// <summary>Floats from one row of the source with its margins to the next.</summary>
    public int Pitch { get; }

    /// <summary>Where the source's first float is among its margins.</summary>
    public int FirstFloat { get; }

    /// <summary>Floats of the source with its margins.</summary>
    public int PaddedSize { get; }

    /// <summary>Whether the source needs margins. If not, it is read where it lies.</summary>
    public bool HasMargins { get; }

    /// <summary>Whether whole vectors of a position's channels would be written into the next position.</summary>
    public bool IsRagged => TargetChannels / Groups % Matrix.Granule != 0;

    /// <summary>Floats from one position to the next where results are ragged and get padded rows of their own.</summary>
    public int ResultStep => Matrix.Padded(TargetChannels / Groups);

    /// <summary>Terms of a group in all phases: rows of the right factor.</summary>
    public int Terms { get; }

    /// <summary>Targets by the numbers of the kernel that they meet.</summary>
    public PicturePhase[] Phases { get; }

    /// <summary>Examples whose positions are rows of one product, where one has few.</summary>
    public int Together { get; }

    /// <summary>Copies a picture between its margins.</summary>
    /// <param name="picture">positions × channels.</param>
    /// <param name="padded">Room for it and its margins.</param>
    public void CopyPadded(ReadOnlySpan<float> picture, Span<float> padded)
    {
        var length = _source.Width * SourceChannels;
        for (var row = 0; row < _source.Height; row++)
        {
            picture.Slice(row * length, length).CopyTo(padded[(FirstFloat + row * Pitch)..]);
        }
    }
}
