using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Watching;

/// <summary>
/// The runs in a folder, while they go on or when they have ended: those of an experiment, of a study, of a tuning, a single run, or those
/// of
/// several experiments. It only reads. Nothing in it is trusted, and no link is followed.
/// </summary>
public sealed class WatchedFolder
{
    /// <summary>The most runs that are shown.</summary>
    public const int MostRuns = 400;

    private const int Deepest = 4, MostFolders = 20_000;

    private readonly Place _place;
    private readonly Dictionary<string, WatchedRun> _known = [];
    private readonly Dictionary<string, long?> _totals = [];

    /// <param name="path">The folder.</param>
    /// <exception cref="FolderException">There is no such folder.</exception>
    public WatchedFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        _place = Place.Named(Path.GetFullPath(path));
        if (!_place.IsFolder)
        {
            throw new FolderException(
                $"{path}: no such folder; name one that `fa compare`, `fa train`, `fa tune`, `fa study` or `fa reproduce` has made");
        }
    }

    /// <summary>Where it is.</summary>
    public string FullPath => _place.FullPath;

    /// <summary>Whether there are more runs than are shown.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The name of the experiment, if the folder is one's; else the folder's.</summary>
    public string Title => ForeignText.Line(
        RecordFile.TryRead<NameOnly>(_place.In(ExperimentFolder.SpecName))?.Name is { Length: > 0 } name ? name : _place.Name, 200);

    /// <summary>The runs that there are now, in the order of their paths.</summary>
    public IReadOnlyList<WatchedRun> Runs()
    {
        List<(string Id, Place Place, Place Experiment)> found = [];
        var folders = 0;
        HasMore = false;
        Find(_place, "", _place, 0);
        foreach (var (id, place, experiment) in found)
        {
            if (!_known.ContainsKey(id))
            {
                _known[id] = new WatchedRun(id, place, () => TotalOf(experiment));
            }
        }

        return [.. found.Select(run => _known[run.Id])];

        void Find(Place place, string path, Place experiment, int depth)
        {
            if (found.Count >= MostRuns || ++folders > MostFolders)
            {
                HasMore = true;
                return;
            }

            if (place.In(MetricsWriter.LinesName).IsFile)
            {
                found.Add((path.Length == 0 ? "." : path, place, experiment));
                return;
            }

            if (depth == Deepest)
            {
                return;
            }

            // What stands in a spec holds for the runs below it.
            var holder = place.In(ExperimentFolder.SpecName).IsFile ? place : experiment;
            foreach (var inner in place.Folders())
            {
                Find(inner, path.Length == 0 ? inner.Name : $"{path}/{inner.Name}", holder, depth + 1);
            }
        }
    }

    /// <summary>Examples of a whole training, by the experiment's spec and data; null: they do not say it.</summary>
    private long? TotalOf(Place experiment)
    {
        if (!_totals.TryGetValue(experiment.FullPath, out var total))
        {
            var spec = RecordFile.TryRead<ExperimentSpec>(experiment.In(ExperimentFolder.SpecName));
            var data = RecordFile.TryRead<DataRecord>(experiment.In(ExperimentFolder.DataName));
            total = spec is null || data is not { Train: > 0 } ? null : SpecCompletion.TotalExamples(spec.Training, data.Train);
            if (total is not null)
            {
                _totals[experiment.FullPath] = total;
            }
        }

        return total;
    }

    private sealed record NameOnly([property: JsonRequired] string Name);
}
