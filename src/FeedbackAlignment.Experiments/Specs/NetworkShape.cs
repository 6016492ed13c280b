using System.Diagnostics.CodeAnalysis;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// The sizes of a network's layers, written <c>784-1000-10</c>; layers alike in a row can be counted, <c>784-100x240-10</c>
/// (<see cref="Network.ParseSizes"/>).
/// </summary>
public sealed class NetworkShape
{
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
    public IReadOnlyList<string> LayerNames => Network.LayerNames(Sizes.Count - 1);

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
        var isRight = Network.TryParseSizes(text, out var sizes, out mistake);
        shape = isRight ? new NetworkShape(sizes!) : null;
        return isRight;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Join('-', Sizes);
}
