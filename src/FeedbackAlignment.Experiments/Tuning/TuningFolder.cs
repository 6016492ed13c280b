using System.Text.Json;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// What a tuning leaves behind: <c>spec.json</c>, <c>environment.json</c>, <c>data.json</c>; a folder with spec, curve and record for
/// each training (<c>trials/RULE/NUMBER/rung-K-seed-S</c>); all trials as <c>tuning.json</c> and <c>trials.csv</c>; and specs that run
/// the winners, <c>winners/RULE.json</c> and, for all together, <c>winners.json</c>. A training that is done is not done again when a
/// tuning goes on in its folder.
/// </summary>
public sealed class TuningFolder
{
    private const string RecordName = "tuning.json", TrialsName = "trials", WinnersName = "winners", Maker = "`fa tune`";

    private readonly ExperimentFolder _folder;

    private TuningFolder(ExperimentFolder folder) => _folder = folder;

    /// <summary>Where it is.</summary>
    public string FullPath => _folder.FullPath;

    /// <summary>Path of the record.</summary>
    public string RecordPath => Path.Combine(FullPath, RecordName);

    /// <summary>Path of the tuning's own spec.</summary>
    public string SpecPath => _folder.SpecPath;

    /// <summary>Path of the spec that runs all winners.</summary>
    public string WinnersPath => Path.Combine(FullPath, $"{WinnersName}.json");

    /// <summary>Path for the report.</summary>
    public string ReportPath => _folder.ReportPath;

    /// <summary>Makes a folder for a new tuning, or opens that of one to go on with.</summary>
    /// <param name="path">Where; a folder that is already there must be empty or a tuning's.</param>
    /// <exception cref="FolderException">It is another's, or cannot be made or written to.</exception>
    public static TuningFolder Open(string path)
        => new(HasBegun(path) ? ExperimentFolder.At(path) : ExperimentFolder.Create(path, TrialsName));

    /// <summary>Whether a tuning has begun in a folder.</summary>
    /// <param name="path">The folder.</param>
    public static bool HasBegun(string path)
        => Place.Named(path) is var folder && folder.In(TrialsName).IsThere && folder.In(ExperimentFolder.SpecName).IsThere;

    /// <summary>Whether a folder has a tuning's record.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path) => Place.Named(path).In(RecordName).IsThere;

    /// <summary>
    /// Whether a tuning has begun in a folder that has no final seeds, as version 0.1 left it; it goes on as it was begun.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="FolderException">The file that says how it was begun cannot be read.</exception>
    public static bool IsOf01(string path)
    {
        if (!HasBegun(path))
        {
            return false;
        }

        var folder = ExperimentFolder.At(path);
        var spec = folder.ReadResume().Spec ?? RecordFile.TryRead<ExperimentSpec>(folder.Place.In(ExperimentFolder.SpecName));
        return spec is { Tuning.FinalSeeds: null };
    }

    /// <summary>Reads the record of a tuning.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="notice">Is told, in a line, if <c>spec.json</c> was changed after the tuning; null: nobody is.</param>
    /// <exception cref="FolderException">It is not there, or cannot be read.</exception>
    public static TuningRecord Read(string path, Action<string>? notice = null)
    {
        var folder = Place.Named(path);
        var file = folder.In(RecordName);
        var record = RecordFile.Read<TuningRecord>(file, Maker);
        if (RecordedSpec.Complete(record.Spec, file.FullPath).Tuning is null)
        {
            throw new FolderException($"{file}: not complete; the spec of a tuning has the section tuning");
        }

        RecordedSpec.Tell(folder, record.Spec, RecordFile.TryRead<ExperimentSpec>(folder.In(ExperimentFolder.SpecName)), notice);
        return record;
    }

    /// <summary>Opens the tuning's own spec, if it is a regular file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public Stream OpenSpec() => _folder.OpenSpec();

    /// <summary>Writes a text beside the record.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="text">Its content.</param>
    public void WriteText(string name, string text) => _folder.WriteText(name, text);

