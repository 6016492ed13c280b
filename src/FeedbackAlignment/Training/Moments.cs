using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>Moments of training, counted in examples: the beginning, regular ones, and (by the trainer) the end.</summary>
public sealed class Moments
{
    private readonly long _every;
    private readonly int _early;

    private Moments(long every, int early)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(early);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(early, 62);
        (_every, _early) = (every, early);
    }

    /// <summary>Every so many examples.</summary>
    /// <param name="examples">Distance, ≥ 1.</param>
    public static Moments Every(long examples) => new(examples, early: 0);

    /// <summary>
    /// Every so many examples, and before the first of these also at 1/2, 1/4, 1/8 … of the distance: alignment is an early event.
    /// </summary>
    /// <param name="examples">Distance, ≥ 1.</param>
    /// <param name="early">How many halvings, 0 … 62.</param>
    public static Moments EveryWithEarlyOnes(long examples, int early = 6) => new(examples, early);

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add("every", _every);
        identity.Add("early", _early);
    }

    /// <summary>The first moment after a place.</summary>
    /// <param name="examples">Examples learned from until then.</param>
    public long After(long examples)
    {
        if (examples < _every)
        {
            for (var halving = _early; halving > 0; halving--)
            {
                if (_every >> halving > examples)
                {
                    return _every >> halving;
                }
            }
        }

        return (examples / _every + 1) * _every;
    }
}
