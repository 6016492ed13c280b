using System.Text.Json;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A run of a study on a line.</summary>
internal static class StudyText
{
    /// <summary>Rule, seed and settings.</summary>
    public static string InWords(PlannedRun run) => $"{run.Rule} seed {run.Seed}, {InWords(run.Settings)}";

    /// <summary>Settings: <c>feedback.scale=0.1, network.layers=784-100-10</c>.</summary>
    public static string InWords(IReadOnlyDictionary<string, JsonElement> settings) => settings.Count == 0 ? "as the spec says"
        : string.Join(", ", settings.Select(setting => $"{setting.Key}={PlannedRun.Text(setting.Value)}"));
}
