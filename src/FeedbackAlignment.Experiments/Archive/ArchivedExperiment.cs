using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Archive;

/// <summary>
/// Reads back what an experiment, or one run of it, left behind: also one that was stopped before it could write its results.
/// </summary>
public static class ArchivedExperiment
{
    /// <summary>
    /// The record of an experiment, or of one run as an experiment of its own. Its spec is the one that the runs were trained under,
    /// whatever <c>spec.json</c> has become since.
    /// </summary>
    /// <param name="path">An experiment's folder, its <c>results.json</c>, or the folder of a run.</param>
    /// <param name="rules">The rules there are; the record says what they are where no results do.</param>
    /// <param name="notice">
    /// Is told, in a line, if <c>spec.json</c> was changed after the training, or that cannot be known; null: nobody is.
    /// </param>
    /// <exception cref="FolderException">It is none of these, or nothing in it has ended yet, or it cannot be read.</exception>
    public static ExperimentRecord Read(string path, RuleCatalog rules, Action<string>? notice = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (IsRun(path))
        {
            return OfRun(path, rules, notice);
        }

        ExperimentRecord record;
        var named = Place.Named(path);
        if (StudyFolder.IsAt(named))
        {
            throw new FolderException(
                $"{path}: is a study of many settings; `fa report {path}` shows it by setting, `fa runs {path}` lists its runs: name one of them");
        }

        if (ExperimentFolder.IsAt(named) && !ExperimentFolder.HasResults(named))
        {
            record = FromRuns(named, named.In(ExperimentFolder.RunsName).AllFolders(), rules, notice);
        }
        else
        {
            if (!ExperimentFolder.HasResults(named) && RunArchive.Several(path) is { } several)
            {
                throw new FolderException(several);
            }

            record = ExperimentFolder.Read(path);
            _ = RecordedSpec.Complete(record.Spec, path);
            RecordedSpec.Tell(named, record.Spec, CurrentSpec(path), notice);
            record = WithMistakes(record, named);
        }

        return record.Runs.Count > 0 ? record : throw new FolderException($"{path}: no run of this experiment has ended yet; there is nothing to show");
    }

    /// <summary>
    /// The spec to run again what <see cref="Read(string, RuleCatalog, Action{string})"/> reads, as a path from the current folder.
    /// </summary>
    /// <param name="path">An experiment's folder, its <c>results.json</c>, or the folder of a run.</param>
    public static string SpecPath(string path)
        => Path.GetRelativePath(".", Path.Combine(IsRun(path) ? Path.Combine(path, "..", "..") : Directory.Exists(path) ? path : Path.Combine(path, ".."), ExperimentFolder.SpecName));

    /// <summary>Whether a folder is one run's, in an experiment's folder.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsRun(string path)
        => Directory.Exists(path) && Path.GetFullPath(Path.Combine(path, "..")) is var runs
            && Path.GetFileName(runs) == ExperimentFolder.RunsName && ExperimentFolder.IsAt(Path.GetDirectoryName(runs) ?? runs);

    /// <summary>
    /// How to run again what <see cref="Read(string, RuleCatalog, Action{string})"/> reads: a command, and, if <c>spec.json</c> was
    /// changed, what must
    /// be put back in it first.
    /// </summary>
    /// <param name="path">An experiment's folder, its <c>results.json</c>, or the folder of a run.</param>
    /// <param name="ranUnder">The spec that was read.</param>
    public static string Again(string path, ExperimentSpec ranUnder)
    {
        var file = SpecPath(path);
        if (IsRun(path) && Place.OfRun(path).Folder!.Folder! is var study && StudyFolder.IsAt(study))
        {
            return $"fa study {file}: it is a run of that study";
        }

        var changes = CurrentSpec(path) is { } current ? SpecDifference.Changes(current, IsRun(path) ? ranUnder with { Rules = current.Rules, Seeds = current.Seeds } : ranUnder) : [];
        return changes.Count == 0 ? $"fa train {file}" : $"fa train {file}, after these are put back in it: {string.Join(", ", changes.Select(change => $"{change.Path} {change.Second ?? "left out"}"))}";
    }

    /// <summary>What <c>spec.json</c> says now; null if it cannot be read.</summary>
    private static ExperimentSpec? CurrentSpec(string path)
    {
        var folder = IsRun(path) ? Place.OfRun(path).Folder!.Folder!
            : Place.Named(Directory.Exists(path) ? path : Path.Combine(path, ".."));
        return RecordFile.TryRead<ExperimentSpec>(folder.In(ExperimentFolder.SpecName));
    }

    /// <summary>What the folders of the runs say of single test examples; results named without their folder have none.</summary>
    private static ExperimentRecord WithMistakes(ExperimentRecord record, Place folder)
    {
        if (!ExperimentFolder.IsAt(folder))
        {
            return record;
        }

        var runs = folder.In(ExperimentFolder.RunsName).Folders().DistinctBy(run => run.Name).ToDictionary(run => run.Name);
        return record with
        {
            Runs = [.. record.Runs.Select(run => runs.TryGetValue(new RunKey(run.Rule, run.Seed).ToString(), out var place)
                ? MistakesFile.AddTo(place, run, record.Data.Test) : run)],
        };
    }

    private static ExperimentRecord OfRun(string path, RuleCatalog rules, Action<string>? notice)
    {
        var place = Place.OfRun(path).OrRefused();
        if (!place.In(RunFolder.RecordName).IsThere)
        {
            throw new FolderException($"{path}: this run has not ended: it has no {RunFolder.RecordName}");
        }

        var experiment = FromRuns(place.Folder!.Folder!, [place], rules, notice);
        var run = experiment.Runs[0];
        return experiment with { Spec = experiment.Spec with { Rules = [run.Rule], Seeds = [run.Seed] } };
    }

    /// <summary>In the spec's order.</summary>
    private static ExperimentRecord FromRuns(Place folder, IEnumerable<Place> runs, RuleCatalog rules, Action<string>? notice)
    {
        Place[] ended = [.. runs.Where(run => run.In(RunFolder.RecordName).IsThere)];
        var spec = Read<ExperimentSpec>(folder.In(ExperimentFolder.SpecName));
        if (ended.Length > 0)
        {
            spec = RecordedSpec.Of(folder, ended, spec, notice);
        }

        _ = RecordedSpec.Complete(spec, folder.FullPath);

        // A damaged record may name a rule twice.
        var data = Read<DataRecord>(folder.In(ExperimentFolder.DataName)).ForResults();
        var order = spec.Rules.Index().DistinctBy(rule => rule.Item).ToDictionary(rule => rule.Item, rule => rule.Index);
        return new ExperimentRecord
        {
            Spec = spec,
            Rules = RuleRecords.Of(spec, rules),
            Environment = Read<EnvironmentRecord>(folder.In(ExperimentFolder.EnvironmentName)),
            Data = data,
            Runs =
            [
                .. ended.Select(run => MistakesFile.AddTo(run, Read<RunRecord>(run.In(RunFolder.RecordName)) with { Spec = null },
                    data.Test))
                    .OrderBy(run => order.GetValueOrDefault(run.Rule, int.MaxValue)).ThenBy(run => run.Seed),
            ],
        };
    }

    private static T Read<T>(Place file) => RecordFile.Read<T>(file, RecordFile.ExperimentMakers);
}
