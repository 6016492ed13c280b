using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>
/// How an experiment is run, apart from what it is; nothing of it changes a result. <c>fa resume</c> goes on in the same way.
/// </summary>
public sealed record ResumeRecord
{
    /// <summary>Examples from one checkpoint of a run to the next; null: only when the experiment is stopped.</summary>
    [JsonConverter(typeof(PositiveCountConverter))]
    public long? CheckpointEvery { get; init; }

    /// <summary>The folder with data files; null: where the environment says.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Checksum of the examples, so that nobody goes on with others.</summary>
    public string? DataChecksum { get; init; }

    /// <summary>
    /// The complete spec that the folder was begun with, to notice when <c>spec.json</c> is changed; null in folders of version 0.1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExperimentSpec? Spec { get; init; }

    /// <summary>Refuses to go on with other data than a folder was begun with.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="now">How it would go on.</param>
    /// <exception cref="FolderException">The data are others.</exception>
    internal void RequireData(string folder, ResumeRecord now)
    {
        if (DataChecksum is { } begun && begun != now.DataChecksum)
        {
            throw new FolderException(
                $"{folder}: was begun on other data (checksum {ForeignText.Line(begun, ForeignText.LongestQuote)}, now "
                    + $"{now.DataChecksum}); restore the data, or start again in another folder");
        }
    }
}
