namespace FeedbackAlignment.Cli;

/// <summary>What must not be broken off: trainings, which write down where they are before they stop.</summary>
internal sealed class WorkInProgress
{
    private int _count;

    /// <summary>Whether anything of the kind is going on.</summary>
    public bool IsGoingOn => Volatile.Read(ref _count) > 0;

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
            Interlocked.Decrement(ref _count);
        }
    }
}
