namespace FeedbackAlignment.Data.Files;

/// <summary>What a header says about the sizes of an array whose first dimension counts examples.</summary>
internal static class ExampleShape
{
    /// <summary>A line of a matrix may be this much longer than what it holds.</summary>
    private const int Padding = 32;

    private const int MostShown = 4;

    /// <summary>The number of elements, if a matrix of examples × the rest can hold them.</summary>
    /// <param name="sizes">The dimensions, each ≥ 1.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="offset">Where the dimensions stand.</param>
    public static long RequireElements(IReadOnlyList<int> sizes, string source, long offset)
    {
        // Every factor is below 2³¹ and every product checked, so nothing can overflow before it is refused.
        var perExample = 1L;
        foreach (var size in sizes.Skip(1))
        {
            perExample *= size;
            if (perExample > Array.MaxLength)
            {
                throw TooLarge();
            }
        }

        return sizes[0] * (perExample + Padding) <= Array.MaxLength ? sizes[0] * perExample : throw TooLarge();

        DataFormatException TooLarge()
            => new(source, offset, $"the header promises {Shown()} elements, more than can be held in memory at once ({Array.MaxLength} numbers)");

        // A damaged header can have 255 sizes.
        string Shown() => string.Join(" × ", sizes.Take(MostShown)) + (sizes.Count > MostShown ? " × …" : "");
    }
}
