using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The numbers of a filter in pairs of neighbors: where there are few filters, one vector has the gradients of two numbers, in turns, which
/// would else leave most lanes idle. The chains are the same.
/// </summary>
/// <param name="Rows">Where the first of each pair is in the left factor; the second is the float behind it.</param>
/// <param name="Into">Where the pair's sums are.</param>
/// <param name="Numbers">The numbers of the filter: two of each pair, the second −1 where there is none.</param>
internal sealed record FilterPairs(int[] Rows, int[] Into, (int First, int Second)[] Numbers)
{
    /// <summary>Floats from the sums of one pair to the next.</summary>
    public const int Step = Matrix.Granule;

    /// <summary>Floats beyond a picture that the last pair may read.</summary>
    public const int ReadBeyond = 1;

    private const double FewEnough = 0.75;

    /// <summary>How many.</summary>
    public int Count => Rows.Length;

    /// <summary>Pairs for a plan.</summary>
    /// <param name="plan">The plan of the forward product.</param>
    /// <returns>The pairs; null: there are too many filters, or too few neighbors.</returns>
    public static FilterPairs? Of(PicturePlan plan)
    {
        var filters = plan.TargetChannels / plan.Groups;
        if (!plan.IsCopied || 2 * filters > Compute.VectorBits / (8 * sizeof(float)))
        {
            return null;
        }

        var terms = plan.Phases[0].Inner;
        int[] ascending = [.. Enumerable.Range(0, terms.Length).OrderBy(number => terms[number])];
        List<(int First, int Second)> numbers = [];
        for (var i = 0; i < ascending.Length; i++)
        {
            var hasSecond = i + 1 < ascending.Length && terms[ascending[i + 1]] == terms[ascending[i]] + 1;
            numbers.Add((ascending[i], hasSecond ? ascending[i + 1] : -1));
            i += hasSecond ? 1 : 0;
        }

        return numbers.Count > FewEnough * terms.Length ? null : new(
            [.. numbers.Select(pair => terms[pair.First])],
            [.. Enumerable.Range(0, numbers.Count).Select(pair => pair * Step)],
            [.. numbers]);
    }

    /// <summary>Gives each number of a filter its own sums.</summary>
    /// <param name="sums">The pairs' sums.</param>
    /// <param name="rows">Which pairs.</param>
    /// <param name="into">Receives them, number by number.</param>
    /// <param name="step">Floats from one number to the next.</param>
    /// <param name="filters">How many filters.</param>
    public void Part(ReadOnlySpan<float> sums, Range<int> rows, Span<float> into, int step, int filters)
    {
        for (var row = rows.From; row < rows.To; row++)
        {
            var (first, second) = Numbers[row];
            var both = sums.Slice(row * Step, 2 * filters);
            for (var filter = 0; filter < filters; filter++)
            {
                into[first * step + filter] = both[2 * filter];
                if (second >= 0)
                {
                    into[second * step + filter] = both[2 * filter + 1];
                }
            }
        }
    }

    /// <summary>Errors, each twice side by side.</summary>
    /// <param name="error">The first position's first.</param>
    /// <param name="errorStep">Floats from one position to the next.</param>
    /// <param name="positions">How many positions.</param>
    /// <param name="twice">Receives them.</param>
    /// <param name="step">Floats from one position to the next there.</param>
    /// <param name="filters">Errors of a position, at most eight.</param>
    public static void CopyTwice(Span<float> error, int errorStep, int positions, Span<float> twice, int step, int filters)
    {
        const int Half = 4;
        for (var position = 0; position < positions; position++)
        {
            var from = position * errorStep;
            ref var to = ref twice[position * step];
            if (from + 2 * Half > error.Length)
            {
                for (var filter = 0; filter < filters; filter++)
                {
                    to.At(2 * filter) = to.At(2 * filter + 1) = error[from + filter];
                }

                continue;
            }

            // What is beyond these filters is nobody's, and its sums are dropped.
            for (var half = 0; half < filters; half += Half)
            {
                var four = Vector128.LoadUnsafe(ref error[from + half]);
                Vector128.Shuffle(four, Vector128.Create(0, 0, 1, 1)).StoreUnsafe(ref to.At(2 * half));
                Vector128.Shuffle(four, Vector128.Create(2, 2, 3, 3)).StoreUnsafe(ref to.At(2 * half + Half));
            }
        }
    }
}
