using System.Text.Json;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// The mistakes of a study beyond its single values, which the ordinary reader judges once they are in place
/// (<see cref="Studies.StudyCells"/>).
/// </summary>
internal static class StudyChecks
{
    private const string Grid = "study.grid", Zip = "study.zip", List = "study.list";

    public static void Check(ExperimentSpec spec, SpecProblems problems)
    {
        if (spec.Study is not { } study || !problems.Sound("study"))
        {
            return;
        }

        foreach (var (section, keys) in (ReadOnlySpan<(string, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>)>)
            [(Grid, study.Grid), (Zip, study.Zip)])
        {
            foreach (var (key, values) in keys)
            {
                CheckValues(SpecContract.Join(section, key), values, mayRepeat: section == Zip, problems);
            }
        }

        if (study.Zip.Values.Select(values => values.Count).Distinct().Count() > 1)
        {
            problems.Add(Zip,
                $"all lists must have one length; {string.Join(", ", study.Zip.Select(key => $"{Key(key.Key)} has {key.Value.Count}"))}");
        }

        CheckKeys(study, problems);
        CheckCount(spec, study, problems);
    }

    /// <summary>The settings of a study, without those of rules and seeds.</summary>
    public static double Cells(StudySpec study)
        => study.Grid.Values.Aggregate(1.0, (count, values) => count * values.Count)
            * (study.Zip.Count > 0 ? study.Zip.Values.First().Count : 1)
            * (study.List.Count > 0 ? study.List.Count : 1);

    private static void CheckValues(string path, IReadOnlyList<JsonElement> values, bool mayRepeat, SpecProblems problems)
    {
        if (values.Count == 0)
        {
            problems.Add(path, "must have at least one value, was empty");
        }

        var first = new Dictionary<string, int>();
        foreach (var (index, value) in values.Index())
        {
            if (!mayRepeat && !first.TryAdd(value.GetRawText(), index))
            {
                problems.Add($"{path}[{index}]",
                    $"{Display.Json(value)} is already item [{first[value.GetRawText()]}]; each may come once");
            }
        }
    }

    private static void CheckKeys(StudySpec study, SpecProblems problems)
    {
        List<(string Path, string Key)> always = [];
        foreach (var (section, keys) in (ReadOnlySpan<(string, IEnumerable<string>)>)[(Grid, study.Grid.Keys), (Zip, study.Zip.Keys)])
        {
            foreach (var key in keys)
            {
                CheckKey((SpecContract.Join(section, key), key), always, problems);
                always.Add((SpecContract.Join(section, key), key));
            }
        }

        // Entries of the list exclude each other.
        foreach (var (index, entry) in study.List.Index().TakeWhile(_ => !problems.TooMany))
        {
            List<(string Path, string Key)> here = [.. always];
            foreach (var key in entry.Keys)
            {
                CheckKey((SpecContract.Join($"{List}[{index}]", key), key), here, problems);
                here.Add((SpecContract.Join($"{List}[{index}]", key), key));
            }
        }
    }

    private static void CheckKey((string Path, string Key) key, List<(string Path, string Key)> others, SpecProblems problems)
    {
        if (StudyKeys.Mistake(key.Key) is { } mistake)
        {
            problems.Add(key.Path, mistake);
        }
        else if (others.Find(other => StudyKeys.Covers(other.Key, key.Key) || StudyKeys.Covers(key.Key, other.Key)) is { Path: { } twice })
        {
            problems.Add(key.Path, $"is varied by {twice} too; keep one of the two");
        }
    }

    private static void CheckCount(ExperimentSpec spec, StudySpec study, SpecProblems problems)
    {
        var (cells, rules, seeds) = (Cells(study), (spec.Rules ?? []).Count, (spec.Seeds ?? []).Count);
        if (cells * rules * seeds > StudySpec.MostRuns)
        {
            problems.Add("study",
                $"{cells:0} settings × {rules} rules × {seeds} seeds are {cells * rules * seeds:0} runs; must be at most {StudySpec.MostRuns}");
        }
    }

    private static string Key(string key) => SpecProblem.Key(key);
}
