using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// For the weights of one example at a time: w ← kept · w + input₀ ⊗ error₀ (the previous example's step), and output += input₁ · w, in one
/// walk; or one of the two alone.
/// </summary>
/// <remarks>
/// <para>
/// The weights lie input by input. Four inputs' lines are walked side by side: each vector of weights is read once, stepped, written back,
/// and multiplied into the output, which stays in the first-level cache. An output's chain runs over the inputs in their order, and a
/// weight sees the same two roundings, as if step and product were two walks.
/// </para>
/// <para>
/// An input of 0 has no term: its line is not stepped (but decays), or not multiplied; a line with nothing left to do is not read. For
/// finite numbers leaving out 0 · w changes at most the sign of a zero: −0 stays −0 where −0 + 0 would be 0. A weight that is no longer a
/// number shows when its input is not 0.
/// </para>
/// <para>
/// Where decay may be owed, a line with no term is not read either, and one that is read is first multiplied with what is kept as often
/// as it owes: one multiplication after the other, as if none had been put off. Nobody changes the counts while strips of columns are
/// walked.
/// </para>
/// </remarks>
internal readonly ref struct StepKernel<T>
    where T : struct, ILanes<T>
{
    private const int Together = 4;

    /// <summary>Lines are listed so many at a time: the room on the stack must not grow with the layer.</summary>
    private const int Listed = 1024;

    /// <summary>Owed multiplications of so many vectors go side by side: each alone would wait for the one before.</summary>
    private const int Chains = 8;

    // Where there is no step, or no product, its factors are a single 0 at a stride of 0.
    private readonly ref float _weights, _before, _now, _error, _output;
    private readonly nint _stride, _beforeStride, _nowStride;
    private readonly float _kept;
    private readonly bool _allDecay;
    private readonly ref int _owed;
    private readonly nint _owedStride;
    private readonly Range<int> _columns;

    private StepKernel(Matrix weights, in StepTerms step, in ProductTerms product, Range<int> columns, ref float zero, ref int none)
    {
        _weights = ref weights.Origin;
        _before = ref step.Exist ? ref step.Input.Origin : ref zero;
        _now = ref product.Exist ? ref product.Input.Origin : ref zero;
        _error = ref step.Exist ? ref step.Error.Origin : ref zero;
        _output = ref product.Exist ? ref product.Output.Origin : ref zero;
        (_stride, _beforeStride, _nowStride) = (weights.RowStride, step.Input.ColumnStride, product.Input.ColumnStride);
        (_kept, _columns) = (step.Kept, columns);
        _allDecay = step.Kept != 1 && step.Owed is null;
        _owed = ref step.Owed is { } owed ? ref owed.Origin : ref none;
        _owedStride = step.Owed is null ? 0 : 1;
    }

    /// <param name="weights">inputs × outputs, row-major.</param>
    /// <param name="step">What to add to the weights.</param>
    /// <param name="product">What to multiply with them.</param>
    /// <param name="columns">The outputs to work on, from a multiple of a cache line on.</param>
    public static void Run(in Matrix weights, in StepTerms step, in ProductTerms product, Range<int> columns)
    {
        var (zero, none) = (0f, 0);
        var kernel = new StepKernel<T>(weights, step, product, columns, ref zero, ref none);
        if (!step.Exist && !product.Exist)
        {
            kernel.SettleAll(weights.Rows);
        }
        else if (step.Owed is null && columns.To - columns.From <= T.Count)
        {
            kernel.WalkShortLines<TileRow1<T>>(weights.Rows);
        }
        else if (step.Owed is null && columns.To - columns.From <= 2 * T.Count)
        {
            kernel.WalkShortLines<TileRow2<T>>(weights.Rows);
        }
        else
        {
            kernel.Walk(weights.Rows);
        }
    }

    [SkipLocalsInit]
    private void Walk(int rows)
    {
        Span<int> multiplied = stackalloc int[Listed + Together], stepped = stackalloc int[Listed + Together];
        var (toMultiply, toStep) = (0, 0);
        for (var row = 0; row < rows; row += Listed)
        {
            List(new(row, Math.Min(row + Listed, rows)), multiplied, ref toMultiply, stepped, ref toStep);
            Multiply(multiplied, ref toMultiply);
            Step(stepped, ref toStep);
        }

        MultiplyOneByOne(multiplied[..toMultiply]);
        StepOneByOne(stepped[..toStep]);
    }

    /// <summary>All lines one after the other; what they add up to stays in registers.</summary>
    private void WalkShortLines<TRow>(int rows)
        where TRow : struct, ITileRow<TRow, T>
    {
        ref var before = ref _before;
        ref var now = ref _now;
        var (beforeStride, nowStride, stride) = (_beforeStride, _nowStride, _stride);
        var (keep, decays, multiplies) = (T.Broadcast(_kept), _kept != 1, _nowStride != 0);
        ref var w = ref _weights.At(_columns.From);
        ref var output = ref multiplies ? ref _output.At(_columns.From) : ref w;
        var error = TRow.Load(ref beforeStride == 0 ? ref w : ref _error.At(_columns.From));
        var sum = TRow.Load(ref output);
        for (; rows > 0; rows--)
        {
            var (p, x) = (before, now);
            var line = TRow.Load(ref w);
            if (decays)
            {
                line = TRow.Multiply(keep, line);
            }

            if (p != 0)
            {
                line = TRow.MultiplyAdd(T.Broadcast(p), error, line);
            }

            if (decays | p != 0)
            {
                line.Store(ref w);
            }

            if (x != 0)
            {
                sum = TRow.MultiplyAdd(T.Broadcast(x), line, sum);
            }

            before = ref before.At(beforeStride);
            now = ref now.At(nowStride);
            w = ref w.At(stride);
        }

        if (multiplies)
        {
            sum.Store(ref output);
        }
    }

    /// <summary>Appends the lines to multiply, which may be stepped too, and those that are only stepped.</summary>
    private void List(Range<int> rows, Span<int> multiplied, ref int toMultiply, Span<int> stepped, ref int toStep)
    {
        ref var nextMultiplied = ref multiplied[toMultiply];
        ref var nextStepped = ref stepped[toStep];
        var decays = _allDecay;
        for (nint row = rows.From; row < rows.To; row++)
        {
            // Written always, and left there where it is to stay: the processor cannot guess where the zeros are.
            nextMultiplied = (int)row;
            nextStepped = (int)row;
            var multiplies = _now.At(row * _nowStride).IsNotZero();
            var steps = !multiplies & (decays | _before.At(row * _beforeStride).IsNotZero());
            nextMultiplied = ref Unsafe.Add(ref nextMultiplied, multiplies ? 1 : 0);
            nextStepped = ref Unsafe.Add(ref nextStepped, steps ? 1 : 0);
        }

        toMultiply = (int)(Unsafe.ByteOffset(ref multiplied[0], ref nextMultiplied) / sizeof(int));
        toStep = (int)(Unsafe.ByteOffset(ref stepped[0], ref nextStepped) / sizeof(int));
    }

    /// <summary>Steps and multiplies lines in fours; those left over come to the front.</summary>
    private void Multiply(Span<int> lines, ref int count)
    {
        var line = 0;
        for (; line + Together <= count; line += Together)
        {
            ref var four = ref lines[line];
            ref var next = ref lines[line + 2 * Together <= count ? line + Together : line];
            SettleFour(ref four);
            if (_kept != 1 || Before(four) != 0 || Before(Unsafe.Add(ref four, 1)) != 0 || Before(Unsafe.Add(ref four, 2)) != 0 || Before(Unsafe.Add(ref four, 3)) != 0)
            {
                StepAndMultiply(ref four, ref next);
            }
            else
            {
                Multiply(ref four, ref next);
            }
        }

        lines[line..count].CopyTo(lines);
        count -= line;
    }

    /// <summary>Steps lines in fours; those left over come to the front.</summary>
    private void Step(Span<int> lines, ref int count)
    {
        var line = 0;
        for (; line + Together <= count; line += Together)
        {
            ref var four = ref lines[line];
            SettleFour(ref four);
            Step(ref four, ref lines[line + 2 * Together <= count ? line + Together : line]);
        }

        lines[line..count].CopyTo(lines);
        count -= line;
    }

    private void StepAndMultiply(ref int lines, ref int next)
    {
        int r0 = lines, r1 = Unsafe.Add(ref lines, 1), r2 = Unsafe.Add(ref lines, 2), r3 = Unsafe.Add(ref lines, 3);
        var (p0, p1, p2, p3) = (T.Broadcast(Before(r0)), T.Broadcast(Before(r1)), T.Broadcast(Before(r2)), T.Broadcast(Before(r3)));
        var (x0, x1, x2, x3) = (T.Broadcast(Now(r0)), T.Broadcast(Now(r1)), T.Broadcast(Now(r2)), T.Broadcast(Now(r3)));
        ref var w0 = ref Line(r0);
        ref var w1 = ref Line(r1);
        ref var w2 = ref Line(r2);
        ref var w3 = ref Line(r3);
        ref var n0 = ref Line(next);
        ref var n1 = ref Line(Unsafe.Add(ref next, 1));
        ref var n2 = ref Line(Unsafe.Add(ref next, 2));
        ref var n3 = ref Line(Unsafe.Add(ref next, 3));
        ref var error = ref _error;
        ref var output = ref _output;
        var keep = T.Broadcast(_kept);
        nint end = _columns.To;
        for (nint column = _columns.From; column < end; column += T.Count)
        {
            Memory.Fetch(ref n0.At(column), 1);
            Memory.Fetch(ref n1.At(column), 1);
            Memory.Fetch(ref n2.At(column), 1);
            Memory.Fetch(ref n3.At(column), 1);
            var e = T.Load(ref error.At(column));
            var y = T.Load(ref output.At(column));
            var s0 = UnlessZero.MultiplyAdd(p0, e, T.Load(ref w0.At(column)) * keep);
            var s1 = UnlessZero.MultiplyAdd(p1, e, T.Load(ref w1.At(column)) * keep);
            var s2 = UnlessZero.MultiplyAdd(p2, e, T.Load(ref w2.At(column)) * keep);
            var s3 = UnlessZero.MultiplyAdd(p3, e, T.Load(ref w3.At(column)) * keep);
            s0.Store(ref w0.At(column));
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

    private void Multiply(ref int lines, ref int next)
    {
        int r0 = lines, r1 = Unsafe.Add(ref lines, 1), r2 = Unsafe.Add(ref lines, 2), r3 = Unsafe.Add(ref lines, 3);
        var (x0, x1, x2, x3) = (T.Broadcast(Now(r0)), T.Broadcast(Now(r1)), T.Broadcast(Now(r2)), T.Broadcast(Now(r3)));
        ref var w0 = ref Line(r0);
        ref var w1 = ref Line(r1);
        ref var w2 = ref Line(r2);
        ref var w3 = ref Line(r3);
        ref var n0 = ref Line(next);
        ref var n1 = ref Line(Unsafe.Add(ref next, 1));
        ref var n2 = ref Line(Unsafe.Add(ref next, 2));
        ref var n3 = ref Line(Unsafe.Add(ref next, 3));
        ref var output = ref _output;
        nint end = _columns.To;
        for (nint column = _columns.From; column < end; column += T.Count)
        {
            Memory.Fetch(ref n0.At(column), 1);
            Memory.Fetch(ref n1.At(column), 1);
            Memory.Fetch(ref n2.At(column), 1);
            Memory.Fetch(ref n3.At(column), 1);
            var y = T.Load(ref output.At(column));
            y = T.MultiplyAdd(x0, T.Load(ref w0.At(column)), y);
            y = T.MultiplyAdd(x1, T.Load(ref w1.At(column)), y);
            y = T.MultiplyAdd(x2, T.Load(ref w2.At(column)), y);
            y = T.MultiplyAdd(x3, T.Load(ref w3.At(column)), y);
            y.Store(ref output.At(column));
        }
    }

    private void Step(ref int lines, ref int next)
    {
        int r0 = lines, r1 = Unsafe.Add(ref lines, 1), r2 = Unsafe.Add(ref lines, 2), r3 = Unsafe.Add(ref lines, 3);
        var (p0, p1, p2, p3) = (T.Broadcast(Before(r0)), T.Broadcast(Before(r1)), T.Broadcast(Before(r2)), T.Broadcast(Before(r3)));
        ref var w0 = ref Line(r0);
        ref var w1 = ref Line(r1);
        ref var w2 = ref Line(r2);
        ref var w3 = ref Line(r3);
        ref var n0 = ref Line(next);
        ref var n1 = ref Line(Unsafe.Add(ref next, 1));
        ref var n2 = ref Line(Unsafe.Add(ref next, 2));
        ref var n3 = ref Line(Unsafe.Add(ref next, 3));
        ref var error = ref _error;
        var keep = T.Broadcast(_kept);
        nint end = _columns.To;
        for (nint column = _columns.From; column < end; column += T.Count)
        {
            Memory.Fetch(ref n0.At(column), 1);
            Memory.Fetch(ref n1.At(column), 1);
            Memory.Fetch(ref n2.At(column), 1);
            Memory.Fetch(ref n3.At(column), 1);
            var e = T.Load(ref error.At(column));
            UnlessZero.MultiplyAdd(p0, e, T.Load(ref w0.At(column)) * keep).Store(ref w0.At(column));
            UnlessZero.MultiplyAdd(p1, e, T.Load(ref w1.At(column)) * keep).Store(ref w1.At(column));
            UnlessZero.MultiplyAdd(p2, e, T.Load(ref w2.At(column)) * keep).Store(ref w2.At(column));
            UnlessZero.MultiplyAdd(p3, e, T.Load(ref w3.At(column)) * keep).Store(ref w3.At(column));
        }
    }

    private void MultiplyOneByOne(ReadOnlySpan<int> lines)
    {
        SettleEach(lines);
        var (keep, decays) = (T.Broadcast(_kept), _kept != 1);
        foreach (var line in lines)
        {
            ref var w = ref Line(line);
            var (p, x) = (T.Broadcast(Before(line)), T.Broadcast(Now(line)));
            var steps = decays | Before(line) != 0;
            for (nint column = _columns.From; column < _columns.To; column += T.Count)
            {
                var s = T.Load(ref w.At(column));
                if (steps)
                {
                    s = UnlessZero.MultiplyAdd(p, T.Load(ref _error.At(column)), s * keep);
                    s.Store(ref w.At(column));
                }

                T.MultiplyAdd(x, s, T.Load(ref _output.At(column))).Store(ref _output.At(column));
            }
        }
    }

    private void StepOneByOne(ReadOnlySpan<int> lines)
    {
        SettleEach(lines);
        var keep = T.Broadcast(_kept);
        foreach (var line in lines)
        {
            ref var w = ref Line(line);
            var p = T.Broadcast(Before(line));
            for (nint column = _columns.From; column < _columns.To; column += T.Count)
            {
                UnlessZero.MultiplyAdd(p, T.Load(ref _error.At(column)), T.Load(ref w.At(column)) * keep).Store(ref w.At(column));
            }
        }
    }

    private void SettleAll(int rows)
    {
        for (var line = 0; line < rows; line++)
        {
            Settle(line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SettleFour(ref int lines)
    {
        if ((Owed(lines) | Owed(Unsafe.Add(ref lines, 1)) | Owed(Unsafe.Add(ref lines, 2)) | Owed(Unsafe.Add(ref lines, 3))) != 0)
        {
            SettleEach(MemoryMarshal.CreateReadOnlySpan(ref lines, Together));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SettleEach(ReadOnlySpan<int> lines)
    {
        foreach (var line in lines)
        {
            Settle(line);
        }
    }

    /// <summary>Makes a line that is about to be worked on what it would be if no decay had been put off.</summary>
    private void Settle(int line)
    {
        var owed = Owed(line);
        if (owed == 0)
        {
            return;
        }

        var keep = T.Broadcast(_kept);
        nint count = T.Count, last = _columns.From + (_columns.To - 1 - _columns.From) / T.Count * T.Count;
        for (nint column = _columns.From; column <= last; column += Chains * count)
        {
            // Beyond the end the last vector again: all are read before one is written, so it is written several times the same.
            ref var w = ref Line(line);
            ref var w0 = ref w.At(column);
            ref var w1 = ref w.At(nint.Min(column + count, last));
            ref var w2 = ref w.At(nint.Min(column + 2 * count, last));
            ref var w3 = ref w.At(nint.Min(column + 3 * count, last));
            ref var w4 = ref w.At(nint.Min(column + 4 * count, last));
            ref var w5 = ref w.At(nint.Min(column + 5 * count, last));
            ref var w6 = ref w.At(nint.Min(column + 6 * count, last));
            ref var w7 = ref w.At(nint.Min(column + 7 * count, last));
            var (s0, s1, s2, s3) = (T.Load(ref w0), T.Load(ref w1), T.Load(ref w2), T.Load(ref w3));
            var (s4, s5, s6, s7) = (T.Load(ref w4), T.Load(ref w5), T.Load(ref w6), T.Load(ref w7));
            for (var i = owed; i > 0; i--)
            {
                s0 *= keep;
                s1 *= keep;
                s2 *= keep;
                s3 *= keep;
                s4 *= keep;
                s5 *= keep;
                s6 *= keep;
                s7 *= keep;
            }

            s0.Store(ref w0);
            s1.Store(ref w1);
            s2.Store(ref w2);
            s3.Store(ref w3);
            s4.Store(ref w4);
            s5.Store(ref w5);
            s6.Store(ref w6);
            s7.Store(ref w7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Before(int line) => _before.At(line * _beforeStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Now(int line) => _now.At(line * _nowStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Owed(int line) => Unsafe.Add(ref _owed, line * _owedStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Line(int line) => ref _weights.At(line * _stride);
}
