using System.Diagnostics;

namespace FeedbackAlignment.Cli;

/// <summary>What must not be broken off: trainings, which write down where they are before they stop.</summary>
internal sealed class WorkInProgress
{
    /// <summary>What has stopped shows what came of it, and how to go on.</summary>
    private static readonly TimeSpan _toShowIt = TimeSpan.FromSeconds(10);

    private int _count;
    private long _ended;

    /// <summary>Whether anything of the kind is going on, or is being shown.</summary>
    public bool IsGoingOn => Volatile.Read(ref _count) > 0
        || (Volatile.Read(ref _ended) is not 0 and var ended && Stopwatch.GetElapsedTime(ended) < _toShowIt);

    /// <summary>Carries out something that stops by itself when it is asked to.</summary>
    public T Do<T>(Func<T> work)
    {
        Interlocked.Increment(ref _count);
        try
        {
            return work();
        }
        finally
        {
            Volatile.Write(ref _ended, Stopwatch.GetTimestamp());
            Interlocked.Decrement(ref _count);
        }
    }
}
