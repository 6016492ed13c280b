using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>What a run notes in its checkpoint beside the training's state.</summary>
/// <param name="Rule">The id of the learning rule.</param>
/// <param name="Seed">The root seed.</param>
/// <param name="Examples">Examples learned from until then.</param>
/// <param name="Seconds">Seconds spent until then.</param>
/// <param name="Version">Version of the program that wrote it.</param>
/// <param name="Metrics">How long the files of metrics were.</param>
/// <param name="Spec">What is run, complete; null if the note does not say it.</param>
internal sealed record RunCheckpoint(string Rule, ulong Seed, long Examples, double Seconds, string Version, MetricsLengths Metrics, ExperimentSpec? Spec = null);

/// <summary>How many bytes of metrics belong to a run, up to some moment.</summary>
/// <param name="Lines">Of <c>metrics.jsonl</c>.</param>
/// <param name="Curve">Of <c>curve.csv</c>.</param>
/// <param name="Alignment">Of <c>alignment.csv</c>.</param>
/// <param name="Norms">Of <c>norms.csv</c>; 0: there is none.</param>
internal sealed record MetricsLengths(
    long Lines, long Curve, long Alignment, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Norms = 0);
