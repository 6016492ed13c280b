using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>How a run ended, in words.</summary>
internal static class RunText
{
    /// <summary>Whether a run came to its end by itself and has a result: it went through all its examples, or its spec told it to stop early.</summary>
    public static bool IsComplete(RunRecord run) => run.Status is not (RunStatus.Diverged or RunStatus.Cancelled);

    /// <summary>One or two words.</summary>
    public static string Outcome(RunRecord run) => run.Status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.Diverged => "diverged",
        RunStatus.Cancelled => "cancelled",
        _ => "stopped early",
    };
}
