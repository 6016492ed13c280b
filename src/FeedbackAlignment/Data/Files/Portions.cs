namespace FeedbackAlignment.Data.Files;

/// <summary>
/// Reads as many bytes as a header promises, without believing it: memory grows with the bytes that are really there, by doubling, and
/// not beyond the <see cref="MemoryBudget"/>.
/// </summary>
internal static class Portions
{
    private const int First = 1 << 20;

    /// <summary>Fills a span as far as there are bytes, and says how far.</summary>
    public delegate int Source(Span<byte> into);

    /// <summary>The next bytes; fewer where they end.</summary>
    /// <param name="count">How many are promised, at most <see cref="Array.MaxLength"/>.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="next">Where they come from.</param>
    /// <returns>The bytes, in an array that may be longer.</returns>
    /// <exception cref="DataFormatException">They would take more memory than may be used.</exception>
    public static Memory<byte> Read(long count, string source, Source next)
    {
        var bytes = new byte[Math.Min(count, First)];
        var filled = 0;
        while (true)
        {
            filled += next(bytes.AsSpan(filled));
            if (filled < bytes.Length)
            {
                return bytes.AsMemory(0, filled);
            }

            if (filled == count)
            {
                return bytes;
            }

            var length = (int)Math.Min(count, 2L * bytes.Length);
            MemoryBudget.Require(length, source, "its content would take");
            Array.Resize(ref bytes, length);
        }
    }
}
