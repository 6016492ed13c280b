using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// w ← kept · w + input₀ ⊗ error₀, and output += input₁ · w, in one walk over weights in panels: what <see cref="StepKernel{T}"/> does to
/// weights in lines, with the same bits.
/// </summary>
/// <remarks>
/// A panel's piece of the output and of the error rest in registers; each line of it is read, stepped, written back and multiplied. An
/// output's chain runs over the inputs in their order, whichever panel comes first. Where lines have nothing to do, the others of a group
/// are listed first, those that are multiplied and those that are not, and every panel walks over those.
/// </remarks>
internal static class PanelKernel<T>
    where T : struct, ILanes<T>
{
    /// <summary>The width in floats of the next panel: as many vectors as there are registers for.</summary>
    /// <param name="floats">How many floats are left, a multiple of a vector.</param>
    public static int Width(int floats)
    {
        var vectors = floats / T.Count;
        return T.Count * (vectors >= TileRow6<T>.Count && T.Registers >= 32 ? TileRow6<T>.Count : Math.Min(vectors, TileRow3<T>.Count));
    }

    /// <param name="weights">The weights.</param>
    /// <param name="part">Which thread's panels to work on.</param>
    /// <param name="step">What to add to the weights.</param>
    /// <param name="product">What to multiply with them.</param>
    [SkipLocalsInit]
    public static void Run(Panels weights, int part, in StepTerms step, in ProductTerms product)
    {
        Span<int> room = stackalloc int[Math.Min(weights.GroupLines, weights.Lines)];
        var starts = weights.StartsOf(part);
        var last = starts.Length - 2;
        for (var first = 0; first < weights.Lines; first += weights.GroupLines)
        {
            var group = weights.Group(first);
            var whole = step.Kept == 1 && HasNoZero(step.Input, group) && HasNoZero(product.Input, group);
            var lines = whole ? new Lines(group, [], [], whole) : List(group, step, product, room);
            for (var walked = 0; walked <= last; walked++)
            {
                var panel = weights.Backwards ? last - walked : walked;
                var start = starts[panel];
                ref var panelWeights = ref weights.At(group, start);
                switch ((starts[panel + 1] - start) / T.Count)
                {
                    case 6:
                        Walk<TileRow6<T>>(ref panelWeights, start, lines, step, product);
                        break;
                    case 3:
                        Walk<TileRow3<T>>(ref panelWeights, start, lines, step, product);
                        break;
                    case 2:
                        Walk<TileRow2<T>>(ref panelWeights, start, lines, step, product);
                        break;
                    default:
                        Walk<TileRow1<T>>(ref panelWeights, start, lines, step, product);
                        break;
                }
            }
        }
    }

    /// <summary>Whether every input of a group is another number than 0.</summary>
    private static bool HasNoZero(Matrix input, Range<int> group)
    {
        for (var line = group.From; line < group.To; line += Vector256<float>.Count)
        {
            if (NotZero(input, line, group.To) != Below(group.To - line))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The lines of a group that have something to do.</summary>
    /// <param name="group">The group.</param>
    /// <param name="step">What to add.</param>
    /// <param name="product">What to multiply with.</param>
    /// <param name="room">Room for as many.</param>
    private static Lines List(Range<int> group, in StepTerms step, in ProductTerms product, Span<int> room)
    {
        var allDecay = step.Kept != 1 && step.Owed is null;
        var (multiplied, stepped) = (0, room.Length);
        for (var line = group.From; line < group.To; line += Vector256<float>.Count)
        {
            var multiplies = NotZero(product.Input, line, group.To);
            var steps = (allDecay ? Below(group.To - line) : NotZero(step.Input, line, group.To)) & ~multiplies;
            for (; multiplies != 0; multiplies &= multiplies - 1)
            {
                room[multiplied++] = line + BitOperations.TrailingZeroCount(multiplies);
            }

            for (; steps != 0; steps &= steps - 1)
            {
                room[--stepped] = line + BitOperations.TrailingZeroCount(steps);
            }
        }

        return new(group, room[..multiplied], room[stepped..], whole: false);
    }

    /// <summary>
    /// Which of eight inputs are not 0, a bit each; those beyond the end count as 0. Lines are padded, so all eight can be read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NotZero(Matrix input, int line, int end)
        => ~Vector256.Equals(Vector256.LoadUnsafe(ref input.Origin.At(line)), Vector256<float>.Zero).ExtractMostSignificantBits() & Below(end - line);

    /// <summary>The lowest bits, at most eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Below(int count) => count >= Vector256<float>.Count ? 0xff : (1u << count) - 1;

    private static void Walk<TRow>(ref float panel, int start, Lines lines, in StepTerms step, in ProductTerms product)
        where TRow : struct, ITileRow<TRow, T>
    {
        Debug.Assert(step.Exist && product.Exist);
        ref var output = ref product.Output.Origin.At(start);
        var (error, sum) = (TRow.Load(ref step.Error.Origin.At(start)), TRow.Load(ref output));
        sum = lines.Whole ? WalkAll(ref panel, lines.Group, error, sum, step, product) : WalkListed(ref panel, lines, error, sum, step, product);
        sum.Store(ref output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRow WalkAll<TRow>(ref float panel, Range<int> group, TRow error, TRow sum, in StepTerms step, in ProductTerms product)
        where TRow : struct, ITileRow<TRow, T>
    {
        ref var before = ref step.Input.Origin.At(group.From);
        ref var now = ref product.Input.Origin.At(group.From);
        for (var left = group.To - group.From; left > 0; left--)
        {
            var weights = TRow.MultiplyAdd(T.Broadcast(before), error, TRow.Load(ref panel));
            weights.Store(ref panel);
            sum = TRow.MultiplyAdd(T.Broadcast(now), weights, sum);
            before = ref before.At(1);
            now = ref now.At(1);
            panel = ref panel.At(TRow.Count * T.Count);
        }

        return sum;
    }

    // Not inlined: together with the other walk it would have too few registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TRow WalkListed<TRow>(ref float panel, Lines lines, TRow error, TRow sum, in StepTerms step, in ProductTerms product)
        where TRow : struct, ITileRow<TRow, T>
    {
        ref var before = ref step.Input.Origin;
        ref var now = ref product.Input.Origin;
        var decays = step.Kept != 1;
        foreach (var line in lines.Multiplied)
        {
            ref var place = ref panel.At((nint)(line - lines.Group.From) * TRow.Count * T.Count);
            var weights = TRow.Load(ref place);
            if (decays)
            {
                weights = Decayed(weights, line, step);
            }

            weights = TRow.MultiplyAddUnlessZero(T.Broadcast(before.At(line)), error, weights);
            weights.Store(ref place);
            sum = TRow.MultiplyAdd(T.Broadcast(now.At(line)), weights, sum);
        }

        foreach (var line in lines.Stepped)
        {
            ref var place = ref panel.At((nint)(line - lines.Group.From) * TRow.Count * T.Count);
            var weights = TRow.Load(ref place);
            if (decays)
            {
                weights = Decayed(weights, line, step);
            }

            TRow.MultiplyAddUnlessZero(T.Broadcast(before.At(line)), error, weights).Store(ref place);
        }

        return sum;
    }

    /// <summary>A line of weights, multiplied with what is kept of it: once, and as often as it owes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRow Decayed<TRow>(TRow weights, int line, in StepTerms step)
        where TRow : struct, ITileRow<TRow, T>
    {
        var keep = T.Broadcast(step.Kept);
        for (var times = step.Owed is null ? 1 : 1 + Unsafe.Add(ref step.Owed.Origin, line); times > 0; times--)
        {
            weights = TRow.Multiply(keep, weights);
        }

        return weights;
    }

    /// <summary>A group of lines.</summary>
    private readonly ref struct Lines(Range<int> group, ReadOnlySpan<int> multiplied, ReadOnlySpan<int> stepped, bool whole)
    {
        public Range<int> Group { get; } = group;

        /// <summary>Those that are multiplied, in their order; they may be stepped too.</summary>
        public ReadOnlySpan<int> Multiplied { get; } = multiplied;

        /// <summary>Those that are only stepped, or only decay.</summary>
        public ReadOnlySpan<int> Stepped { get; } = stepped;

        /// <summary>Whether every line is stepped and multiplied, and none decays.</summary>
        public bool Whole { get; } = whole;
    }
}

/// <summary>The same, each thread its own panels.</summary>
internal sealed class PanelWork : SharedWork
{
    private Panels? _weights;
    private StepTerms _step;
    private ProductTerms _product;
    private Finish? _finish;

    public void Set(Panels weights, in StepTerms step, in ProductTerms product, Finish? finish)
        => (_weights, _step, _product, _finish) = (weights, step, product, finish);

    public override void Run(int part, int parts) => Run(_weights!, part, _step, _product, _finish);

    public static void Run(Panels weights, int part, in StepTerms step, in ProductTerms product, Finish? finish)
    {
        var own = new OwnPanels(weights, part, step, product);
        Lanes.Run(ref own);
        var starts = weights.StartsOf(part);
        finish?.Apply(product.Output, new(0, 1), new(starts[0], starts[^1]));
    }

    /// <summary>The panels of a thread.</summary>
    private readonly struct OwnPanels(Panels weights, int part, StepTerms step, ProductTerms product) : ILanesWork
    {
        public void Run<T>()
            where T : struct, ILanes<T>
            => PanelKernel<T>.Run(weights, part, step, product);
    }
}
