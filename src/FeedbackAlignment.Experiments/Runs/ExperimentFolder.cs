using System.Text;
using System.Text.Json;
using FeedbackAlignment.Experiments.Archive;
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

    private ExperimentFolder(string path) => FullPath = path;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

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
        var folder = new ExperimentFolder(Path.GetFullPath(path));
        return folder.HasBegun ? folder
            : File.Exists(Path.Combine(path, "..", "..", SpecName))
                ? throw new FolderException(
                    $"{path}: is the folder of a single run; name the folder of its experiment, "
                    + $"{Path.GetFullPath(Path.Combine(path, "..", ".."))}")
            : File.Exists(folder.SpecPath)
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
        => IsAt(path) ? At(path) : CreateOrTake(path, RunsName);

    /// <summary>A folder that is there, whatever is in it.</summary>
    internal static ExperimentFolder At(string path) => new(Path.GetFullPath(path));

    /// <summary>
    /// Makes a folder with another folder in it, or takes one over in which a process was killed before it had written its spec.
    /// </summary>
    internal static ExperimentFolder CreateOrTake(string path, string inside) => IsLeftBehind(path, inside) ? At(path) : Create(path, inside);

    /// <summary>Makes a folder with another folder in it.</summary>
    internal static ExperimentFolder Create(string path, string inside)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new FolderException("the folder for the results has no name; choose one with --out");
        }

        var full = Path.GetFullPath(path);
        if (FileInTheWay(full) is { } file)
        {
            throw new FolderException($"{path}: cannot be a folder because {file} is a file; choose another folder with --out");
        }

        try
        {
            if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            {
                throw new FolderException(
                    $"{path}: the folder is not empty, and nothing in it may be overwritten; choose a new one with --out, or delete it");
            }

            Directory.CreateDirectory(Path.Combine(full, inside));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"{path}: cannot write there ({trouble.Message.TrimEnd('.')}); choose another folder with --out", trouble);
        }

        return new ExperimentFolder(full);
    }

    /// <summary>Whether a folder is an experiment's.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path) => File.Exists(Path.Combine(path, SpecName)) && Directory.Exists(Path.Combine(path, RunsName));

    /// <summary>Whether an experiment has come to its end, and its results are there.</summary>
    internal static bool HasResults(string path) => File.Exists(Path.Combine(path, ResultsName));

    /// <summary>
    /// Reads the results of an experiment. Where they say nothing of their rules, what the catalog knows of them is filled in.
    /// </summary>
    /// <param name="path">An experiment's folder, or its <c>results.json</c>.</param>
    /// <exception cref="FolderException">There are no results, or they cannot be read.</exception>
    public static ExperimentRecord Read(string path)
    {
        var record = RecordFile.Read<ExperimentRecord>(Directory.Exists(path) ? Path.Combine(path, ResultsName) : path, RecordFile.ExperimentMakers);
        return record.Rules.Count > 0 ? record : record with { Rules = RuleRecords.Of(record.Spec) };
    }

    /// <summary>Whether an experiment has been begun here.</summary>
    public bool HasBegun => IsAt(FullPath);

    /// <summary>Number of runs that have gone to their end, one way or another.</summary>
    /// <param name="spec">The experiment.</param>
    public int CountFinished(ExperimentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return RunKey.AllOf(spec).Count(key => new RunFolder(RunPath(key)).Finished(key) is not null);
    }

    /// <summary>How the experiment was run until now.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public ResumeRecord ReadResume() => ReadOrNull<ResumeRecord>(ResumeName) ?? new ResumeRecord();

    /// <summary>Keeps the folder for this process until disposed of.</summary>
    /// <exception cref="FolderException">Another process writes there, or nobody can.</exception>
    internal FolderHold Hold(TimeProvider clock) => new(FullPath, clock);

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

    /// <summary>
    /// Makes sure that the experiment is gone on with under the spec that it was begun with; its name and the number of threads may have
    /// changed.
    /// </summary>
    /// <param name="spec">What is to be gone on with.</param>
    /// <param name="notice">Is told, in a line, if that cannot be known: checkpoints of version 0.1 do not say it.</param>
    /// <exception cref="FolderException">It was begun under another spec. The message names all keys that differ.</exception>
    public void RequireSpec(ExperimentSpec spec, Action<string> notice)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(notice);
        RecordedSpec.Require(FullPath, spec, notice);
        RecordedSpec.Require(FullPath, [ReadSpec()], spec);
    }

    /// <summary>Writes the spec again where a new name or number of threads is not in it yet.</summary>
    internal void WriteSpec(ExperimentSpec spec)
    {
        var wanted = SpecWriter.Write(spec);
        if (SpecWriter.Write(ReadSpec()) != wanted)
        {
            WriteText(SpecName, wanted);
        }
    }

    /// <summary>Results of an earlier stop are out of date as soon as another run has ended.</summary>
    internal void ForgetResults() => DurableFile.Delete(ResultsPath);

    internal void WriteResults(ExperimentRecord record) => WriteText(ResultsName, JsonSerializer.Serialize(record, ExperimentJson.Indented));

    internal RunFolder Run(RunKey key)
    {
        var path = RunPath(key);
        MakeFolder(path);
        return new RunFolder(path);
    }

    /// <summary>A matrix of a run's <c>weights.npz</c>, e.g. <c>hidden1.weights</c>.</summary>
    internal Matrix ReadWeights(RunKey key, string name) => NpzFile.Read(Path.Combine(RunPath(key), RunFolder.WeightsName), name);

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
            foreach (var file in files)
            {
                File.Delete(Path.Combine(FullPath, file));
            }

            Directory.Delete(Path.Combine(FullPath, RunsName));
            Directory.Delete(FullPath);
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
        var path = Path.Combine(FullPath, name);
        MakeFolder(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, file => file.Write(content));
    }

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new RecordingException(path, trouble);
        }
    }

    private string RunPath(RunKey key) => Path.Combine(FullPath, RunsName, key.ToString());

    private ExperimentSpec ReadSpec()
    {
        try
        {
            using var stream = File.OpenRead(SpecPath);
            return SpecReader.Read(stream, RuleCatalog.Ids);
        }
        catch (SpecException mistakes)
        {
            throw new FolderException($"{SpecPath}: {mistakes.Problems[0]}", mistakes);
        }
    }

    private T? ReadOrNull<T>(string name)
        where T : class
        => RecordFile.ReadOrNull<T>(Path.Combine(FullPath, name));

    /// <summary>Whether a folder has nothing in it but what is written before the spec.</summary>
    private static bool IsLeftBehind(string path, string inside)
        => !string.IsNullOrWhiteSpace(path) && Directory.Exists(Path.Combine(path, inside)) && !Directory.EnumerateFileSystemEntries(Path.Combine(path, inside)).Any()
            && Directory.EnumerateFileSystemEntries(path).Select(entry => DurableFile.NameOf(Path.GetFileName(entry))).All(
                name => name == inside || name is EnvironmentName or DataName or ResumeName or SpecName || FolderHold.Names.Contains(name));

    private static string? FileInTheWay(string path)
    {
        for (var level = path; level is not null; level = Path.GetDirectoryName(level))
        {
            if (File.Exists(level))
            {
                return level;
            }
        }

        return null;
    }
}
