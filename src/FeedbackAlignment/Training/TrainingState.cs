using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>
/// All that a training has come to between two steps: a new process that makes the same trainer and gives it this
/// (<see cref="Trainer.Restore"/>) goes on to the same bits as if nothing had happened. It is data only; nothing in it is executed.
/// </summary>
/// <remarks>docs/checkpoints.md has the layout.</remarks>
public sealed class TrainingState
{
    private readonly Action<StateCarrier> _carry;
    private bool _isPast;

    internal TrainingState(long examples, Action<StateCarrier> carry) => (Examples, _carry) = (examples, carry);

    /// <summary>Examples learned from until now.</summary>
    public long Examples { get; }

    /// <summary>Writes it. Can be called as long as the training waits: inside <see cref="TrainingObserver.OnCheckpoint"/>.</summary>
    /// <param name="into">Where to; it stays open and is not flushed.</param>
    /// <param name="note">
    /// Bytes of the caller's own that <see cref="Trainer.Restore"/> gives back, under the same checksum; at most 4 MiB.
    /// </param>
    /// <exception cref="InvalidOperationException">The training has gone on.</exception>
    /// <exception cref="ArgumentException">The note is too long.</exception>
    public void Save(Stream into, ReadOnlySpan<byte> note = default)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isPast)
        {
            throw new InvalidOperationException($"the training has gone on from {Examples} examples; save a state inside {nameof(TrainingObserver.OnCheckpoint)}");
        }

        if (note.Length > StateFormat.MostNoteBytes)
        {
            throw new ArgumentException($"the note has {note.Length} bytes, must have at most {StateFormat.MostNoteBytes}", nameof(note));
        }

        using var writer = new StateWriter(into, note);
        _carry(writer);
        writer.End();
    }

    /// <summary>Reads the note of a saved state, without a trainer to restore. The checksum of the whole state is checked.</summary>
    /// <param name="from">What <see cref="Save"/> wrote, from here to the end; a stream that can seek.</param>
    /// <param name="source">What to call it in messages, e.g. the name of the file.</param>
    /// <exception cref="DataFormatException">It is damaged, or no state.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public static byte[] ReadNote(Stream from, string source)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return from.CanSeek ? new StateReader(from, source).Note : throw new ArgumentException("must be a stream that can seek: the checksum is read first", nameof(from));
    }

    internal void Pass() => _isPast = true;
}
