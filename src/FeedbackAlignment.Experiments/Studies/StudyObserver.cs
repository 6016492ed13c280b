using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>Watches a worker. Several runs may go on side by side, so calls come from several threads at once.</summary>
public abstract class StudyObserver
{
    /// <summary>A run begins, or goes on where another worker left it.</summary>
    /// <param name="run">Which.</param>
    /// <param name="number">The number of its claim; above 1 somebody had begun it.</param>
    public virtual void OnClaimed(PlannedRun run, int number)
    {
    }

    /// <summary>A run is published.</summary>
    /// <param name="run">Which.</param>
    /// <param name="record">What came out.</param>
    /// <param name="reusedFrom">The study that it was copied from; null: it was trained here.</param>
    public virtual void OnFinished(PlannedRun run, RunRecord record, string? reusedFrom)
    {
    }

    /// <summary>A run broke off with an error; it is recorded, and the others go on.</summary>
    /// <param name="run">Which.</param>
    /// <param name="reason">Why, in one line.</param>
    public virtual void OnFailed(PlannedRun run, string reason)
    {
    }

    /// <summary>Another worker has taken a run over, or published it first; what was computed here is thrown away.</summary>
    /// <param name="run">Which.</param>
    public virtual void OnLost(PlannedRun run)
    {
    }

    /// <summary>Nothing is free; the worker looks from time to time whether that changes.</summary>
    /// <param name="others">Runs that others have claimed.</param>
    public virtual void OnWaiting(int others)
    {
    }
}

/// <summary>How a worker works.</summary>
public sealed record WorkOptions
{
    /// <summary>Runs side by side; null: as many as the processors allow.</summary>
    public int? SideBySide { get; init; }

    /// <summary>Threads for each run; null: those of the spec, else 1.</summary>
    public int? Threads { get; init; }

    /// <summary>The most runs to claim; null: all.</summary>
    public int? Most { get; init; }

    /// <summary>Whether to wait until the runs of other workers have ended, too; else until they were seen to go on.</summary>
    public bool WaitsForOthers { get; init; }
}

/// <summary>What a worker has done.</summary>
/// <param name="Trained">Runs that it trained and published.</param>
/// <param name="Reused">Runs that it copied from other studies.</param>
/// <param name="Failed">Runs that failed under it.</param>
/// <param name="Lost">Runs that it computed for nothing, or in part, because another worker did them too.</param>
/// <param name="Left">Runs of the study that are not published now.</param>
public sealed record WorkDone(int Trained, int Reused, int Failed, int Lost, int Left);
