using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Archive;

/// <summary>Reads back what an experiment, or one run of it, left behind: also one that was stopped before it could write its results.</summary>
public static class ArchivedExperiment
{
    /// <summary>The record of an experiment, or of one run as an experiment of its own.</summary>
    /// <param name="path">An experiment's folder, its <c>results.json</c>, or the folder of a run.</param>
    /// <exception cref="FolderException">It is none of these, or nothing in it has ended yet, or it cannot be read.</exception>
    public static ExperimentRecord Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (IsRun(path))
        {
            return OfRun(path);
        }

        var record = ExperimentFolder.IsAt(path) && !ExperimentFolder.HasResults(path) ? FromRuns(path, Directory.EnumerateDirectories(Path.Combine(path, ExperimentFolder.RunsName))) : ExperimentFolder.Read(path);
        return record.Runs.Count > 0 ? record : throw new FolderException($"{path}: no run of this experiment has ended yet; there is nothing to show");
    }

    /// <summary>The spec to run again what <see cref="Read(string)"/> reads, as a path from the current folder.</summary>
    /// <param name="path">An experiment's folder, its <c>results.json</c>, or the folder of a run.</param>
    public static string SpecPath(string path)
        => Path.GetRelativePath(".", Path.Combine(IsRun(path) ? Path.Combine(path, "..", "..") : Directory.Exists(path) ? path : Path.Combine(path, ".."), ExperimentFolder.SpecName));

    /// <summary>Whether a folder is one run's, in an experiment's folder.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsRun(string path)
        => Directory.Exists(path) && Path.GetFullPath(Path.Combine(path, "..")) is var runs && Path.GetFileName(runs) == ExperimentFolder.RunsName && ExperimentFolder.IsAt(Path.Combine(runs, ".."));

    private static ExperimentRecord OfRun(string path)
    {
        if (!File.Exists(Path.Combine(path, RunFolder.RecordName)))
        {
            throw new FolderException($"{path}: this run has not ended: it has no {RunFolder.RecordName}");
        }

        var experiment = FromRuns(Path.GetFullPath(Path.Combine(path, "..", "..")), [path]);
        var run = experiment.Runs[0];
        return experiment with { Spec = experiment.Spec with { Rules = [run.Rule], Seeds = [run.Seed] } };
    }

    /// <summary>In the spec's order.</summary>
    private static ExperimentRecord FromRuns(string folder, IEnumerable<string> runs)
    {
        var spec = Read<ExperimentSpec>(folder, ExperimentFolder.SpecName);
        var order = spec.Rules.Index().ToDictionary(rule => rule.Item, rule => rule.Index);
        return new ExperimentRecord
        {
            Spec = spec,
            Rules = RuleRecords.Of(spec),
            Environment = Read<EnvironmentRecord>(folder, ExperimentFolder.EnvironmentName),
            Data = Read<DataRecord>(folder, ExperimentFolder.DataName),
            Runs =
            [
                .. runs.Where(run => File.Exists(Path.Combine(run, RunFolder.RecordName)))
                    .Select(run => Read<RunRecord>(run, RunFolder.RecordName))
                    .OrderBy(run => order.GetValueOrDefault(run.Rule, int.MaxValue)).ThenBy(run => run.Seed),
            ],
        };
    }

    private static T Read<T>(string folder, string name) => RecordFile.Read<T>(Path.Combine(folder, name), RecordFile.ExperimentMakers);
}
