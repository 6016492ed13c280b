using System.Text.Json;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>
/// What a reproduction leaves behind: <c>plan.json</c> (what was asked), <c>reproduction.json</c> (claims and verdicts),
/// <c>figures.json</c> (every figure as data), and in <c>experiments</c> a folder for each experiment, like those of <c>fa train</c>.
/// </summary>
public sealed class ReproductionFolder
{
    private const string PlanName = "plan.json", RecordName = "reproduction.json", FiguresName = "figures.json", ExperimentsName = "experiments";

    private readonly ExperimentFolder _folder;

    private ReproductionFolder(ExperimentFolder folder) => _folder = folder;

    /// <summary>Where it is.</summary>
    public string FullPath => _folder.FullPath;

    /// <summary>Path of the record.</summary>
    public string RecordPath => Path.Combine(FullPath, RecordName);

    /// <summary>Path for the report.</summary>
    public string ReportPath => _folder.ReportPath;

    /// <summary>Makes a folder for a new reproduction, and tries that it can be written to.</summary>
    /// <param name="path">Where; a folder that is already there must be empty.</param>
    /// <exception cref="FolderException">It is not empty, or cannot be made or written to.</exception>
    public static ReproductionFolder Create(string path) => new(ExperimentFolder.Create(path, ExperimentsName));

    /// <summary>Whether a reproduction was begun in a folder.</summary>
    /// <param name="path">The folder.</param>
    public static bool HasBegun(string path) => Place.Named(path).In(PlanName).IsThere;

    /// <summary>The folder of a reproduction that was begun, to go on with it.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="FolderException">None was begun there.</exception>
    public static ReproductionFolder Open(string path)
        => HasBegun(path) ? new(ExperimentFolder.At(path)) : throw new FolderException($"{path}: has no {PlanName}; name a folder that `fa reproduce` has made");

    /// <summary>What was asked of it.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public ReproductionPlanRecord ReadPlan() => Read<ReproductionPlanRecord>(_folder.Place.In(PlanName));

    /// <summary>Writes down what is asked of it.</summary>
    /// <param name="plan">What is asked.</param>
    public void WritePlan(ReproductionPlanRecord plan) => WriteText(PlanName, JsonSerializer.Serialize(plan, ExperimentJson.Indented));

    /// <summary>Whether a folder is a reproduction's.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path) => Place.Named(path).In(RecordName).IsThere;

    /// <summary>Reads the record and the figures of a reproduction.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="notice">
    /// Is told, in a line each, of experiments whose <c>spec.json</c> was changed after the training; null: nobody is.
    /// </param>
    /// <exception cref="FolderException">They are not there, or cannot be read.</exception>
    public static (ReproductionRecord Record, IReadOnlyList<FigureRecord> Figures) Read(string path, Action<string>? notice = null)
    {
        var place = Place.Named(path);
        var record = Read<ReproductionRecord>(place.In(RecordName));
        foreach (var folder in record.Experiments.Select(experiment => place.In(ExperimentsName).In(experiment.Id)))
        {
            if (RecordedSpec.Read(folder.In(ExperimentFolder.ResultsName)) is { } ranUnder)
            {
                RecordedSpec.Tell(folder, ranUnder, RecordFile.TryRead<ExperimentSpec>(folder.In(ExperimentFolder.SpecName)), notice);
            }
        }

        var figures = Read<IReadOnlyList<FigureRecord>>(place.In(FiguresName));
        return FigureChecks.Problem(figures) is { } problem
            ? throw new FolderException($"{place.In(FiguresName)}: {Display.Message(problem)}; name a folder that `fa reproduce` has made")
                : (record, figures);
    }

    /// <summary>Writes a text beside the record.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="text">Its content.</param>
    public void WriteText(string name, string text) => _folder.WriteText(name, text);

    /// <summary>Writes a file below the folder.</summary>
    /// <param name="name">Its name, with the folders on the way to it.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public void WriteFile(string name, byte[] content) => _folder.WriteFile(name, content);

    internal FolderHold Hold(TimeProvider clock) => _folder.Hold(clock);

    internal ExperimentFolder Experiment(string id) => ExperimentFolder.CreateOrOpen(_folder.Place.In(ExperimentsName).In(id));

    internal void Write(ReproductionRecord record, IReadOnlyList<FigureRecord> figures)
    {
        WriteText(RecordName, JsonSerializer.Serialize(record, ExperimentJson.Indented));
        WriteText(FiguresName, JsonSerializer.Serialize(figures, ExperimentJson.Line));
    }

    private static T Read<T>(Place file) => RecordFile.Read<T>(file, "`fa reproduce`");
}
