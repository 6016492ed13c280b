namespace FeedbackAlignment.Numerics;

/// <summary>Target positions that meet the same numbers of the kernel: one <see cref="OffsetProduct"/>.</summary>
/// <param name="Rows">Where each target position begins in the source with its margins.</param>
/// <param name="Into">Where it begins in the target, or, where targets are ragged, in padded rows of their own.</param>
/// <param name="Targets">Where it begins in the target.</param>
/// <param name="Inner">Offsets of the terms, in their order: for each number of the kernel the channels of a group.</param>
/// <param name="Kernel">The numbers of the kernel: row · width + column.</param>
/// <param name="FirstTerm">How many terms the phases before it have.</param>
/// <param name="Vectors">The positions as vectors, where lanes run along them; null: they run along the channels.</param>
internal sealed record PicturePhase(
    int[] Rows, int[] Into, int[] Targets, int[] Inner, int[] Kernel, int FirstTerm, PositionVectors? Vectors);

/// <summary>
/// A product from pictures to pictures, as offsets: the source is a picture with margins of zeros, and every target position is a row whose
/// terms lie at the same distances from where the row begins.
/// </summary>
internal sealed class PicturePlan
{
    /// <summary>Enough rows for tiles without many left over, and for a piece of the right factor to be worth fetching.</summary>
    private const int EnoughRows = 96;

    /// <summary>So many channels and fewer leave most lanes idle.</summary>
    public const int FewChannels = 8;

    private readonly Extent _source;
    private readonly int _step, _channelStep;

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
        var height = source.Height + vertical.Before + vertical.After;
        PositionVectors?[] vectors =
            [.. vertical.Phases.SelectMany(y => horizontal.Phases.Select(x => PositionVectors.Of(y.Sources, x.Sources, width)))];
        var channels = targetChannels / groups;
        AreLanesPositions = channels <= FewChannels && vectors.All(some => some?.AreWorthIt(channels) ?? false);

        // Floats from one position to the next, and from one channel to the next.
        (_step, _channelStep) = AreLanesPositions ? (1, height * width) : (sourceChannels, 1);
        Pitch = width * _step;
        FirstFloat = vertical.Before * Pitch + horizontal.Before * _step;
        PaddedSize = height * width * sourceChannels + (AreLanesPositions ? Matrix.Granule : 0);
        IsCopied = AreLanesPositions || vertical.Before + vertical.After + horizontal.Before + horizontal.After > 0;
        var phases = new List<PicturePhase>();
        foreach (var y in vertical.Phases)
        {
            foreach (var x in horizontal.Phases)
            {
                int[] rows = [.. y.Sources.SelectMany(row => x.Sources.Select(column => (row * width + column) * _step))];
                int[] targets =
                    [.. y.Targets.SelectMany(row => x.Targets.Select(column => (row * target.Width + column) * targetChannels))];
                int[] inner =
                [
                    .. y.Taps.SelectMany(row => x.Taps.SelectMany(column => Enumerable.Range(0, sourceChannels / groups).Select(
                        channel => (row.Source * width + column.Source) * _step + channel * _channelStep))),
                ];
                int[] kernel = [.. y.Taps.SelectMany(row => x.Taps.Select(column => row.Kernel * kernelWidth + column.Kernel))];
                int[] into = IsRagged ? [.. targets.Select(place => place / targetChannels * ResultStep)] : targets;
                phases.Add(new(rows, into, targets, inner, kernel, Terms, AreLanesPositions ? vectors[phases.Count] : null));
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

    /// <summary>Floats from one group of the source's channels to the next.</summary>
    public int SourceGroupStep => SourceChannels / Groups * _channelStep;

    /// <summary>
    /// Floats of the source with its margins; where lanes run along the positions, and so much as the last vector reads beyond.
    /// </summary>
    public int PaddedSize { get; }

    /// <summary>Whether the source needs margins, or is wanted in planes. If not, it is read where it lies.</summary>
    public bool IsCopied { get; }

    /// <summary>Whether the source is copied into planes, for lanes to run along positions: the target has few channels.</summary>
    public bool AreLanesPositions { get; }

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
            var from = picture.Slice(row * length, length);
            var to = padded[(FirstFloat + row * Pitch)..];
            if (!AreLanesPositions || SourceChannels == 1)
            {
                from.CopyTo(to);
                continue;
            }

            for (var channel = 0; channel < SourceChannels; channel++)
            {
                var plane = to.Slice(channel * _channelStep, _source.Width);
                for (var (column, place) = (0, channel); column < plane.Length; column++, place += SourceChannels)
                {
                    plane[column] = from[place];
                }
            }
        }
    }
}

/// <summary>Target positions as vectors: neighbors in the source are neighboring lanes.</summary>
/// <param name="Starts">Where each vector's first lane is in a plane of the source with its margins.</param>
/// <param name="Places">For each position, which lane it is, counted over all vectors.</param>
internal sealed record PositionVectors(int[] Starts, int[] Places)
{
    /// <summary>Tiles of planes take somewhat longer than their share of the work, for their results have to be turned.</summary>
    private const double Burden = 1.25;

    private static int Lanes => Compute.VectorBits / (8 * sizeof(float));

    /// <summary>Each vector begins at the first position that none before it has.</summary>
    /// <param name="rows">Rows of the positions in the source with its margins.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="width">Columns of the source with its margins.</param>
    /// <returns>The vectors; null: the positions are not side by side.</returns>
    public static PositionVectors? Of(int[] rows, int[] columns, int width)
    {
        if (columns.Where((column, i) => column != columns[0] + i).Any())
        {
            return null;
        }

        var (starts, places) = (new List<int>(), new List<int>());
        foreach (var position in rows.SelectMany(row => columns.Select(column => row * width + column)))
        {
            if (starts.Count == 0 || position >= starts[^1] + Lanes)
            {
                starts.Add(position);
            }

            places.Add((starts.Count - 1) * Lanes + position - starts[^1]);
        }

        return new([.. starts], [.. places]);
    }

    /// <summary>Whether lanes along the positions have less to do than lanes along the channels.</summary>
    /// <param name="channels">Channels of a group of the target.</param>
    public bool AreWorthIt(int channels)
        => Burden * Starts.Length * channels < Places.Length * ((channels + Lanes - 1) / Lanes);
}
