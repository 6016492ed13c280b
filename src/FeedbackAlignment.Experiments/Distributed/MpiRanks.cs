using System.Diagnostics.CodeAnalysis;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>
/// Ranks that are processes, on one machine or several, started by <c>mpirun</c> or <c>srun</c>. Who waits lets others have the processor,
/// which the library's own waiting does not; and who waits too long says for whom.
/// </summary>
[SuppressMessage("Design", "CA1063", Justification = "Sealed, and the library is not freed: a process initializes MPI once.")]
public sealed class MpiRanks : IRanks, IDisposable
{
    /// <summary>Waits of a fraction of a step are spent spinning: a message between neighbors takes microseconds.</summary>
    private static readonly TimeSpan _spin = TimeSpan.FromMicroseconds(50), _yield = TimeSpan.FromMilliseconds(5);

    private readonly MpiLibrary _library;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _clock;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _hasEnded;

    private MpiRanks(MpiLibrary library, TimeSpan patience, TimeProvider clock)
    {
        (_library, _patience, _clock) = (library, patience, clock);
        (Rank, Size) = library.Place();
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Joins the other processes. Only this thread may use the ranks.</summary>
    /// <param name="launcher">Who has started them.</param>
    /// <param name="patience">How long to wait for a rank that does not answer.</param>
    /// <param name="clock">For waiting.</param>
    /// <exception cref="MpiException">The library is not there, or knows of other processes than the launcher.</exception>
    public static MpiRanks Join(Launcher launcher, TimeSpan patience, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(launcher);
        ArgumentNullException.ThrowIfNull(clock);
        if (launcher.Kind is not { } kind)
        {
            throw new MpiException(
                $"{launcher.Name} has started {launcher.Size} processes without MPI, so each would train by itself; start them with "
                + "srun --mpi=pmix or srun --mpi=pmi2, or with mpirun");
        }

        var library = MpiLibrary.Load(kind);
        library.Init();
        var ranks = new MpiRanks(library, patience, clock);
        if ((ranks.Rank, ranks.Size) == (launcher.Rank, launcher.Size))
        {
            return ranks;
        }

        ranks.Dispose();
        throw new MpiException(
            $"{launcher.Name} has started {launcher.Size} processes, but the MPI library says {ranks.Size}, so each would train by itself; "
            + "start them with the launcher of that library");
    }

    /// <inheritdoc/>
    public unsafe void Send(int to, ReadOnlySpan<byte> message)
    {
        RequireThread();
        fixed (byte* bytes = message)
        {
            _ = Wait(_library.BeginSend(bytes, message.Length, to), to);
        }
    }

    /// <inheritdoc/>
    public unsafe void Receive(int from, Span<byte> message)
    {
        RequireThread();
        fixed (byte* bytes = message)
        {
            var received = Wait(_library.BeginReceive(bytes, message.Length, from), from);
            if (received != message.Length)
            {
                throw new RanksException($"rank {from} has sent {received} bytes to rank {Rank}, must be {message.Length}");
            }
        }
    }

    /// <inheritdoc/>
    public void Abort(int exitCode)
    {
        _hasEnded = true;
        _library.Abort(exitCode);
    }

    /// <summary>Ends this rank in good order; waits until all do.</summary>
    public void Dispose()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _library.End();
        }
    }

    private int Wait(nint request, int other)
    {
        var (began, count) = (_clock.GetTimestamp(), 0);
        while (!_library.IsDone(ref request, ref count))
        {
            var waited = _clock.GetElapsedTime(began);
            if (waited > _patience)
            {
                throw new RanksException(
                    $"rank {other} has not answered for {_patience.TotalSeconds:0} s; it may hang, or its machine may be gone");
            }

            if (waited > _yield)
            {
                Thread.Sleep(1);
            }
            else if (waited > _spin)
            {
                Thread.Yield();
            }
        }

        return count;
    }

    private void RequireThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("only the thread that joined the ranks may use them");
        }
    }
}
