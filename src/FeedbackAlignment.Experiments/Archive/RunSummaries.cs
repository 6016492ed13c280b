using System.Text.Json;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Archive;

/// <summary>
/// Of a <c>run.json</c> only what a list shows: curves and readings are skipped, so that ten thousand are read in a second.
/// </summary>
internal sealed record RunSummary(string Rule, ulong Seed, RunStatus Status, double? ValidationError, double? TestError, long Examples, double Seconds, JsonElement? Spec = null);

/// <summary>Of a <c>results.json</c> only the spec.</summary>
internal sealed record SpecHolder(JsonElement? Spec = null);

/// <summary>Of a <c>spec.json</c> only what a list shows.</summary>
internal sealed record SpecSummary(string Name, SpecSummary.DataPart Data, SpecSummary.NetworkPart Network)
{
    internal sealed record DataPart(string Source);

    internal sealed record NetworkPart(string Layers);
}

/// <summary>Of an <c>environment.json</c> only when the experiment began.</summary>
internal sealed record EnvironmentSummary(DateTimeOffset Started);

/// <summary>Of a <c>data.json</c> only what errors mean.</summary>
internal sealed record DataSummary(bool Classification);
