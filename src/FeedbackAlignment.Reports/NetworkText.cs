using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>What a report must know of a network.</summary>
internal static class NetworkText
{
    /// <summary>Layers between input and output; null where the record has no readable sizes.</summary>
    public static int? HiddenLayers(ExperimentSpec spec) =>
        spec.Network.Layers is { } layers && NetworkShape.TryParse(layers, out var shape, out _) ? shape.HiddenLayers : null;
}