    /// <summary>How the tuning was run until now.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public ResumeRecord ReadResume() => _folder.ReadResume();

    /// <summary>
    /// Makes sure that the tuning is gone on with under the spec that it was begun with; its name and the number of threads may have
    /// changed.
    /// </summary>
    /// <param name="spec">What is to be gone on with.</param>
    /// <exception cref="FolderException">It was begun under another spec. The message names all keys that differ.</exception>
    public void RequireSpec(ExperimentSpec spec)
    {
        if (ReadResume().Spec is { } begunWith && RecordedSpec.Changes([begunWith], spec) is { Count: > 0 } changes)
        {
            throw new FolderException(
                $"{FullPath}: was begun under another spec: {RecordedSpec.Listed(changes)}; restore it to continue, or start another "
                + $"tuning in a new folder with `fa tune {SpecPath}`");
        }
    }

    /// <summary>The kind of arithmetic that it was begun with; null: it has not begun.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public Arithmetic? ReadArithmetic() => HasBegun(FullPath) ? _folder.ReadEnvironment()?.Arithmetic : null;

    internal FolderHold Hold(TimeProvider clock) => _folder.Hold(clock);

    internal void WriteBeginning(ExperimentSpec spec, EnvironmentRecord environment, DataRecord data, ResumeRecord resume) => _folder.WriteBeginning(spec, environment, data, resume);

    internal void Write(TuningRecord record)
    {
        WriteText("trials.csv", TrialTable.Write(record));
        WriteText(RecordName, JsonSerializer.Serialize(record, ExperimentJson.Indented));
    }

    /// <summary>Writes the specs of winners; what an earlier call wrote there goes.</summary>
    internal void WriteWinners(TuningPlan plan, IReadOnlyList<RuleTuningRecord> winners)
    {
        _folder.Place.In(Path.GetFileName(WinnersPath)).Change(folder =>
        {
            folder.Delete(Path.GetFileName(WinnersPath));
            folder.DeleteFolder(WinnersName);
        });

        if (winners.Count == 0)
        {
            return;
        }

        foreach (var winner in winners)
        {
            WriteText(Path.Combine(WinnersName, $"{winner.Rule}.json"), SpecWriter.Write(plan.SpecOf([winner])));
        }

        WriteText(Path.GetFileName(WinnersPath), SpecWriter.Write(plan.SpecOf(winners)));
    }

    /// <summary>A folder for a training, with its spec in it.</summary>
    internal RunFolder Trial(TrialKey key, ExperimentSpec spec)
    {
        WriteText(Path.Combine(TrialsName, key.ToString(), ExperimentFolder.SpecName), SpecWriter.Write(spec));
        return new RunFolder(PlaceOf(key), keepsWeights: false);
    }

    /// <summary>The record of a training that is done; null if it is still to do.</summary>
    /// <param name="key">Which.</param>
    /// <param name="spec">What it must have been run with.</param>
    /// <param name="components">What that can name.</param>
    /// <exception cref="FolderException">It was run with another spec.</exception>
    internal RunRecord? Finished(TrialKey key, ExperimentSpec spec, Components components)
    {
        var place = PlaceOf(key);
        var file = place.In(ExperimentFolder.SpecName);
        if (!file.IsThere)
        {
            return null;
        }

        var run = new RunFolder(place, keepsWeights: false);
        var hasBegun = run.HasBegun(out var ranUnder);
        if (RecordedSpec.Changes([ranUnder ?? spec, RecordFile.Read<ExperimentSpec>(file, Maker)], spec) is { Count: > 0 } changes)
        {
            throw new FolderException(
                $"{place}: was trained under another spec than that of this tuning: {RecordedSpec.Listed(changes)}; restore {SpecPath}, "
                + "or choose another folder with --out");
        }

        if (hasBegun && ranUnder is null)
        {
            RecordedSpec.RequireSameCourse(place, spec);
        }

        return run.Finished(new RunKey(key.Rule, key.Seed), spec, components);
    }

    private Place PlaceOf(TrialKey key) => _folder.Place.In(TrialsName).In(key.ToString());
}
