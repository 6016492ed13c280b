using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Archive;

/// <summary>A setting in which two specs differ.</summary>
/// <param name="Path">Its key, e.g. <c>optimizer.learningRate</c>.</param>
/// <param name="First">What the first spec has, as JSON; null: the key is not there.</param>
/// <param name="Second">What the second has.</param>
public sealed record SpecDifference(string Path, string? First, string? Second)
{
    private static readonly string[] _free = ["name", "training.threads"];

    /// <summary>All settings in which two specs differ, in the order of the keys. Lists count as one setting.</summary>
    /// <param name="first">A spec.</param>
    /// <param name="second">Another one.</param>
    public static IReadOnlyList<SpecDifference> Between(ExperimentSpec first, ExperimentSpec second) => Between((object)first, second);

    /// <summary>
    /// The settings that a run cannot change once it has begun, and in which two specs differ: all but <c>name</c> and
    /// <c>training.threads</c>, which change no result.
    /// </summary>
    /// <param name="ranUnder">The spec that it has begun under.</param>
    /// <param name="now">The spec that is there now.</param>
    public static IReadOnlyList<SpecDifference> Changes(ExperimentSpec ranUnder, ExperimentSpec now)
        => [.. Between(ranUnder, now, intoLists: true).Where(setting => !_free.Contains(setting.Path) && !(IsNothing(setting.First) && (IsNothing(setting.Second) || IsFilledIn(ranUnder, setting))))];

    /// <summary>The difference as a part of a sentence: <c>optimizer.learningRate was 0.05, is now 0.5</c>.</summary>
    public override string ToString() => $"{ForeignText.Line(Path, ForeignText.LongestQuote)} was {Shown(First)}, is now {Shown(Second)}";

    /// <summary>The same for any two values that can be written as JSON.</summary>
    internal static IReadOnlyList<SpecDifference> Between(object first, object second, bool intoLists = false)
    {
        var (left, right) = (Settings(first, intoLists), Settings(second, intoLists));
        return
        [
            .. left.Keys.Union(right.Keys)
                .Select(path => new SpecDifference(path, left.GetValueOrDefault(path), right.GetValueOrDefault(path)))
                .Where(setting => setting.First != setting.Second),
        ];
    }

    /// <summary>Version 0.1 did not write down how it had read data; what is filled in now is judged by the checksum of the data.</summary>
    private static bool IsFilledIn(ExperimentSpec ranUnder, SpecDifference setting)
        => ranUnder.Format < ExperimentSpec.CurrentFormat && setting.Path.StartsWith("data.", StringComparison.Ordinal);

    private static string Shown(string? value) => value is null ? "not there" : ForeignText.Line(value, ForeignText.LongestQuote);

    /// <summary>A setting that is not there, one that is null, and a section without entries all say the same.</summary>
    private static bool IsNothing(string? value) => value is null or "null" or "{}" or "[]";

    private static Dictionary<string, string> Settings(object spec, bool intoLists)
    {
        var settings = new Dictionary<string, string>();
        Collect(JsonSerializer.SerializeToNode(spec, ExperimentJson.Line), "");
        return settings;

        void Collect(JsonNode? value, string path)
        {
            if (value is JsonObject { Count: > 0 } section)
            {
                foreach (var (key, inner) in section)
                {
                    Collect(inner, SpecContract.Join(path, key));
                }
            }
            else if (intoLists && value is JsonArray list && list.Any(item => item is JsonObject))
            {
                foreach (var (index, item) in list.Index())
                {
                    Collect(item, $"{path}[{index}]");
                }
            }
            else
            {
                settings[path] = value?.ToJsonString(ExperimentJson.Line) ?? "null";
            }
        }
    }
}
