using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>
/// Where the streams of a rule and of its network's modules stand for each group: an example's noise depends on its place in the batch and
/// not on who draws it. What is drawn once a batch is drawn by every group, from the same place.
/// </summary>
/// <param name="streams">The streams.</param>
/// <param name="draws">How many words each gives for an example, or for a batch.</param>
internal sealed class NoisePlaces(IReadOnlyList<RandomStream> streams, IReadOnlyList<NoiseDraws> draws)
{
    /// <summary>
    /// A draw that is refused and repeated takes a word more than others: once in a thousand million, as where 9 numbers share 2³² words.
    /// </summary>
    private const ulong MostRepeated = 16;

    private readonly RandomStream[] _streams = [.. streams];
    private readonly NoiseDraws[] _draws = [.. draws];
    private readonly ulong[] _begin = new ulong[streams.Count];

    /// <summary>Notes where the batch begins.</summary>
    public void Begin()
    {
        for (var i = 0; i < _streams.Length; i++)
        {
            _begin[i] = _streams[i].Position;
        }
    }

    /// <summary>Goes to where a group draws from.</summary>
    /// <param name="first">The place of its first example in the batch.</param>
    public void GoTo(int first)
    {
        for (var i = 0; i < _streams.Length; i++)
        {
            _streams[i].Position = Place(i, first);
        }
    }

    /// <summary>Makes sure that a group has drawn what its examples have a right to.</summary>
    /// <param name="end">The place behind its last example.</param>
    /// <exception cref="InvalidOperationException">It has drawn more or less: others would draw the same, or nobody these.</exception>
    public void RequireAt(int end) => RequireAt(end, _streams);

    /// <summary>The same of some of the streams, where others have drawn from the rest.</summary>
    /// <param name="end">The place behind its last example.</param>
    /// <param name="drawn">The streams.</param>
    /// <exception cref="InvalidOperationException">It has drawn more or less.</exception>
    public void RequireAt(int end, IReadOnlyList<RandomStream> drawn)
    {
        for (var i = 0; i < _streams.Length; i++)
        {
            if (!drawn.Contains(_streams[i]))
            {
                continue;
            }

            var expected = _draws[i].OncePerBatch ? _begin[i] + _draws[i].Words : Place(i, end);
            if (_streams[i].Position - expected > MostRepeated)
            {
                throw new InvalidOperationException(
                    $"a group of a batch has drawn {_streams[i].Position - _begin[i]} words of noise where {expected - _begin[i]} belong "
                    + "to it: how many an example draws must not vary");
            }
        }
    }

    /// <summary>Goes to where the next batch draws from.</summary>
    /// <param name="examples">Examples of this batch.</param>
    public void End(int examples)
    {
        for (var i = 0; i < _streams.Length; i++)
        {
            _streams[i].Position = _draws[i].OncePerBatch ? _begin[i] + _draws[i].Words : Place(i, examples);
        }
    }

    private ulong Place(int stream, int example)
        => _begin[stream] + (_draws[stream].OncePerBatch ? 0 : _draws[stream].Words * (ulong)example);
}

/// <summary>How a stream is drawn from.</summary>
/// <param name="Words">How many words.</param>
/// <param name="OncePerBatch">Whether for a batch, whatever is in it; otherwise for each example.</param>
internal readonly record struct NoiseDraws(ulong Words, bool OncePerBatch);
