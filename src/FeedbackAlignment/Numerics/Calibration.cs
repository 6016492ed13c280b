namespace FeedbackAlignment.Numerics;

/// <summary>
/// Two pieces of work that show what a machine can do at best: multiply-adds that stay in registers, and a walk over memory. The time of
/// real work is held against theirs. It has no clock; whoever calls it has.
/// </summary>
internal sealed class Calibration : IDisposable
{
    /// <summary>The most rounds of multiply-adds: a lane counts them in a float, which is exact up to here.</summary>
    public const int MostRounds = 1 << 24;

    private readonly WorkerTeam? _team;
    private readonly RegisterWork _registers;
    private readonly PassWork _pass = new();

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Threads that work side by side, the caller's own among them; 1: none is started.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1 or above 256.</exception>
    public Calibration(int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 256);
        _team = threads == 1 ? null : new WorkerTeam(threads);
        _registers = new RegisterWork(threads);
    }

    /// <summary>Threads that work side by side.</summary>
    public int Threads => _team?.Members ?? 1;

    /// <summary>
    /// Multiply-adds of the widest vectors, all operands in registers, on every thread: twelve chains s ← s · 1 + 1, so that every lane
    /// counts its own.
    /// </summary>
    /// <param name="rounds">Multiply-adds in each chain, 1 … <see cref="MostRounds"/>.</param>
    /// <returns>Floating-point operations done on all threads, by the lanes' own count: two for each multiply-add of a lane.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rounds"/> is out of range.</exception>
    public long MultiplyAdds(int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, MostRounds);
        _registers.Set(rounds);
        Run(_registers);
        return 2 * _registers.Counted;
    }

    /// <summary>
    /// matrix ← factor · matrix in one walk: every element is read once and written once, each thread walks over lines of its own.
    /// </summary>
    /// <param name="matrix">What to walk over.</param>
    /// <param name="factor">The factor. With 1 the matrix stays as it is, and the walk takes as long.</param>
    public void ReadModifyWrite(Matrix matrix, float factor = 1)
    {
        _pass.Set(matrix, factor);
        Run(_pass);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team?.Dispose();

    private void Run(SharedWork work)
    {
        if (_team is null)
        {
            work.Run(0, 1);
        }
        else
        {
            _team.Run(work);
        }
    }
}
