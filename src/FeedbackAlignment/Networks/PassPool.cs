using System.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Forward passes that wait for the next question, so that asking again makes no new one. A pass holds no weights: it is right for as
/// long as the network lives. Several threads may take and return at once.
/// </summary>
internal sealed class PassPool(Network network)
{
    /// <summary>The most examples in a pass that is kept. Longer questions are answered in portions of so many.</summary>
    public const int Portion = 256;

    private const int MostKept = 8;

    private readonly ForwardPass?[] _idle = new ForwardPass?[MostKept];

    /// <summary>A pass that nobody else uses until it is returned.</summary>
    /// <param name="examples">Examples that it must have room for, ≥ 1.</param>
    public ForwardPass Take(int examples)
    {
        foreach (ref var place in _idle.AsSpan())
        {
            if (Interlocked.Exchange(ref place, null) is { } pass)
            {
                if (pass.MaxBatch >= examples)
                {
                    return pass;
                }

                // It gives way to a larger one, which serves small questions as well.
                break;
            }
        }

        return network.CreatePass(examples <= Portion ? (int)BitOperations.RoundUpToPowerOf2((uint)examples) : examples);
    }

    /// <summary>Gives a pass back.</summary>
    /// <param name="pass">One that was taken and is used no more.</param>
    public void Return(ForwardPass pass)
    {
        pass.ReleaseInput();
        if (pass.MaxBatch > Portion)
        {
            return;
        }

        foreach (ref var place in _idle.AsSpan())
        {
            if (Interlocked.CompareExchange(ref place, pass, null) is null)
            {
                return;
            }
        }
    }
}
