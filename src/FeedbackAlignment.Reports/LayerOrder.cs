using System.Globalization;

namespace FeedbackAlignment.Reports;

/// <summary>Layers from the input up: hidden2 before hidden10, output last.</summary>
internal static class LayerOrder
{
    private const string Hidden = "hidden";

    public static int Of(string layer) => layer.StartsWith(Hidden, StringComparison.Ordinal)
        && int.TryParse(layer.AsSpan(Hidden.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    /// <summary>The layer in words, e.g. <c>hidden layer 2</c>.</summary>
    public static string Name(string layer) => Of(layer) == int.MaxValue ? $"{layer} layer" : $"hidden layer {Of(layer).ToString(CultureInfo.InvariantCulture)}";
}
