namespace FeedbackAlignment.Numerics;

/// <summary>Work that several threads share. The parts must write to different places and need no order.</summary>
internal abstract class SharedWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which, from 0.</param>
    /// <param name="parts">Of how many.</param>
    public abstract void Run(int part, int parts);
}

/// <summary>
/// Threads that are started once and then wait for work. Handing work out allocates nothing. One caller at a time; a second waits.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>How long a thread looks for new work before it sleeps: some ten microseconds, longer than a step's pauses between products.</summary>
    private const int SpinsBeforeSleep = 2000;

    private readonly Lock _oneCaller = new();
    private readonly ManualResetEventSlim[] _starts;
    private readonly Thread[] _threads;
    private SharedWork? _work;
    private int _unfinished;
    private Exception? _failure;
    private volatile bool _disposed;

    /// <param name="members">Threads that share the work, the caller's own among them.</param>
    public WorkerTeam(int members)
    {
        _starts = [.. Enumerable.Range(1, members - 1).Select(_ => new ManualResetEventSlim(false, spinCount: SpinsBeforeSleep))];
        _threads = [.. Enumerable.Range(1, members - 1).Select(Start)];
    }

    public int Members => _starts.Length + 1;

    public void Run(SharedWork work)
    {
        lock (_oneCaller)
        {
            if (_disposed)
            {
                RunAlone(work);
                return;
            }

            (_work, _failure) = (work, null);
            Volatile.Write(ref _unfinished, _starts.Length);
            foreach (var start in _starts)
            {
                start.Set();
            }

            try
            {
                work.Run(0, Members);
            }
            finally
            {
                WaitForOthers();
            }

            if (_failure is not null)
            {
                throw new InvalidOperationException("a worker thread failed", _failure);
            }
        }
    }

    public void Dispose()
    {
        lock (_oneCaller)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (var start in _starts)
            {
                start.Set();
            }
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var start in _starts)
        {
            start.Dispose();
        }
    }

    /// <summary>All parts one after the other: a network outlives the threads that trained it.</summary>
    private void RunAlone(SharedWork work)
    {
        for (var part = 0; part < Members; part++)
        {
            work.Run(part, Members);
        }
    }

    private void WaitForOthers()
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref _unfinished) != 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private Thread Start(int member)
    {
        var thread = new Thread(() => Serve(member)) { IsBackground = true, Name = $"FeedbackAlignment worker {member}" };
        thread.Start();
        return thread;
    }

    private void Serve(int member)
    {
        var start = _starts[member - 1];
        while (true)
        {
            start.Wait();
            start.Reset();
            if (_disposed)
            {
                return;
            }

            try
            {
                _work!.Run(member, Members);
            }
            catch (Exception failure)
            {
                // Carried to the caller: an exception that ends this thread would end the process.
                _failure = failure;
            }

            Interlocked.Decrement(ref _unfinished);
        }
    }
}
