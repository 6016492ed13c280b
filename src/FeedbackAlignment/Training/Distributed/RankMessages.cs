using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>What several ranks do at once, made of messages from one to another.</summary>
internal static class RankMessages
{
    /// <summary>Whether this rank is the one that writes and prints.</summary>
    public static bool IsFirst(this IRanks ranks) => ranks.Rank == 0;

    /// <summary>Gives all ranks what one has: each hands it on to others, so that none sends more than log₂ of their number.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="message">What that rank gives; all others receive it here.</param>
    /// <param name="from">That rank.</param>
    public static void Broadcast(this IRanks ranks, Span<byte> message, int from = 0)
    {
        // Counted from that rank on, rank r has it from the rank that lacks its lowest bit.
        var own = (ranks.Rank - from + ranks.Size) % ranks.Size;
        var lowest = own == 0 ? (int)BitOperations.RoundUpToPowerOf2((uint)ranks.Size) : own & -own;
        if (own != 0)
        {
            ranks.Receive((own - lowest + from) % ranks.Size, message);
        }

        for (var step = lowest >> 1; step > 0; step >>= 1)
        {
            if (own + step < ranks.Size)
            {
                ranks.Send((own + step + from) % ranks.Size, message);
            }
        }
    }

    /// <summary>Gives all ranks bytes of rank 0, of which only it knows how many there are.</summary>
    public static byte[] BroadcastAll(this IRanks ranks, byte[] message)
    {
        Span<long> length = [message.Length];
        ranks.Broadcast(MemoryMarshal.AsBytes(length));
        var all = ranks.IsFirst() ? message : new byte[length[0]];
        ranks.Broadcast(all);
        return all;
    }

    /// <summary>Makes sure that all ranks have the same weights: that one has others must not stay unseen.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="examples">Examples learned from until now.</param>
    /// <exception cref="RanksException">A rank has others than rank 0; all ranks throw.</exception>
    public static void RequireSame(this IRanks ranks, IEnumerable<Parameter> parameters, long examples)
    {
        var all = ranks.Gather(Encoding.ASCII.GetBytes(Fingerprint.Of(parameters.Select(parameter => parameter.Read()))));
        Span<int> other = [Array.FindIndex(all, weights => !weights.SequenceEqual(all[0]))];
        ranks.Broadcast(MemoryMarshal.AsBytes(other));
        if (other[0] > 0)
        {
            throw new RanksException(
                $"rank {other[0]} has other weights than rank 0 after {examples} examples; all must begin with the same, and compute alike");
        }
    }

    /// <summary>Gives rank 0 what each rank has.</summary>
    /// <returns>At rank 0 the bytes of all, in order of the ranks; elsewhere nothing.</returns>
    public static byte[][] Gather(this IRanks ranks, byte[] own)
    {
        Span<long> length = [own.Length];
        if (!ranks.IsFirst())
        {
            ranks.Send(0, MemoryMarshal.AsBytes(length));
            ranks.Send(0, own);
            return [];
        }

        var all = new byte[ranks.Size][];
        all[0] = own;
        for (var rank = 1; rank < all.Length; rank++)
        {
            ranks.Receive(rank, MemoryMarshal.AsBytes(length));
            ranks.Receive(rank, all[rank] = new byte[length[0]]);
        }

        return all;
    }
}
