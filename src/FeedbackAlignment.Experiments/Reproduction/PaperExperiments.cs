using System.Globalization;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The experiments of the reproduction.</summary>
internal static class PaperExperiments
{
    public const string Linear = "linear", Mnist = "mnist", MnistSparse = "mnist-sparse", MnistTuned = "mnist-tuned", Deep3 = "deep-3", Deep4 = "deep-4", Deep4Wide = "deep-4-wide",
        Freeze = "freeze", FreezeRedrawn = "freeze-redrawn", Switch = "switch", Spiking = "spiking", Banded = "banded";

    /// <summary>The nine half-widths ω of the initial weights in Fig. 4.</summary>
    public static IReadOnlyList<float> Scales { get; } = [0.0001f, 0.001f, 0.01f, 0.05f, 0.1f, 0.125f, 0.15f, 0.2f, 0.25f];

    /// <summary>All of them, in the order they are run.</summary>
    public static IReadOnlyList<PaperExperiment> All { get; } =
    [
        new(Linear, "linear", quickSeeds: 10, standardSeeds: 20),
        new(Deep3, "deep-3", quickSeeds: 6, standardSeeds: 20),
        new(Deep4, "deep-4", quickSeeds: 6, standardSeeds: 20),
        new(Deep4Wide, "deep-4-wide", quickSeeds: 0, standardSeeds: 20),
        .. Scales.Select(scale => new PaperExperiment(
            ScaleId(scale), "scale", quickSeeds: 5, standardSeeds: 10,
            spec => spec with { Network = spec.Network with { Initialization = spec.Network.Initialization with { Scale = scale } } })),
        new(Freeze, "freeze", quickSeeds: 5, standardSeeds: 10),
        new(FreezeRedrawn, "freeze-redrawn", quickSeeds: 5, standardSeeds: 10),
        new(Switch, "switch", quickSeeds: 5, standardSeeds: 10),
        new(Banded, "banded", quickSeeds: 3, standardSeeds: 5),
        new(Spiking, "spiking", quickSeeds: 0, standardSeeds: 3),
        new(Mnist, "mnist", quickSeeds: 1, standardSeeds: 3, quickExamples: 300_000),
        new(MnistSparse, "mnist-sparse", quickSeeds: 0, standardSeeds: 3),
        new(MnistTuned, "mnist-tuned", quickSeeds: 0, standardSeeds: 2),
    ];

    /// <summary>The id of the experiment at one ω, e.g. <c>scale-0.125</c>.</summary>
    /// <param name="scale">The half-width.</param>
    public static string ScaleId(float scale) => string.Create(CultureInfo.InvariantCulture, $"scale-{scale:0.####}");
}
