using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Networks;

/// <summary>Reads the sizes of layers, written <c>784-1000-10</c>; layers alike in a row can be counted, <c>784-100x240-10</c>.</summary>
internal static class LayerSizes
{
    private const string Advice = "write sizes joined by \"-\", e.g. 784-1000-10 or 784-4x240-10";

    private const int MostLayers = 1000;

    public static bool TryParse(string text, [NotNullWhen(true)] out int[]? sizes, [NotNullWhen(false)] out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> found = [];
        mistake = null;
        foreach (var part in text.Split('-').TakeWhile(_ => found.Count <= MostLayers))
        {
            mistake ??= Add(part, found);
        }

        mistake ??= found.Count > MostLayers ? $"more than {MostLayers} layers"
            : found.Count < 2 ? "there must be at least an input size and an output size" : TooManyWeights(found);
        mistake = mistake is null ? null : $"{ForeignText.Quoted(text)}: {mistake}; {Advice}";
        sizes = mistake is null ? [.. found] : null;
        return sizes is not null;
    }

    /// <summary>Adds the layers of a part, <c>240</c> or <c>100x240</c>.</summary>
    private static string? Add(string part, List<int> sizes)
    {
        var times = part.IndexOf('x', StringComparison.Ordinal);
        if (times <= 0 || !int.TryParse(part.AsSpan(0, times), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            (times, count) = (-1, 1);
        }

        if (count is 0 or > MostLayers)
        {
            return $"{count} layers in a row cannot be";
        }

        var mistake = Mistake(part[(times + 1)..], out var size);
        sizes.AddRange(mistake is null ? Enumerable.Repeat(size, count) : []);
        return mistake;
    }

    private static string? Mistake(string part, out int size)
    {
        if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out size))
        {
            return size > 0 ? null : "a layer needs at least one unit, not 0";
        }

        return part.Length == 0 ? "a size is missing"
            : part.All(char.IsAsciiDigit) ? $"{ForeignText.Quoted(part)} is too large for a layer size"
            : $"{ForeignText.Quoted(part)} is not a layer size";
    }

    private static string? TooManyWeights(List<int> sizes)
    {
        for (var layer = 1; layer < sizes.Count; layer++)
        {
            if ((long)sizes[layer - 1] * sizes[layer] > Array.MaxLength)
            {
                return $"{sizes[layer - 1]} × {sizes[layer]} weights are more than the {Array.MaxLength} that a layer can have";
            }
        }

        return null;
    }
}
