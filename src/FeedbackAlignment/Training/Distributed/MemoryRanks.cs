namespace FeedbackAlignment.Training;

/// <summary>
/// Ranks that are threads of one process: to try out what processes would do. Each has a trainer, a network and data of its own.
/// </summary>
public sealed class MemoryRanks : IRanks
{
    private readonly Links _links;

    private MemoryRanks(int rank, Links links) => (Rank, _links) = (rank, links);

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size => _links.Size;

    /// <summary>Makes ranks that know each other; each is for one thread.</summary>
    /// <param name="size">How many, ≥ 1.</param>
    public static IReadOnlyList<MemoryRanks> Create(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var links = new Links(size);
        return [.. Enumerable.Range(0, size).Select(rank => new MemoryRanks(rank, links))];
    }

    /// <inheritdoc/>
    public void Send(int to, ReadOnlySpan<byte> message) => _links.Put(Rank, to, message.ToArray());

    /// <inheritdoc/>
    public void Receive(int from, Span<byte> message)
    {
        var received = _links.Take(from, Rank);
        if (received.Length != message.Length)
        {
            throw new RanksException($"rank {from} has sent {received.Length} bytes to rank {Rank}, must be {message.Length}");
        }

        received.CopyTo(message);
    }

    /// <summary>Ends all ranks: whatever they call from now on throws.</summary>
    /// <param name="exitCode">No process ends, so nobody is told.</param>
    public void Abort(int exitCode) => _links.Abort();

    /// <summary>What is under way from each rank to each other.</summary>
    private sealed class Links(int size)
    {
        private readonly Queue<byte[]>[] _all = [.. Enumerable.Range(0, size * size).Select(_ => new Queue<byte[]>())];
        private bool _isBroken;

        public int Size => size;

        public void Put(int from, int to, byte[] message)
        {
            lock (_all)
            {
                RequireWhole();
                Of(from, to).Enqueue(message);
                Monitor.PulseAll(_all);
            }
        }

        public byte[] Take(int from, int to)
        {
            lock (_all)
            {
                while (!_isBroken && Of(from, to).Count == 0)
                {
                    Monitor.Wait(_all);
                }

                RequireWhole();
                return Of(from, to).Dequeue();
            }
        }

        public void Abort()
        {
            lock (_all)
            {
                _isBroken = true;
                Monitor.PulseAll(_all);
            }
        }

        private Queue<byte[]> Of(int from, int to) => _all[(from * size) + to];

        private void RequireWhole()
        {
            if (_isBroken)
            {
                throw new RanksException("another rank has given up");
            }
        }
    }
}
