using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>
/// Paths that the user has not typed: a run's folder or a model names them, and somebody else may have made it. Before they are opened,
/// the user sees where they lead.
/// </summary>
internal static class ForeignPaths
{
    /// <summary>Tells each path outside the folder that is about to be read, in a line.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="by">What names them: a folder or a file.</param>
    /// <param name="data">What it says of its data.</param>
    /// <param name="weights">The file with the initial weights; null: none is read.</param>
    /// <param name="dataFolder">The folder with data sets; null: the user or the environment names it.</param>
    public static void Tell(Terminal terminal, string by, DataSpec data, string? weights = null, string? dataFolder = null)
    {
        if (PublicDataSet.All.Any(known => known.Id == data.Source))
        {
            TellDataFolder(terminal, by, dataFolder);
        }

        if (!SpecVocabulary.DataSources.Contains(data.Source))
        {
            Line(terminal, by, "data.source", data.Source);
        }

        if (weights is not null)
        {
            Line(terminal, by, "network.initialization.from", weights);
        }
    }

    /// <summary>Tells each path of a spec that is about to be read, in a line.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="by">What holds the spec: a folder or a file.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="dataFolder">The folder with data sets; null: the user or the environment names it.</param>
    public static void Tell(Terminal terminal, string by, ExperimentSpec spec, string? dataFolder)
    {
        Tell(terminal, by, spec.Data, spec.Network.Initialization.From, dataFolder);
        if (spec.Feedback.From is { } feedback)
        {
            Line(terminal, by, "feedback.from", feedback);
        }
    }

    /// <summary>Tells the folder with data sets that is about to be read, in a line.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="by">What names it: a folder or a file.</param>
    /// <param name="dataFolder">The folder; null: the user or the environment names it.</param>
    public static void TellDataFolder(Terminal terminal, string by, string? dataFolder)
    {
        if (dataFolder is not null)
        {
            Line(terminal, by, "--data-dir", dataFolder);
        }
    }

    private static void Line(Terminal terminal, string by, string key, string path)
        => terminal.Notice($"note: reads {Path.GetFullPath(path)}, which {by} names as {key}");
}
