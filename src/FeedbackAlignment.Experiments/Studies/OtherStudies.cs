using System.Text.Json;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// The studies beside a study, in the same folder: a run that one of them has finished is copied and not trained again. Copies share
/// nothing, so that each study can be deleted.
/// </summary>
/// <param name="study">The study's folder.</param>
internal sealed class OtherStudies(Place study)
{
    /// <summary>The record comes last, for it says that the rest is there.</summary>
    private static readonly string[] _files =
    [
        MetricsWriter.LinesName, MetricsWriter.CurveName, MetricsWriter.AlignmentName, RunFolder.WeightsName, RunFolder.RecordName,
    ];

    private readonly Lazy<IReadOnlyList<Place>> _others = new(() => Find(study));

    /// <summary>Copies a run from another study.</summary>
    /// <param name="name">The run.</param>
    /// <param name="to">The folder of an attempt.</param>
    /// <returns>The run's record and the name of the study; null: no other study has it.</returns>
    public (RunRecord Record, string From)? Copy(string name, Place to)
    {
        foreach (var other in _others.Value)
        {
            var run = other.In(StudyFiles.NameOf(StudyPart.Runs)).In(name);
            if (run.IsFolder && new RunFolder(run).Finished(name) is { } record && TryToCopy(run, to))
            {
                to.In(StudyFolder.ReusedName).Write(file => file.Write(
                    [.. JsonSerializer.SerializeToUtf8Bytes(new ReusedRun(other.Name), ExperimentJson.Indented), (byte)'\n']));
                return (record, other.Name);
            }
        }

        return null;
    }

    private static IReadOnlyList<Place> Find(Place study)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(study.FullPath));
        return parent is null ? []
            : [.. Place.Named(parent).Folders().Where(other => other.Name != study.Name && StudyFolder.IsAt(other))];
    }

    /// <summary>Somebody may delete the other study just now.</summary>
    private static bool TryToCopy(Place run, Place to)
    {
        try
        {
            RunFiles.Copy(run, to, _files);
            return true;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            return false;
        }
    }
}
