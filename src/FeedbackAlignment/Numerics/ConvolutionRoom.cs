namespace FeedbackAlignment.Numerics;

/// <summary>Memory that is made when first wanted, grows to what is wanted at most, and is kept.</summary>
internal sealed class Room
{
    private Matrix _floats = new(1, 0);

    /// <summary>So many floats, from the start of a cache line on; what is in them is not defined.</summary>
    /// <param name="floats">How many.</param>
    public Span<float> Take(int floats)
    {
        if (_floats.Columns < floats)
        {
            _floats = new Matrix(1, floats);
        }

        return _floats.Row(0)[..floats];
    }
}

/// <summary>The same for offsets.</summary>
internal sealed class OffsetRoom
{
    private int[] _offsets = [];

    /// <summary>So many offsets; what is in them is not defined.</summary>
    /// <param name="count">How many.</param>
    public Span<int> Take(int count)
    {
        if (_offsets.Length < count)
        {
            _offsets = new int[count];
        }

        return _offsets.AsSpan(0, count);
    }
}

/// <summary>What one thread needs for convolutions.</summary>
internal sealed class ThreadRoom
{
    /// <summary>Pictures with their margins.</summary>
    public Room Pictures { get; } = new();

    /// <summary>Padded rows: results that are ragged, or errors.</summary>
    public Room Rows { get; } = new();

    /// <summary>Sums of a block whose rows are in pairs.</summary>
    public Room PairSums { get; } = new();

    /// <summary>Offsets over several examples.</summary>
    public OffsetRoom Offsets { get; } = new();

    /// <summary>Offsets in results over several examples.</summary>
    public OffsetRoom IntoOffsets { get; } = new();
}

/// <summary>
/// Room for what convolutions have beside their pictures and weights. All layers on one <see cref="Compute"/> share it, one call at a time.
/// </summary>
/// <param name="threads">Threads that may share a product.</param>
internal sealed class ConvolutionRoom(int threads)
{
    /// <summary>Held while the room is used.</summary>
    public Lock OneCaller { get; } = new();

    /// <summary>Weights in the order that a product wants.</summary>
    public Scratch Weights { get; } = new();

    /// <summary>Sums of blocks of examples.</summary>
    public Room Sums { get; } = new();

    /// <summary>A gradient on its way into the other order.</summary>
    public Scratch Gradient { get; } = new();

    /// <summary>One for each thread.</summary>
    public ThreadRoom[] Threads { get; } = [.. Enumerable.Range(0, threads).Select(_ => new ThreadRoom())];
}
