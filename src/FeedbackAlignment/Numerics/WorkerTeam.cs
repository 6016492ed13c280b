using System.Runtime.InteropServices;

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
/// <remarks>
/// Work is handed out by raising a number that the others watch; a thread that has watched it for long in vain sleeps. Handing work over
/// to a thread that watches takes a fraction of a microsecond, to one that sleeps some tens of them.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>
    /// How often a thread looks for new work without giving its processor away: for some ten microseconds, longer than one thread works
    /// alone between the walks of two examples, for who has given its processor away comes back late. Not longer: where both threads of a
    /// pair are on one processor, who looks keeps the other from working.
    /// </summary>
    private const int LooksBeforeYielding = 250;

    /// <summary>How often it then looks and lets others run before it sleeps: for longer than a step's pauses between products.</summary>
    private const int YieldsBeforeSleep = 2000;

    private readonly Lock _oneCaller = new();
    private readonly object _bed = new();
    private readonly Thread[] _threads;
    private SharedWork? _work;
    private Watched _watched;
    private int _sleepers;
    private Exception? _failure;
    private volatile bool _disposed;

    /// <param name="members">Threads that share the work, the caller's own among them.</param>
    public WorkerTeam(int members)
    {
        Members = members;
        _threads = [.. Enumerable.Range(1, members - 1).Select(Start)];
    }

    public int Members { get; }

    public IReadOnlyList<Thread> Threads => _threads;

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
            Volatile.Write(ref _watched.Unfinished, Members - 1);
            HandOut();
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
            HandOut();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    /// <summary>Lets the threads end, waiting for nobody.</summary>
    /// <returns>Whether they will; not while work is going on: a finalizer may run during its owner's last call.</returns>
    public bool TryEnd()
    {
        if (!_oneCaller.TryEnter())
        {
            return false;
        }

        try
        {
            _disposed = true;
            HandOut();
            return true;
        }
        finally
        {
            _oneCaller.Exit();
        }
    }

    /// <summary>Lets a moment pass before a thread that waits looks again.</summary>
    /// <param name="looks">How often it has looked.</param>
    public static void Pause(int looks)
    {
        if (looks < LooksBeforeYielding)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
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

    /// <summary>Both this and who goes to sleep first say what they do, then look at the other: one of them sees the other.</summary>
    private void HandOut()
    {
        Interlocked.Increment(ref _watched.HandedOut);
        if (Volatile.Read(ref _sleepers) != 0)
        {
            lock (_bed)
            {
                Monitor.PulseAll(_bed);
            }
        }
    }

    private void WaitForOthers()
    {
        for (var looks = 0; Volatile.Read(ref _watched.Unfinished) != 0; looks++)
        {
            Pause(looks);
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
        for (var done = 0; ; done++)
        {
            WaitForWork(done);
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

            Interlocked.Decrement(ref _watched.Unfinished);
        }
    }

    private void WaitForWork(int done)
    {
        for (var looks = 0; Volatile.Read(ref _watched.HandedOut) == done; looks++)
        {
            if (looks < LooksBeforeYielding + YieldsBeforeSleep)
            {
                Pause(looks);
            }
            else
            {
                Sleep(done);
            }
        }
    }

    private void Sleep(int done)
    {
        lock (_bed)
        {
            Interlocked.Increment(ref _sleepers);
            while (Volatile.Read(ref _watched.HandedOut) == done)
            {
                Monitor.Wait(_bed);
            }

            Interlocked.Decrement(ref _sleepers);
        }
    }

    /// <summary>
    /// The numbers that threads watch while they wait, far from each other and from everything else: a number that is written next to a
    /// watched one has to come back from the other processor every time.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 3 * Memory.Apart)]
    private struct Watched
    {
        /// <summary>How often work was handed out.</summary>
        [FieldOffset(Memory.Apart)]
        public int HandedOut;

        /// <summary>How many have not finished their part.</summary>
        [FieldOffset(2 * Memory.Apart)]
        public int Unfinished;
    }
}
