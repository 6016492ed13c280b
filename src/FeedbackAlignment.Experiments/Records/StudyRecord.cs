using System.Text.Json;
using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>What a study is, in its <c>study.json</c>: written last, so that it marks a study whose plan is whole.</summary>
public sealed record StudyHeader
{
    /// <summary>The form of the folder.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Runs that are planned, equal ones counted each.</summary>
    public required int Planned { get; init; }

    /// <summary>Different runs, each of which is done once.</summary>
    public required int Runs { get; init; }

    /// <summary>Settings, without rules and seeds.</summary>
    public required int Cells { get; init; }

    /// <summary>SHA-256 of the data that the runs learn from.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// Seconds without a sign of life after which a worker's run is taken over by another. It is longer than network drives keep what they
    /// have read.
    /// </summary>
    public required double StaleSeconds { get; init; }

    /// <summary>Version of the program that planned it.</summary>
    public required string Version { get; init; }
}

/// <summary>A line of <c>plan.jsonl</c>: a run that a study wants.</summary>
/// <param name="Name">The run's name: its folder in <c>runs</c>. Equal runs have the same.</param>
/// <param name="Cell">The place of its settings in the study, from 0.</param>
/// <param name="Rule">The id of the learning rule.</param>
/// <param name="Seed">The root seed.</param>
/// <param name="Settings">The settings that the study varies, by key.</param>
public sealed record PlannedRun(string Name, int Cell, string Rule, ulong Seed, IReadOnlyDictionary<string, JsonElement> Settings)
{
    /// <summary>A value as a person writes it: a text without quotation marks.</summary>
    /// <param name="value">The value of a setting.</param>
    public static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}

/// <summary>How far a planned run is.</summary>
public enum StudyRunState
{
    /// <summary>Nobody has claimed it, or its worker has left it to the next.</summary>
    Waiting,

    /// <summary>A worker has claimed it; whether that lives, only time shows.</summary>
    Claimed,

    /// <summary>It has ended, and its record is there.</summary>
    Finished,

    /// <summary>It broke off with an error.</summary>
    Failed,
}

/// <summary>A planned run, and what came of it.</summary>
public sealed record StudyRun
{
    /// <summary>The plan.</summary>
    public required PlannedRun Plan { get; init; }

    /// <summary>How far it is.</summary>
    public required StudyRunState State { get; init; }

    /// <summary>What came out; null where it has not ended, or where nobody asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunRecord? Record { get; init; }

    /// <summary>Why it failed, or who has claimed it; null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>The study whose run was copied; null: it was trained here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReusedFrom { get; init; }
}

/// <summary>A study, as far as it has come.</summary>
public sealed record StudyRecord
{
    /// <summary>What it is.</summary>
    public required StudyHeader Header { get; init; }

    /// <summary>The spec, with the study in it.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>The data.</summary>
    public required DataRecord Data { get; init; }

    /// <summary>The runs, in the order of the plan.</summary>
    public required IReadOnlyList<StudyRun> Runs { get; init; }
}
