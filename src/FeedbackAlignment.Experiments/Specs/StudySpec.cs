using System.Text.Json;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// A study: the same experiment under several settings. <c>grid</c>, <c>zip</c> and <c>list</c> multiply with one another, with
/// <c>rules</c> and with <c>seeds</c>. Equal runs are done once. <c>fa study</c> runs it.
/// </summary>
public sealed record StudySpec
{
    /// <summary>The most runs of a study.</summary>
    public const int MostRuns = 100_000;

    /// <summary>
    /// Keys of the spec with their values, e.g. <c>"feedback.scale": [0.1, 1, 10]</c>. Every value of a key meets every value of the other
    /// keys. Not to be varied are <c>name</c>, <c>format</c>, <c>rules</c>, <c>seeds</c>, <c>data</c>, <c>training.threads</c>,
    /// <c>training.parallel</c>,
    /// <c>tuning</c> and <c>study</c>. Another <c>optimizer.kind</c> starts from its own defaults, but for the schedule and clipping.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Grid { get; init; }
        = new Dictionary<string, IReadOnlyList<JsonElement>>();

    /// <summary>
    /// Keys that go together: lists of one length. The first values make a setting, the second values another, and so on.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Zip { get; init; }
        = new Dictionary<string, IReadOnlyList<JsonElement>>();

    /// <summary>Settings one by one, each with its own keys: <c>[{ "feedback.scale": 1 }, { "loss": "squared-error" }]</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> List { get; init; } = [];
}
