using System.Globalization;
using System.Text.Json;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Experiments.Archive;

/// <summary>Finds the runs below a folder, whatever made them, and whatever state they are in.</summary>
public static class RunArchive
{
    /// <summary>How deep below a folder experiments are looked for.</summary>
    private const int Depth = 6;

    /// <summary>All runs below a folder, by folder. A run whose files are damaged is in the list and says so.</summary>
    /// <param name="root">A folder, an experiment's, or one above several.</param>
    /// <exception cref="FolderException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<ListedRun> Find(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var place = Place.Named(root);
        if (!place.IsFolder)
        {
            throw new FolderException($"{root}: no such folder; name one with runs of `fa compare` or `fa train`");
        }

        try
        {
            return [.. Experiments(place, Depth).AsParallel().AsOrdered().SelectMany(RunsOf)];
        }
        catch (Exception trouble) when (Cause(trouble) is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"{root}: cannot be read ({Cause(trouble).Message.TrimEnd('.')})", trouble);
        }
    }

    /// <summary>What is wrong with a folder that one experiment is wanted of, if it is one above several.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>A message that names the newest of them; null: there are none in it.</returns>
    internal static string? Several(string folder)
    {
        var place = Place.Named(folder);
        if (!place.IsFolder || ExperimentFolder.IsAt(place))
        {
            return null;
        }

        Place[] experiments = [.. Experiments(place, depth: 2).OrderByDescending(Begun)];
        return experiments.Length == 0 ? null
            : $"{folder}: is not an experiment folder but contains {(experiments.Length == 1 ? "one" : $"{experiments.Length}")}; name "
                + $"{(experiments.Length == 1 ? "that one" : "one of them, e.g. the newest")}: {experiments[0]} (`fa runs {folder}` "
                + $"lists {(experiments.Length == 1 ? "its" : "their")} runs)";
    }

    private static DateTime Begun(Place experiment)
    {
        using var folder = experiment.Open();
        return folder.Changed(ExperimentFolder.SpecName);
    }

    private static IEnumerable<Place> Experiments(Place folder, int depth)
    {
        if (ExperimentFolder.IsAt(folder))
        {
            yield return folder;
        }
        else if (depth > 0)
        {
            foreach (var found in folder.Folders().SelectMany(inner => Experiments(inner, depth - 1)))
            {
                yield return found;
            }
        }
    }

    private static Exception Cause(Exception trouble) => trouble is AggregateException { InnerException: { } inner } ? inner : trouble;

    private static IReadOnlyList<ListedRun> RunsOf(Place experiment)
    {
        var current = RecordFile.TryRead<JsonDocument>(experiment.In(ExperimentFolder.SpecName))?.RootElement;

        // Runs of version 0.1 do not have their spec themselves.
        var old = new Lazy<JsonElement?>(() => RecordFile.TryRead<SpecHolder>(experiment.In(ExperimentFolder.ResultsName))?.Spec);
        var data = RecordFile.TryRead<DataSummary>(experiment.In(ExperimentFolder.DataName));
        var began = RecordFile.TryRead<EnvironmentSummary>(experiment.In(ExperimentFolder.EnvironmentName))?.Started
            ?? Directory.GetCreationTimeUtc(experiment.FullPath);
        var runs = experiment.In(ExperimentFolder.RunsName);
        if (!runs.IsFolder)
        {
            return [];
        }

        // The runs of a study differ from its spec on purpose.
        var isStudy = StudyFolder.IsAt(experiment);
        using var all = runs.Open();
        return [.. all.FolderNames().Select(Read), .. all.LinkNames().Select(link => Listed(link, run: null, ended: true))];

        ListedRun Read(string name)
        {
            try
            {
                using var folder = all.Folder(name);
                var run = RecordFile.TryRead<RunSummary>(folder, RunFolder.RecordName);
                return Listed(name, run, run is not null || folder.KindOf(RunFolder.RecordName) != EntryKind.None);
            }
            catch (Exception trouble) when (RecordingException.IsCause(trouble))
            {
                // It may not be opened, or has gone since: one run must not hide the others.
                return Listed(name, run: null, ended: true);
            }
        }

        ListedRun Listed(string name, RunSummary? run, bool ended)
        {
            var (rule, seed) = ByName(name);
            var ranUnder = run is null ? null : run.Spec ?? old.Value;
            var spec = Summary(ranUnder ?? current);
            return new ListedRun
            {
                Folder = Path.Combine(all.FullPath, name),
                Experiment = (Summary(current) ?? spec)?.Name ?? "",
                Rule = run?.Rule ?? rule,
                Seed = run?.Seed ?? seed,
                Data = spec?.Data.Source ?? "",
                Network = spec?.Network.Layers ?? "",
                Classification = data?.Classification ?? true,
                State = run is not null ? StateOf(run.Status) : ended || spec is null ? RunState.Unreadable : RunState.Unfinished,
                ValidationError = run?.ValidationError,
                TestError = run?.TestError,
                Examples = run?.Examples,
                Seconds = run?.Seconds,
                ChangedKeys = isStudy ? [] : Changes(ranUnder, current),
                Began = began,
            };
        }
    }

    private static SpecSummary? Summary(JsonElement? spec) => As<SpecSummary>(spec);

    /// <summary>Thousands of specs are compared as they are written; only those that differ are understood.</summary>
    private static IReadOnlyList<string> Changes(JsonElement? ranUnder, JsonElement? current)
        => ranUnder is { } before && current is { } now && !AreEqual(before, now) && As<ExperimentSpec>(before) is { } then
            && As<ExperimentSpec>(now) is { } spec
            ? [.. SpecDifference.Changes(then, spec).Select(change => change.Path)]
            : [];

    private static T? As<T>(JsonElement? json)
        where T : class
    {
        try
        {
            return json?.Deserialize<T>(ExperimentJson.Line);
        }
        catch (Exception trouble) when (IsDamage(trouble))
        {
            return null;
        }
    }

    private static bool AreEqual(JsonElement first, JsonElement second)
    {
        try
        {
            return JsonElement.DeepEquals(first, second);
        }
        catch (Exception trouble) when (IsDamage(trouble))
        {
            return false;
        }
    }

    /// <summary>A text with bytes that are no text is found out only when it is looked at.</summary>
    private static bool IsDamage(Exception trouble) => trouble is JsonException or InvalidOperationException;

    private static RunState StateOf(RunStatus status) => status switch
    {
        RunStatus.Completed => RunState.Completed,
        RunStatus.Diverged => RunState.Diverged,
        RunStatus.StoppedEarly => RunState.StoppedEarly,
        _ => RunState.Cancelled,
    };

    /// <summary>Rule and seed of a folder called RULE-SEED.</summary>
    private static (string Rule, ulong? Seed) ByName(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash > 0 && ulong.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? (name[..dash], seed) : (name, null);
    }
}
