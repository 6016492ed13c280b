namespace FeedbackAlignment.Experiments.Runs;

/// <summary>How the runs of an experiment are kept, and gone on with after a stop. Changes no result.</summary>
public sealed record ExperimentKeeping
{
    /// <summary>Examples from one checkpoint of a run to the next, ≥ 1; null: only when the experiment is stopped.</summary>
    public long? CheckpointEvery { get; init; }

    /// <summary>The folder with data files, to find them again; null: where the environment says.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Whether runs begin anew that cannot go on from their checkpoints.</summary>
    public bool Anew { get; init; }

    /// <summary>
    /// Is told, in a line, what the user should know of a run that goes on: a damaged checkpoint, another version. Several threads may
    /// tell at once.
    /// </summary>
    public Action<string> Notice { get; init; } = _ => { };
}
