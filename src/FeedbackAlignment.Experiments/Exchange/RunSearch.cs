using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>Finds finished runs: <c>runs/RULE-SEED</c> in the folder of an experiment, or such a folder itself.</summary>
public static class RunSearch
{
    private const int MostNamed = 8;

    /// <summary>The finished runs of a folder, in the order of their names.</summary>
    /// <param name="path">A run's folder, or an experiment's.</param>
    /// <exception cref="FolderException">There is none.</exception>
    public static IReadOnlyList<string> All(string path)
    {
        if (IsRun(Place.OfRun(path).OrRefused()))
        {
            return [path];
        }

        string[] found = [.. Place.Named(path).In(ExperimentFolder.RunsName).AllFolders().Where(IsRun).Select(run => run.FullPath)];
        return found.Length > 0 ? found
            : RunArchive.Several(path) is { } several ? throw new FolderException(several)
            : throw new FolderException(
                $"{path}: no finished run here; name a run folder, e.g. "
                + $"{Path.Combine("runs", "compare-20261123-113000", ExperimentFolder.RunsName, "feedback-alignment-1")}");
    }

    /// <summary>The one finished run of a folder.</summary>
    /// <param name="path">A run's folder, or that of an experiment of one run.</param>
    /// <exception cref="FolderException">There is none, or there are several; the message names them.</exception>
    public static string One(string path)
    {
        var runs = All(path);
        return runs is [var only]
            ? only
            : throw new FolderException($"{path}: there are {runs.Count} runs; name one of them: {string.Join(", ", runs.Take(MostNamed))}{(runs.Count > MostNamed ? " …" : "")}");
    }

    private static bool IsRun(Place folder) => folder.In(RunFolder.RecordName).IsThere && folder.In(RunFolder.WeightsName).IsThere;
}
