using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>What a report must know of a network.</summary>
internal static class NetworkText
{
    /// <summary>Layers with weights between input and output; null where the record has no readable plan.</summary>
    public static int? HiddenLayers(ExperimentSpec spec) => spec.Network.CountHiddenLayers();

    /// <summary>Of each of them, whether it is a convolution; null where the record has no readable plan.</summary>
    public static IReadOnlyList<bool>? Convolutions(ExperimentSpec spec) => spec.Network.FindHiddenConvolutions();

    /// <summary>The network in words: its sizes and their activation, or its modules.</summary>
    public static string Of(NetworkSpec network) => network.NamesActivations() ? network.Layers!
        : $"{network.Layers} ({network.Activation})";
}
