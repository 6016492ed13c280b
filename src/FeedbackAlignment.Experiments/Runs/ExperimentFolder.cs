using System.Text;
using System.Text.Json;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// What an experiment leaves behind, readable without us: <c>spec.json</c>, <c>environment.json</c>, <c>data.json</c>,
/// <c>resume.json</c>, at the end <c>results.json</c>, and for each run a folder <c>runs/RULE-SEED</c> (see <see cref="RunFolder"/>).
/// </summary>
public sealed class ExperimentFolder
{
    internal const string SpecName = "spec.json", EnvironmentName = "environment.json", DataName = "data.json", RunsName = "runs", ResultsName = "results.json", ResumeName = "resume.json";

    /// <summary>What can be gone on with, for messages.</summary>
    private const string Makers = "`fa compare`, `fa train`, `fa tune` or `fa reproduce`";

    private ExperimentFolder(Place place) => Place = place;

    internal Place Place { get; }

    /// <summary>Where it is.</summary>
    public string FullPath => Place.FullPath;

    /// <summary>Path of the results.</summary>
    public string ResultsPath => Path.Combine(FullPath, ResultsName);

    /// <summary>Path of the spec, complete.</summary>
    public string SpecPath => Path.Combine(FullPath, SpecName);

    /// <summary>Path for the report.</summary>
    public string ReportPath => Path.Combine(FullPath, "report.html");

    /// <summary>Makes a folder for a new experiment, and tries that it can be written to.</summary>
    /// <param name="path">Where; a folder that is already there must be empty.</param>
    /// <exception cref="FolderException">It is not empty, or cannot be made or written to.</exception>
    public static ExperimentFolder Create(string path) => Create(path, RunsName);

