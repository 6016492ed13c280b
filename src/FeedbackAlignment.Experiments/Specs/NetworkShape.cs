using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The sizes of a network's layers, written <c>784-1000-10</c>.</summary>
public sealed class NetworkShape
{
    private const string Advice = "write sizes joined by \"-\", e.g. 784-1000-10";

    private NetworkShape(int[] sizes) => Sizes = sizes;

    /// <summary>Sizes from input to output, at least two, each at least 1.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Numbers in an input.</summary>
    public int Inputs => Sizes[0];

    /// <summary>Numbers in an output.</summary>
    public int Outputs => Sizes[^1];

    /// <summary>Layers between input and output.</summary>
    public int HiddenLayers => Sizes.Count - 2;

    /// <summary>Names of the layers with weights: <c>hidden1</c>, <c>hidden2</c> …, <c>output</c>.</summary>
    public IReadOnlyList<string> LayerNames => [.. Enumerable.Range(1, HiddenLayers).Select(layer => $"hidden{layer}"), "output"];

    /// <summary>Reads <c>784-1000-10</c>.</summary>
    /// <param name="text">Sizes joined by <c>-</c>.</param>
    /// <exception cref="FormatException">It is not so written; the message says what is wrong with which part.</exception>
    public static NetworkShape Parse(string text) => TryParse(text, out var shape, out var mistake) ? shape : throw new FormatException(mistake);

    /// <summary>Reads <c>784-1000-10</c>, or says why not.</summary>
    /// <param name="text">Sizes joined by <c>-</c>.</param>
    /// <param name="shape">The sizes, if the text is right.</param>
    /// <param name="mistake">Otherwise one line on what is wrong, beginning with the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetworkShape? shape, [NotNullWhen(false)] out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('-');
        var sizes = new int[parts.Length];
        mistake = null;
        for (var layer = 0; layer < parts.Length && mistake is null; layer++)
        {
            mistake = Mistake(parts[layer], out sizes[layer]);
        }

        mistake ??= parts.Length < 2 ? "an input and an output size are the least" : TooManyWeights(sizes);
        mistake = mistake is null ? null : $"{Display.Text(text)}: {mistake}; {Advice}";
        shape = mistake is null ? new NetworkShape(sizes) : null;
        return shape is not null;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Join('-', Sizes);

    private static string? Mistake(string part, out int size)
    {
        if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out size))
        {
            return size > 0 ? null : "a layer needs at least one unit, not 0";
        }

        return part.Length == 0 ? "a size is missing"
            : part.All(char.IsAsciiDigit) ? $"{Display.Text(part)} is too large for a layer size"
            : $"{Display.Text(part)} is not a layer size";
    }

    private static string? TooManyWeights(int[] sizes)
    {
        for (var layer = 1; layer < sizes.Length; layer++)
        {
            if ((long)sizes[layer - 1] * sizes[layer] > Array.MaxLength)
            {
                return $"{sizes[layer - 1]} × {sizes[layer]} weights are more than the {Array.MaxLength} that a layer can have";
            }
        }

        return null;
    }
}
