namespace FeedbackAlignment.Training;

/// <summary>
/// The processes that train one network together, as one of them sees them: it is a rank, and can send bytes to any other. Messages from
/// one rank to another arrive in the order in which they were sent. All calls come from one thread.
/// </summary>
/// <remarks>
/// Nothing here adds numbers: a library's own sum has an order of its own. <see cref="TrainingOptions.Groups"/> says in which order the
/// trainer adds them.
/// </remarks>
public interface IRanks
{
    /// <summary>Which of them this is, from 0.</summary>
    int Rank { get; }

    /// <summary>How many there are, ≥ 1.</summary>
    int Size { get; }

    /// <summary>Sends a message. Returns when the memory may be used again, which may be before the message has arrived.</summary>
    /// <param name="to">The rank that gets it; not this one.</param>
    /// <param name="message">The bytes; both sides know how many.</param>
    /// <exception cref="RanksException">The other rank is gone, or does not answer.</exception>
    void Send(int to, ReadOnlySpan<byte> message);

    /// <summary>Receives a message, and waits until it is there.</summary>
    /// <param name="from">The rank that sends it; not this one.</param>
    /// <param name="message">Receives the bytes, exactly as many as were sent.</param>
    /// <exception cref="RanksException">The other rank is gone, or does not answer, or has sent another number of bytes.</exception>
    void Receive(int from, Span<byte> message);

    /// <summary>Ends all ranks, whatever they wait for.</summary>
    /// <param name="exitCode">What processes tell the shell; not 0.</param>
    void Abort(int exitCode);
}

/// <summary>Ranks cannot go on together: one is gone, does not answer, or has come to other numbers. The message is one line.</summary>
/// <param name="message">What happened, and to which rank.</param>
public sealed class RanksException(string message) : Exception(message);
