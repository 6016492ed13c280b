using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// The settings of a study one by one: the entries of its list, times those of its zip, times its grid, of which the last key changes
/// first.
/// </summary>
internal static class StudyCells
{
    private const int MostProblems = 100;

    private static readonly IReadOnlyDictionary<string, JsonElement> _nothing = new Dictionary<string, JsonElement>();

    /// <summary>The settings of each cell, by key.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Of(StudySpec study)
    {
        IEnumerable<IReadOnlyDictionary<string, JsonElement>> cells = study.List.Count > 0 ? study.List : [_nothing];
        if (study.Zip.Count > 0)
        {
            cells = cells.SelectMany(cell => Enumerable.Range(0, study.Zip.Values.First().Count)
                .Select(index => With(cell, study.Zip.Select(key => KeyValuePair.Create(key.Key, key.Value[index])))));
        }

        foreach (var (key, values) in study.Grid)
        {
            cells = cells.SelectMany(cell => values.Select(value => With(cell, [KeyValuePair.Create(key, value)])));
        }

        return [.. cells];
    }

    /// <summary>The spec of a cell: read as any other.</summary>
    /// <param name="asked">The study's spec.</param>
    /// <param name="cell">The settings.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">These settings are wrong.</exception>
    public static ExperimentSpec Spec(ExperimentSpec asked, IReadOnlyDictionary<string, JsonElement> cell, Components components)
    {
        var json = JsonNode.Parse(SpecWriter.Write(asked with { Study = null, Tuning = null }))!.AsObject();
        if (cell.TryGetValue(SpecJson.OptimizerKind, out var optimizer) && optimizer.ValueKind == JsonValueKind.String)
        {
            SpecJson.ForgetAnotherOptimizer(json, optimizer.GetString());
        }

        foreach (var (key, value) in cell)
        {
            SpecJson.Set(json, key, JsonNode.Parse(value.GetRawText()));
        }

        return SpecReader.Read(json.ToJsonString(), components);
    }

    /// <summary>The complete specs of all cells.</summary>
    /// <param name="asked">The study's spec, valid but for the values that it varies.</param>
    /// <param name="cells">The settings of each.</param>
    /// <param name="data">The data.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">Some settings are wrong. A mistake of many cells is told once.</exception>
    public static IReadOnlyList<ExperimentSpec> Complete(
        ExperimentSpec asked, IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> cells, DataRecord data, Components components)
    {
        (ExperimentSpec? Spec, IReadOnlyList<SpecProblem> Problems)[] tried =
        [
            .. cells.AsParallel().AsOrdered().Select(cell =>
            {
                try
                {
                    return (SpecCompletion.Complete(Spec(asked, cell, components), data, components), (IReadOnlyList<SpecProblem>)[]);
                }
                catch (SpecException mistakes)
                {
                    return ((ExperimentSpec?)null, mistakes.Problems);
                }
            }),
        ];
        SpecProblem[] problems =
        [
            .. tried.Index().SelectMany(cell => cell.Item.Problems.Select(problem => (problem, cell.Index)))
                .GroupBy(found => found.problem, found => found.Index)
                .Select(mistake => cells.Count == 1 ? mistake.Key : mistake.Key with
                {
                    Message = $"{mistake.Key.Message} (in {mistake.Count()} of {cells.Count} settings, first {InWords(cells[mistake.First()])})",
                }),
        ];
        if (problems.Length > 0)
        {
            throw new SpecException(problems.Length <= MostProblems ? problems
                : [.. problems.Take(MostProblems), new("", $"and {problems.Length - MostProblems} more mistakes, which are not shown")]);
        }

        return [.. tried.Select(cell => cell.Spec!)];
    }

    /// <summary>Settings on one line: <c>feedback.scale=0.1, network.layers=784-100-10</c>.</summary>
    public static string InWords(IReadOnlyDictionary<string, JsonElement> settings)
        => settings.Count == 0 ? "as the spec says"
            : Listing.Some(settings.Select(setting => $"{setting.Key}={PlannedRun.Text(setting.Value)}"));

    private static Dictionary<string, JsonElement> With(
        IReadOnlyDictionary<string, JsonElement> cell, IEnumerable<KeyValuePair<string, JsonElement>> more)
        => new([.. cell, .. more]);
}
