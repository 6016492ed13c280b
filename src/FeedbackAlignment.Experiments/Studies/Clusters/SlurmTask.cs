namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>What Slurm says of a task of an array.</summary>
/// <param name="Job">The number of the array.</param>
/// <param name="Task">The task's index, or several at once while none of them has begun: <c>3-63%8</c>.</param>
/// <param name="State">Slurm's word: <c>PENDING</c>, <c>RUNNING</c>, <c>TIMEOUT</c> …</param>
/// <param name="Reason">Why it waits, or its exit code; empty: nothing is said.</param>
public sealed record SlurmTask(string Job, string Task, string State, string Reason)
{
    private const string NoReason = "None";

    /// <summary>Reads what <c>squeue --noheader --array --format="%F|%K|%T|%r"</c> prints.</summary>
    /// <param name="output">Its lines.</param>
    public static IReadOnlyList<SlurmTask> ReadQueue(string output) => Read(
        output, fields => fields is [var job, var task, var state, var reason]
            ? new SlurmTask(job, task, state, reason is NoReason or "" ? "" : reason) : null);

    /// <summary>Reads what <c>sacct --noheader --parsable2 --allocations --format=JobID,State,ExitCode</c> prints.</summary>
    /// <param name="output">Its lines.</param>
    public static IReadOnlyList<SlurmTask> ReadAccounting(string output) => Read(
        output, fields => fields is [var id, var state, var code] && id.Split('_', 2) is [var job, .. var task]
            && state.Split(' ')[0] is { Length: > 0 } word
            ? new SlurmTask(job, task is [var index] ? index.Trim('[', ']') : "", word, code is "0:0" or "" ? "" : $"exit {code}") : null);

    /// <summary>How many tasks the line stands for: <c>0-3,7</c> is five.</summary>
    public int Count => Task.Split('%')[0].Trim('[', ']').Split(',').Sum(range => range.Split('-') is [var first, var last]
        && int.TryParse(first, out var from) && int.TryParse(last.Split(':')[0], out var to) && to >= from ? to - from + 1 : 1);

    private static IReadOnlyList<SlurmTask> Read(string output, Func<string[], SlurmTask?> read)
    {
        ArgumentNullException.ThrowIfNull(output);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => read(line.Split('|'))).OfType<SlurmTask>()];
    }
}
