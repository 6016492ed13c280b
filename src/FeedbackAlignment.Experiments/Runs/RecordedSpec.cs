using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// What an experiment's folder says of the spec that its runs were trained under. The file <c>spec.json</c> can be edited; what is
/// written beside every checkpoint and every result is the spec of that moment.
/// </summary>
internal static class RecordedSpec
{
    private const int MostNamed = 12;

    /// <summary>The spec that a finished run, or the finished runs of an experiment, were trained under.</summary>
    /// <param name="experiment">The experiment's folder.</param>
    /// <param name="runs">The runs' folders.</param>
    /// <param name="current">What <c>spec.json</c> says now.</param>
    /// <param name="notice">Is told, in a line, if that is another spec, or cannot be compared.</param>
    /// <exception cref="FolderException">The runs were trained under different specs.</exception>
    public static ExperimentSpec Of(Place experiment, IEnumerable<Place> runs, ExperimentSpec current, Action<string>? notice)
    {
        (Place Folder, ExperimentSpec? Spec)[] recorded = [.. runs.Select(run => (run, Read(run.In(RunFolder.RecordName))))];
        var own = recorded.FirstOrDefault(run => run.Spec is not null).Spec;
        foreach (var (folder, spec) in recorded)
        {
            if (spec is not null && SpecDifference.Changes(own!, spec) is { Count: > 0 } differences)
            {
                throw new FolderException($"{folder}: was not trained under the same spec as the run before it ({Listed(differences)}); these runs are of different experiments");
            }
        }

        if ((own ?? Read(experiment.In(ExperimentFolder.ResultsName))) is not { } ranUnder)
        {
            notice?.Invoke(
                $"{experiment}: was made by an earlier version, which did not write the spec into {RunFolder.RecordName}; the present "
                + $"{ExperimentFolder.SpecName} is used");
            return current;
        }

        // The runs of a study differ from its spec on purpose.
        if (!StudyFolder.IsAt(experiment))
        {
            Tell(experiment, ranUnder, current, notice);
        }

        return ranUnder with { Name = current.Name };
    }

    /// <summary>A recorded spec, which has what is filled in before a training.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="source">Where it stands.</param>
    /// <exception cref="FolderException">Something is not filled in.</exception>
    public static ExperimentSpec Complete(ExperimentSpec spec, string source) => spec is { Loss: not null, Network.Layers: not null } ? spec
        : throw new FolderException($"{source}: not complete; a recorded spec has network.layers and loss");

    /// <summary>Tells, in a line, if <c>spec.json</c> is not the spec of the results beside it.</summary>
    /// <param name="folder">Their folder.</param>
    /// <param name="ranUnder">The spec of the results.</param>
    /// <param name="current">What <c>spec.json</c> says now; null: it is not there.</param>
    /// <param name="notice">Is told.</param>
    public static void Tell(Place folder, ExperimentSpec ranUnder, ExperimentSpec? current, Action<string>? notice)
    {
        if (current is not null && SpecDifference.Changes(ranUnder, current) is { Count: > 0 } changes)
        {
            notice?.Invoke($"{folder.In(ExperimentFolder.SpecName)} was changed after the training: {Listed(changes)}. What follows is about the old {Values(changes)}");
        }
    }

    /// <summary>
    /// Makes sure, before anything is trained or written, that a folder is gone on with under the spec that it was begun with.
    /// </summary>
    /// <param name="experiment">The experiment's folder.</param>
    /// <param name="spec">What is to be gone on with.</param>
    /// <param name="notice">Is told, in a line, if that cannot be known.</param>
    /// <exception cref="FolderException">It is another spec. The message names all keys that differ.</exception>
    public static void Require(Place experiment, ExperimentSpec spec, Action<string> notice)
    {
        (Place Folder, bool HasBegun, ExperimentSpec? Spec)[] recorded =
        [
            .. experiment.In(ExperimentFolder.RunsName).AllFolders().Select(run => (run, new RunFolder(run).HasBegun(out var own), own)),
        ];
        ExperimentSpec?[] known = [.. recorded.Select(run => run.Spec), Read(experiment.In(ExperimentFolder.ResultsName)),
            Read(experiment.In(ExperimentFolder.ResumeName))];
        Require(experiment, known.OfType<ExperimentSpec>(), spec);
        if (recorded.FirstOrDefault(run => run is { HasBegun: true, Spec: null }).Folder is { } old)
        {
            RequireSameCourse(old, spec);
            if (!known.Any(found => found is not null))
            {
                notice($"{experiment}: was begun by an earlier version, whose checkpoints do not contain the spec; whether "
                    + $"{ExperimentFolder.SpecName} is still the same cannot be checked");
            }
        }
    }

    /// <summary>The same for specs that are known to have been run under.</summary>
    /// <param name="folder">What it is about.</param>
    /// <param name="known">The specs.</param>
    /// <param name="spec">What is to be gone on with.</param>
    public static void Require(Place folder, IEnumerable<ExperimentSpec> known, ExperimentSpec spec)
    {
        if (Changes(known, spec) is { Count: > 0 } changes)
        {
            throw new FolderException(
                $"{folder}: was begun under another spec: {Listed(changes)}; restore the old {Values(changes)} to continue, or start a "
                    + "new run from the weights of a run with `fa train --from RUN`");
        }
    }

    /// <summary>In what a spec differs from any of those that are known, each key once.</summary>
    public static IReadOnlyList<SpecDifference> Changes(IEnumerable<ExperimentSpec> known, ExperimentSpec spec)
        => [.. known.SelectMany(ranUnder => SpecDifference.Changes(ranUnder, spec)).DistinctBy(change => change.Path)];

    /// <summary>Differences as a part of a sentence.</summary>
    public static string Listed(IReadOnlyList<SpecDifference> changes)
        => string.Join("; ", changes.Take(MostNamed)) + (changes.Count > MostNamed ? $"; and {changes.Count - MostNamed} more" : "");

    /// <summary>A schedule begins after its warm-up; in version 0.1 the two were multiplied.</summary>
    /// <param name="folder">The folder of a run that says nothing of its spec.</param>
    /// <param name="spec">What is to be gone on with.</param>
    public static void RequireSameCourse(Place folder, ExperimentSpec spec)
    {
        if (spec.Optimizer.Schedule is { WarmUpExamples: > 0 } schedule && schedule.Kind != ScheduleIds.Constant)
        {
            throw new FolderException(
                $"{folder}: was begun by an earlier version, in which {schedule.Kind} began during the warm-up and not after it; finish "
                    + "it with that version, or start again in another folder");
        }
    }

    /// <summary>
    /// The spec in a file that has one, such as <c>run.json</c>; null if the file or the spec is not there or cannot be read.
    /// </summary>
    public static ExperimentSpec? Read(Place file) => RecordFile.TryRead<Holder>(file)?.Spec;

    private static string Values(IReadOnlyList<SpecDifference> changes) => changes.Count == 1 ? "value" : "values";

    private sealed record Holder(ExperimentSpec? Spec = null);
}
