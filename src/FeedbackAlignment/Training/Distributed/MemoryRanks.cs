using System.Collections.Concurrent;

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
    public void Send(int to, ReadOnlySpan<byte> message)
    {
        _links.RequireWhole();
        _links.Of(Rank, to).Add(message.ToArray());
    }

    /// <inheritdoc/>
    public void Receive(int from, Span<byte> message)
    {
        byte[] received;
        try
        {
            received = _links.Of(from, Rank).Take(_links.Aborted);
        }
        catch (OperationCanceledException)
        {
            throw Links.Broken();
        }

        if (received.Length != message.Length)
        {
            throw new RanksException($"rank {from} has sent {received.Length} bytes to rank {Rank}, must be {message.Length}");
        }

        received.CopyTo(message);
    }

    /// <summary>Ends all ranks: whatever they call from now on throws.</summary>
    /// <param name="exitCode">No process ends, so nobody is told.</param>
    public void Abort(int exitCode) => _links.Abort();

    private sealed class Links(int size)
    {
        private readonly BlockingCollection<byte[]>[] _all = [.. Enumerable.Range(0, size * size).Select(_ => new BlockingCollection<byte[]>())];
        private readonly CancellationTokenSource _abort = new();

        public int Size => size;

        public CancellationToken Aborted => _abort.Token;

        public static RanksException Broken() => new("another rank has given up");

        public BlockingCollection<byte[]> Of(int from, int to) => _all[(from * size) + to];

        public void Abort() => _abort.Cancel();

        public void RequireWhole()
        {
            if (_abort.IsCancellationRequested)
            {
                throw Broken();
            }
        }
    }
}