    /// <summary>The folder of an experiment that was begun, to go on with it.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="FolderException">No experiment was begun there.</exception>
    public static ExperimentFolder Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var folder = At(path);
        return folder.HasBegun ? folder
            : InputFile.Exists(Path.Combine(path, "..", "..", SpecName))
                ? throw new FolderException(
                    $"{path}: is the folder of a single run; name the folder of its experiment, "
                    + $"{Path.GetFullPath(Path.Combine(path, "..", ".."))}")
            : InputFile.Exists(folder.SpecPath)
                ? throw new FolderException(
                    $"{path}: has a {SpecName}, but no experiment was begun there; begin one with `fa train {folder.SpecPath}`, and "
                    + "continue a tuning in its own folder")
            : RunArchive.Several(path) is { } several ? throw new FolderException(several)
            : Directory.Exists(path)
                ? throw new FolderException(
                    $"{path}: has no {SpecName}; name a folder that {Makers} has made, or, if the command was stopped before it began, "
                    + "delete the folder and start again")
            : throw new FolderException($"{path}: no such folder; name one that {Makers} has made");
    }

    /// <summary>A folder to begin an experiment in, or to go on with it.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="FolderException">Something else is there, or it cannot be written to.</exception>
    public static ExperimentFolder CreateOrOpen(string path)
        => CreateOrOpen(Place.Named(Path.GetFullPath(path)));

    internal static ExperimentFolder CreateOrOpen(Place place) => IsAt(place) ? new(place) : Create(place, RunsName);

    /// <summary>A folder that is there, whatever is in it.</summary>
    internal static ExperimentFolder At(string path) => new(Place.Named(Path.GetFullPath(path)));

    /// <summary>
    /// Makes a folder with another folder in it, or takes one over in which a process was killed before it had written its spec.
    /// </summary>
    internal static ExperimentFolder Create(string path, string? inside)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new FolderException("the folder for the results has no name; choose one with --out");
        }

        if (path.Contains('\0'))
        {
            throw new FolderException("the name of the folder for the results contains NUL, which no name can; choose another with --out");
        }

        var full = Path.GetFullPath(path);
        return FileInTheWay(full) is { } file
            ? throw new FolderException($"{path}: cannot be a folder because {file} is a file; choose another folder with --out")
            : Create(Place.Named(full), inside);
    }

    private static ExperimentFolder Create(Place place, string? inside)
    {
        try
        {
            using var folder = place.Make();
            if (!IsNew(folder, inside))
            {
                throw new FolderException(
                    $"{place}: the folder is not empty, and nothing in it may be overwritten; choose a new one with --out, or delete it");
            }

            folder.DeleteAsides();
            if (inside is not null)
            {
                folder.MakeFolder(inside).Dispose();
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"{place}: cannot write there ({trouble.Message.TrimEnd('.')}); choose another folder with --out",
                trouble);
        }

        return new ExperimentFolder(place);
    }

    /// <summary>Whether a folder is an experiment's.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path) => IsAt(Place.Named(path));

    internal static bool IsAt(Place folder) => folder.In(SpecName).IsThere && folder.In(RunsName).IsThere;

    /// <summary>Whether an experiment has come to its end, and its results are there.</summary>
    internal static bool HasResults(Place folder) => folder.In(ResultsName).IsThere;

    /// <summary>
    /// Reads the results of an experiment. Where they say nothing of their rules, they come from a version that knew only the library's,
    /// and what is known of those is filled in.
    /// </summary>
    /// <param name="path">An experiment's folder, or its <c>results.json</c>.</param>
    /// <exception cref="FolderException">There are no results, or they cannot be read.</exception>
    public static ExperimentRecord Read(string path)
    {
        var named = Place.Named(path);
        var record = RecordFile.Read<ExperimentRecord>(named.IsFolder ? named.In(ResultsName) : named, RecordFile.ExperimentMakers);
        return record.Rules.Count > 0 ? record : record with { Rules = RuleRecords.Of(record.Spec, RuleCatalog.Standard) };
    }

    /// <summary>Whether an experiment has been begun here.</summary>
    public bool HasBegun => IsAt(Place);

    /// <summary>Number of runs that have gone to their end, one way or another.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="components">What it can name.</param>
    public int CountFinished(ExperimentSpec spec, Components components)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return RunKey.AllOf(spec).Count(key => new RunFolder(RunPlace(key)).Finished(key, spec, components) is not null);
    }

    /// <summary>How the experiment was run until now.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public ResumeRecord ReadResume() => ReadOrNull<ResumeRecord>(ResumeName) ?? new ResumeRecord();

    /// <summary>Keeps the folder for this process until disposed of.</summary>
    /// <exception cref="FolderException">Another process writes there, or nobody can.</exception>
    internal FolderHold Hold(TimeProvider clock) => new(Place, clock);

    /// <summary>Writes what is known at the beginning; the spec last, which says that the experiment has begun.</summary>
    internal void WriteBeginning(ExperimentSpec spec, EnvironmentRecord environment, DataRecord data, ResumeRecord resume)
    {
        WriteText(EnvironmentName, JsonSerializer.Serialize(environment, ExperimentJson.Indented));
        WriteText(DataName, JsonSerializer.Serialize(data, ExperimentJson.Indented));
        WriteResume(resume);
        WriteText(SpecName, SpecWriter.Write(spec));
    }

    internal void WriteResume(ResumeRecord resume) => WriteText(ResumeName, JsonSerializer.Serialize(resume, ExperimentJson.Indented));

    internal EnvironmentRecord? ReadEnvironment() => ReadOrNull<EnvironmentRecord>(EnvironmentName);

    /// <summary>The kind of arithmetic that it was begun with.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public Arithmetic ReadArithmetic() => ReadEnvironment()?.Arithmetic ?? Arithmetic.Fused;

    /// <summary>
    /// Makes sure that the experiment is gone on with under the spec that it was begun with; its name and the number of threads may have
    /// changed.
    /// </summary>
    /// <param name="spec">What is to be gone on with.</param>
    /// <param name="components">What it can name.</param>
    /// <param name="notice">Is told, in a line, if that cannot be known: checkpoints of version 0.1 do not say it.</param>
    /// <exception cref="FolderException">It was begun under another spec. The message names all keys that differ.</exception>
    public void RequireSpec(ExperimentSpec spec, Components components, Action<string> notice)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(notice);
        RecordedSpec.Require(Place, spec, notice);
        RecordedSpec.Require(Place, [ReadSpec(components)], spec);
    }

    /// <summary>Opens the spec, if it is a regular file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public Stream OpenSpec() => Place.In(SpecName).Read();

    /// <summary>Writes the spec again where a new name or number of threads is not in it yet.</summary>
    internal void WriteSpec(ExperimentSpec spec, Components components)
    {
        var wanted = SpecWriter.Write(spec);
        if (SpecWriter.Write(ReadSpec(components)) != wanted)
        {
            WriteText(SpecName, wanted);
        }
    }

    /// <summary>Results of an earlier stop are out of date as soon as another run has ended.</summary>
    internal void ForgetResults() => Place.In(ResultsName).Delete();

    internal void WriteResults(ExperimentRecord record) => WriteText(ResultsName, JsonSerializer.Serialize(record, ExperimentJson.Indented));

    internal RunFolder Run(RunKey key)
    {
        var place = RunPlace(key);
        MakeFolder(place);
        return new RunFolder(place);
    }

    /// <summary>A matrix of a run's <c>weights.npz</c>, e.g. <c>hidden1.weights</c>.</summary>
    internal Matrix ReadWeights(RunKey key, string name) => NpzFile.Read(RunPlace(key).In(RunFolder.WeightsName), name);

    /// <summary>Writes a text file beside the results; a reader sees the old file or the new one, never a part.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public void WriteText(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        WriteFile(name, Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n"));
    }

    /// <summary>
    /// Takes a folder back in which nothing has begun: files that were written into it, and the folder if nothing else is in it.
    /// </summary>
    /// <param name="files">The names of the files.</param>
    public void Withdraw(params IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        try
        {
            using (var folder = Place.Open())
            {
                foreach (var file in files)
                {
                    folder.Delete(file);
                }

                folder.DeleteEmptyFolder(RunsName);
            }

            Place.DeleteEmpty();
        }
        catch (IOException)
        {
            // Something else is in it.
        }
    }

    /// <summary>Writes a file below the folder, whole or not at all.</summary>
    /// <param name="name">Its name, with the folders on the way to it.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public void WriteFile(string name, byte[] content)
    {
        WriteFile(name, file => file.Write(content));
    }

    internal void WriteFile(string name, Action<Stream> write)
    {
        var file = Place.In(name.Replace(Path.DirectorySeparatorChar, '/'));
        MakeFolder(file.Folder!);
        file.Write(write);
    }

    internal static void MakeFolder(Place place)
    {
        try
        {
            place.Make().Dispose();
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new RecordingException(place.FullPath, trouble);
        }
    }

    private Place RunPlace(RunKey key) => Place.In(RunsName).In(key.ToString());

    private ExperimentSpec ReadSpec(Components components)
    {
        try
        {
            using var stream = OpenSpec();
            return SpecReader.Read(stream, components);
        }
        catch (SpecException mistakes)
        {
            throw new FolderException($"{SpecPath}: {mistakes.Problems[0]}", mistakes);
        }
    }

    private T? ReadOrNull<T>(string name)
        where T : class
        => RecordFile.ReadOrNull<T>(Place.In(name));

    /// <summary>
    /// Whether a folder has nothing in it, or only what a process that was killed writes after the inner folder and before the spec.
    /// </summary>
    private static bool IsNew(OpenFolder folder, string? inside)
    {
        var names = folder.Names().Where(name => !AsideName.Is(name)).ToList();
        if (inside is null || !names.Remove(inside))
        {
            return names.Count == 0;
        }

        using var inner = folder.Folder(inside);
        return inner.Names().Count == 0
            && names.All(name => name is EnvironmentName or DataName or ResumeName || FolderHold.Names.Contains(name));
    }

    private static string? FileInTheWay(string path)
    {
        for (var level = path; level is not null; level = Path.GetDirectoryName(level))
        {
            if (InputFile.Exists(level))
            {
                return level;
            }
        }

        return null;
    }
}
