namespace FeedbackAlignment.Numerics;

/// <summary>
/// For the weights of one example at a time: w ← kept · w + input₀ ⊗ error₀ (the previous example's step), and output += input₁ · w, in one
/// walk.
/// </summary>
/// <remarks>
/// The weights lie input by input. Four inputs' lines are walked side by side: each vector of weights is read once, stepped, written back,
/// and multiplied into the output, which stays in the first-level cache. An output's chain runs over the inputs in their order, and a weight
/// sees the same two roundings, as if step and product were two walks.
/// </remarks>
internal static class StepKernel<T>
    where T : struct, ILanes<T>
{
    private const int Together = 4;

    /// <param name="weights">inputs × outputs, row-major.</param>
    /// <param name="kept">What is kept of every weight.</param>
    /// <param name="previousInput">1 × inputs.</param>
    /// <param name="previousError">1 × outputs.</param>
    /// <param name="input">1 × inputs.</param>
    /// <param name="output">1 × outputs; added to.</param>
    /// <param name="columns">The outputs to work on, from a multiple of a cache line on.</param>
    public static void Run(Matrix weights, float kept, Matrix previousInput, Matrix previousError, Matrix input, Matrix output, Range<int> columns)
    {
        ref var before = ref previousInput.Origin;
        ref var now = ref input.Origin;
        var row = 0;
        for (; row + Together <= weights.Rows; row += Together)
        {
            FourLines(
                ref weights.Origin.At(row * weights.RowStride), weights.RowStride, kept,
                ref before.At(row), ref previousError.Origin, ref now.At(row), ref output.Origin, columns);
        }

        for (; row < weights.Rows; row++)
        {
            OneLine(
                ref weights.Origin.At(row * weights.RowStride), kept,
                before.At(row), ref previousError.Origin, now.At(row), ref output.Origin, columns);
        }
    }

    private static void FourLines(
        ref float w, int step, float kept, ref float before, ref float error, ref float now, ref float output, Range<int> columns)
    {
        var (p0, p1, p2, p3) = (T.Broadcast(before), T.Broadcast(before.At(1)), T.Broadcast(before.At(2)), T.Broadcast(before.At(3)));
        var (x0, x1, x2, x3) = (T.Broadcast(now), T.Broadcast(now.At(1)), T.Broadcast(now.At(2)), T.Broadcast(now.At(3)));
        var keep = T.Broadcast(kept);
        ref var below = ref w.At(4 * step);
        ref var w1 = ref w.At(step);
        ref var w2 = ref w.At(2 * step);
        ref var w3 = ref w.At(3 * step);
        for (var column = columns.From; column < columns.To; column += T.Count)
        {
            Memory.Fetch(ref below.At(column), 1);
            Memory.Fetch(ref below.At(column + step), 1);
            Memory.Fetch(ref below.At(column + 2 * step), 1);
            Memory.Fetch(ref below.At(column + 3 * step), 1);
            var e = T.Load(ref error.At(column));
            var y = T.Load(ref output.At(column));
            var s0 = T.MultiplyAdd(p0, e, T.Load(ref w.At(column)) * keep);
            var s1 = T.MultiplyAdd(p1, e, T.Load(ref w1.At(column)) * keep);
            var s2 = T.MultiplyAdd(p2, e, T.Load(ref w2.At(column)) * keep);
            var s3 = T.MultiplyAdd(p3, e, T.Load(ref w3.At(column)) * keep);
            s0.Store(ref w.At(column));
            s1.Store(ref w1.At(column));
            s2.Store(ref w2.At(column));
            s3.Store(ref w3.At(column));
            y = T.MultiplyAdd(x0, s0, y);
            y = T.MultiplyAdd(x1, s1, y);
            y = T.MultiplyAdd(x2, s2, y);
            y = T.MultiplyAdd(x3, s3, y);
            y.Store(ref output.At(column));
        }
    }

    private static void OneLine(ref float w, float kept, float before, ref float error, float now, ref float output, Range<int> columns)
    {
        var (p, x, keep) = (T.Broadcast(before), T.Broadcast(now), T.Broadcast(kept));
        for (var column = columns.From; column < columns.To; column += T.Count)
        {
            var s = T.MultiplyAdd(p, T.Load(ref error.At(column)), T.Load(ref w.At(column)) * keep);
            s.Store(ref w.At(column));
            T.MultiplyAdd(x, s, T.Load(ref output.At(column))).Store(ref output.At(column));
        }
    }
}
