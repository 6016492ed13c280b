namespace FeedbackAlignment.Numerics;

/// <summary>
/// Tiles of a product: some rows of the result, one to three vectors wide, over a piece of the inner index. Every element is a chain of
/// its own, in the order of the inner index; all chains of a tile rest in registers.
/// </summary>
/// <remarks>
/// A loaded vector of the right factor serves all rows of the tile, a float of the left factor all vectors of the row. The processor needs
/// eight chains side by side to hide the latency of the multiply-add, and more leave it less to do between them. The rows are written out
/// one by one: as structs of four, and of twice four, rows they took 8 % longer.
/// </remarks>
/// <typeparam name="TRow">A row of the tile.</typeparam>
/// <typeparam name="T">One vector.</typeparam>
internal readonly ref struct ProductTile<TRow, T>
    where TRow : struct, ITileRow<TRow, T>
    where T : struct, ILanes<T>
{
    private readonly ref float _left, _right, _into, _first;
    private readonly nint _leftStep, _innerStep, _rightStep, _intoStep;
    private readonly int _length;
    private readonly bool _fresh;

    /// <param name="left">rows × inner, in either order.</param>
    /// <param name="right">inner × columns, row-major.</param>
    /// <param name="into">rows × columns, row-major.</param>
    /// <param name="column">The tiles' first column.</param>
    /// <param name="inner">The piece of the inner index.</param>
    /// <param name="fresh">Whether chains start from <paramref name="first"/>; if not, from what is there.</param>
    /// <param name="first">What fresh chains start from: a row of it.</param>
    public ProductTile(Matrix left, Matrix right, Matrix into, int column, Range<int> inner, bool fresh, ref float first)
    {
        (_leftStep, _innerStep, _rightStep, _intoStep) = (left.RowStride, left.ColumnStride, right.RowStride, into.RowStride);
        _left = ref left.Origin.At(inner.From * _innerStep);
        _right = ref right.Origin.At(inner.From * _rightStep + column);
        _into = ref into.Origin.At(column);
        _first = ref first;
        (_length, _fresh) = (inner.To - inner.From, fresh);
    }

    /// <summary>Twelve rows: for rows of one vector.</summary>
    public void Twelve(int row)
    {
        nint step = _leftStep, step2 = 2 * step, step3 = 3 * step, innerStep = _innerStep, rightStep = _rightStep, intoStep = _intoStep;
        ref var a = ref _left.At(row * step);
        ref var a4 = ref a.At(4 * step);
        ref var a8 = ref a4.At(4 * step);
        ref var b = ref _right;
        ref var c = ref _into.At(row * intoStep);
        ref var c4 = ref c.At(4 * intoStep);
        ref var c8 = ref c4.At(4 * intoStep);
        TRow s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
        if (_fresh)
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = TRow.Load(ref _first);
        }
        else
        {
            (s0, s1, s2, s3) = (TRow.Load(ref c), TRow.Load(ref c.At(intoStep)), TRow.Load(ref c.At(2 * intoStep)), TRow.Load(ref c.At(3 * intoStep)));
            (s4, s5, s6, s7) = (TRow.Load(ref c4), TRow.Load(ref c4.At(intoStep)), TRow.Load(ref c4.At(2 * intoStep)), TRow.Load(ref c4.At(3 * intoStep)));
            (s8, s9, s10, s11) = (TRow.Load(ref c8), TRow.Load(ref c8.At(intoStep)), TRow.Load(ref c8.At(2 * intoStep)), TRow.Load(ref c8.At(3 * intoStep)));
        }

        for (var left = _length; left > 0; left--)
        {
            var y = TRow.Load(ref b);
            TRow.AddProduct(ref s0, T.Broadcast(a), y);
            TRow.AddProduct(ref s1, T.Broadcast(a.At(step)), y);
            TRow.AddProduct(ref s2, T.Broadcast(a.At(step2)), y);
            TRow.AddProduct(ref s3, T.Broadcast(a.At(step3)), y);
            TRow.AddProduct(ref s4, T.Broadcast(a4), y);
            TRow.AddProduct(ref s5, T.Broadcast(a4.At(step)), y);
            TRow.AddProduct(ref s6, T.Broadcast(a4.At(step2)), y);
            TRow.AddProduct(ref s7, T.Broadcast(a4.At(step3)), y);
            TRow.AddProduct(ref s8, T.Broadcast(a8), y);
            TRow.AddProduct(ref s9, T.Broadcast(a8.At(step)), y);
            TRow.AddProduct(ref s10, T.Broadcast(a8.At(step2)), y);
            TRow.AddProduct(ref s11, T.Broadcast(a8.At(step3)), y);
            a = ref a.At(innerStep);
            a4 = ref a4.At(innerStep);
            a8 = ref a8.At(innerStep);
            b = ref b.At(rightStep);
        }

        Store(ref c, s0, s1, s2, s3);
        Store(ref c4, s4, s5, s6, s7);
        Store(ref c8, s8, s9, s10, s11);
    }

    /// <summary>Eight rows: for 32 registers.</summary>
    public void Eight(int row)
    {
        nint step = _leftStep, step2 = 2 * step, step3 = 3 * step, innerStep = _innerStep, rightStep = _rightStep, intoStep = _intoStep;
        ref var a = ref _left.At(row * step);
        ref var a4 = ref a.At(4 * step);
        ref var b = ref _right;
        ref var c = ref _into.At(row * intoStep);
        ref var c4 = ref c.At(4 * intoStep);
        TRow s0, s1, s2, s3, s4, s5, s6, s7;
        if (_fresh)
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = TRow.Load(ref _first);
        }
        else
        {
            (s0, s1, s2, s3) = (TRow.Load(ref c), TRow.Load(ref c.At(intoStep)), TRow.Load(ref c.At(2 * intoStep)), TRow.Load(ref c.At(3 * intoStep)));
            (s4, s5, s6, s7) = (TRow.Load(ref c4), TRow.Load(ref c4.At(intoStep)), TRow.Load(ref c4.At(2 * intoStep)), TRow.Load(ref c4.At(3 * intoStep)));
        }

        for (var left = _length; left > 0; left--)
        {
            var y = TRow.Load(ref b);
            TRow.AddProduct(ref s0, T.Broadcast(a), y);
            TRow.AddProduct(ref s1, T.Broadcast(a.At(step)), y);
            TRow.AddProduct(ref s2, T.Broadcast(a.At(step2)), y);
            TRow.AddProduct(ref s3, T.Broadcast(a.At(step3)), y);
            TRow.AddProduct(ref s4, T.Broadcast(a4), y);
            TRow.AddProduct(ref s5, T.Broadcast(a4.At(step)), y);
            TRow.AddProduct(ref s6, T.Broadcast(a4.At(step2)), y);
            TRow.AddProduct(ref s7, T.Broadcast(a4.At(step3)), y);
            a = ref a.At(innerStep);
            a4 = ref a4.At(innerStep);
            b = ref b.At(rightStep);
        }

        Store(ref c, s0, s1, s2, s3);
        Store(ref c4, s4, s5, s6, s7);
    }

    /// <summary>Four rows: all that 16 registers can hold, and for what is left over.</summary>
    public void Four(int row)
    {
        nint step = _leftStep, step2 = 2 * step, step3 = 3 * step, innerStep = _innerStep, rightStep = _rightStep, intoStep = _intoStep;
        ref var a = ref _left.At(row * step);
        ref var b = ref _right;
        ref var c = ref _into.At(row * intoStep);
        TRow s0, s1, s2, s3;
        if (_fresh)
        {
            s0 = s1 = s2 = s3 = TRow.Load(ref _first);
        }
        else
        {
            (s0, s1, s2, s3) = (TRow.Load(ref c), TRow.Load(ref c.At(intoStep)), TRow.Load(ref c.At(2 * intoStep)), TRow.Load(ref c.At(3 * intoStep)));
        }

        for (var left = _length; left > 0; left--)
        {
            var y = TRow.Load(ref b);
            TRow.AddProduct(ref s0, T.Broadcast(a), y);
            TRow.AddProduct(ref s1, T.Broadcast(a.At(step)), y);
            TRow.AddProduct(ref s2, T.Broadcast(a.At(step2)), y);
            TRow.AddProduct(ref s3, T.Broadcast(a.At(step3)), y);
            a = ref a.At(innerStep);
            b = ref b.At(rightStep);
        }

        Store(ref c, s0, s1, s2, s3);
    }

    /// <summary>One row.</summary>
    public void One(int row)
    {
        ref var a = ref _left.At(row * _leftStep);
        ref var b = ref _right;
        ref var c = ref _into.At(row * _intoStep);
        var sum = TRow.Load(ref _fresh ? ref _first : ref c);
        for (var left = _length; left > 0; left--)
        {
            TRow.AddProduct(ref sum, T.Broadcast(a), TRow.Load(ref b));
            a = ref a.At(_innerStep);
            b = ref b.At(_rightStep);
        }

        sum.Store(ref c);
    }

    private void Store(ref float target, TRow s0, TRow s1, TRow s2, TRow s3)
    {
        s0.Store(ref target);
        s1.Store(ref target.At(_intoStep));
        s2.Store(ref target.At(2 * _intoStep));
        s3.Store(ref target.At(3 * _intoStep));
    }
}
