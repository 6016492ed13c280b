namespace FeedbackAlignment.Numerics;

/// <summary>
/// A place in a stream of random numbers (Philox4x32-10). A value: a copy goes on by itself, so several threads can read the places of
/// one stream side by side.
/// </summary>
internal struct RandomCursor
{
    private readonly (uint, uint) _key;
    private (uint A, uint B, uint C, uint D) _block;
    private ulong _blockIndex = ulong.MaxValue;

    /// <param name="key">The key of the stream.</param>
    public RandomCursor(ulong key) => _key = ((uint)key, (uint)(key >> 32));

    /// <summary>How many 32-bit words have been drawn; set it to go to any place of the stream.</summary>
    public ulong Position { get; set; }

    /// <summary>A uniform 32-bit word.</summary>
    public uint NextUInt32()
    {
        var index = Position >> 2;
        if (index != _blockIndex)
        {
            _block = Philox.Block(((uint)index, (uint)(index >> 32), 0, 0), _key);
            _blockIndex = index;
        }

        return (Position++ & 3) switch { 0 => _block.A, 1 => _block.B, 2 => _block.C, _ => _block.D };
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2⁻⁵³: of two words.</summary>
    public double NextDouble()
    {
        var high = (ulong)NextUInt32() << 32;
        return ((high | NextUInt32()) >> 11) * (1.0 / (1ul << 53));
    }

    /// <summary>A standard normal deviate, by inversion: one uniform number in, one deviate out, so of two words as well.</summary>
    public double NextNormal()
    {
        // The middle of its 2⁻⁵³-wide cell: never 0 or 1, and symmetric about ½.
        var probability = NextDouble() + 0.5 / (1ul << 53);
        return NormalQuantile.Of(probability);
    }
}
