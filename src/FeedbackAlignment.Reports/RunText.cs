using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>How a run ended, in words.</summary>
public static class RunText
{
    /// <summary>Whether a run came to its end by itself and has a result: it went through all its examples, or its spec told it to stop early.</summary>
    /// <param name="run">The run.</param>
    public static bool IsComplete(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Status is not (RunStatus.Diverged or RunStatus.Cancelled);
    }

    /// <summary>One or two words.</summary>
    /// <param name="run">The run.</param>
    public static string Outcome(RunRecord run) => run?.Status switch
    {
        null => throw new ArgumentNullException(nameof(run)),
        RunStatus.Completed => "completed",
        RunStatus.Diverged => "diverged",
        RunStatus.Cancelled => "cancelled",
        _ => "stopped early",
    };
}
