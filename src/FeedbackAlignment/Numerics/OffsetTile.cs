using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Tiles of a product whose left factor is read through offsets: left(row, inner) is the float at rows[row] + inner[inner]. Such a factor
/// is a picture under a kernel that moves over it, without being copied for every position.
/// </summary>
/// <remarks>
/// As in <see cref="ProductTile{TRow, T}"/> every element is a chain of its own, in the order of the inner index, and all chains of a tile
/// rest in registers. The table of inner offsets costs one load for a whole tile of multiply-adds, less than loops over short runs of
/// neighbors would.
/// </remarks>
/// <typeparam name="TRow">A row of the tile.</typeparam>
/// <typeparam name="T">One vector.</typeparam>
/// <typeparam name="TLeft">How the left factor is read.</typeparam>
internal readonly ref struct OffsetTile<TRow, T, TLeft>
    where TRow : struct, ITileRow<TRow, T>
    where T : struct, ILanes<T>
    where TLeft : struct, ILeftFactor<T>
{
    private readonly ref float _left, _right, _into, _first;
    private readonly ref int _inner;
    private readonly nint _rightStep;
    private readonly int _length;
    private readonly bool _fresh;

    /// <param name="product">The factors.</param>
    /// <param name="column">The tiles' first column.</param>
    /// <param name="inner">The piece of the inner index.</param>
    /// <param name="fresh">Whether chains start from the product's beginning; if not, from what is there.</param>
    public OffsetTile(in OffsetProduct product, int column, Range<int> inner, bool fresh)
    {
        _left = ref product.Left;
        _right = ref product.Right.At((nint)inner.From * product.RightStep + column);
        _into = ref product.Into.At(column);
        _first = ref product.Begin.At(column);
        _inner = ref Unsafe.Add(ref product.Inner, inner.From);
        (_rightStep, _length, _fresh) = (product.RightStep, inner.To - inner.From, fresh);
    }

    /// <summary>
    /// Sixteen rows, for rows of one vector: four times four neighbors at equal distances. So eight registers say where sixteen rows are.
    /// For every multiply-add a float is loaded here, and a register that had to be loaded too would be in the way.
    /// </summary>
    /// <param name="rows">Where the rows begin in the left factor.</param>
    /// <param name="intoRows">Where they begin in the result.</param>
    public void Sixteen(ref int rows, ref int intoRows)
    {
        ref var a0 = ref Left(ref rows, 0);
        ref var a1 = ref Left(ref rows, 4);
        ref var a2 = ref Left(ref rows, 8);
        ref var a3 = ref Left(ref rows, 12);
        nint apart = Unsafe.Add(ref rows, 1) - rows, rightStep = _rightStep;
        ref var b = ref _right;
        ref var inner = ref _inner;
        T s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15;
        if (_fresh)
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = s12 = s13 = s14 = s15 = T.Load(ref _first);
        }
        else
        {
            (s0, s1) = (T.Load(ref Into(ref intoRows, 0)), T.Load(ref Into(ref intoRows, 1)));
            (s2, s3) = (T.Load(ref Into(ref intoRows, 2)), T.Load(ref Into(ref intoRows, 3)));
            (s4, s5) = (T.Load(ref Into(ref intoRows, 4)), T.Load(ref Into(ref intoRows, 5)));
            (s6, s7) = (T.Load(ref Into(ref intoRows, 6)), T.Load(ref Into(ref intoRows, 7)));
            (s8, s9) = (T.Load(ref Into(ref intoRows, 8)), T.Load(ref Into(ref intoRows, 9)));
            (s10, s11) = (T.Load(ref Into(ref intoRows, 10)), T.Load(ref Into(ref intoRows, 11)));
            (s12, s13) = (T.Load(ref Into(ref intoRows, 12)), T.Load(ref Into(ref intoRows, 13)));
            (s14, s15) = (T.Load(ref Into(ref intoRows, 14)), T.Load(ref Into(ref intoRows, 15)));
        }

        for (var left = _length; left > 0; left--)
        {
            nint at = inner, second = at + apart, third = second + apart, fourth = third + apart;
            var y = T.Load(ref b);
            T.AddProduct(ref s0, y, TLeft.Load(ref a0.At(at)));
            T.AddProduct(ref s1, y, TLeft.Load(ref a0.At(second)));
            T.AddProduct(ref s2, y, TLeft.Load(ref a0.At(third)));
            T.AddProduct(ref s3, y, TLeft.Load(ref a0.At(fourth)));
            T.AddProduct(ref s4, y, TLeft.Load(ref a1.At(at)));
            T.AddProduct(ref s5, y, TLeft.Load(ref a1.At(second)));
            T.AddProduct(ref s6, y, TLeft.Load(ref a1.At(third)));
            T.AddProduct(ref s7, y, TLeft.Load(ref a1.At(fourth)));
            T.AddProduct(ref s8, y, TLeft.Load(ref a2.At(at)));
            T.AddProduct(ref s9, y, TLeft.Load(ref a2.At(second)));
            T.AddProduct(ref s10, y, TLeft.Load(ref a2.At(third)));
            T.AddProduct(ref s11, y, TLeft.Load(ref a2.At(fourth)));
            T.AddProduct(ref s12, y, TLeft.Load(ref a3.At(at)));
            T.AddProduct(ref s13, y, TLeft.Load(ref a3.At(second)));
            T.AddProduct(ref s14, y, TLeft.Load(ref a3.At(third)));
            T.AddProduct(ref s15, y, TLeft.Load(ref a3.At(fourth)));
            b = ref b.At(rightStep);
            inner = ref Unsafe.Add(ref inner, 1);
        }

        s0.Store(ref Into(ref intoRows, 0));
        s1.Store(ref Into(ref intoRows, 1));
        s2.Store(ref Into(ref intoRows, 2));
        s3.Store(ref Into(ref intoRows, 3));
        s4.Store(ref Into(ref intoRows, 4));
        s5.Store(ref Into(ref intoRows, 5));
        s6.Store(ref Into(ref intoRows, 6));
        s7.Store(ref Into(ref intoRows, 7));
        s8.Store(ref Into(ref intoRows, 8));
        s9.Store(ref Into(ref intoRows, 9));
        s10.Store(ref Into(ref intoRows, 10));
        s11.Store(ref Into(ref intoRows, 11));
        s12.Store(ref Into(ref intoRows, 12));
        s13.Store(ref Into(ref intoRows, 13));
        s14.Store(ref Into(ref intoRows, 14));
        s15.Store(ref Into(ref intoRows, 15));
    }

    /// <summary>Eight rows anywhere: for 32 registers.</summary>
    /// <param name="rows">Where the rows begin in the left factor.</param>
    /// <param name="intoRows">Where they begin in the result.</param>
    public void Eight(ref int rows, ref int intoRows)
    {
        ref var a0 = ref Left(ref rows, 0);
        ref var a1 = ref Left(ref rows, 1);
        ref var a2 = ref Left(ref rows, 2);
        ref var a3 = ref Left(ref rows, 3);
        ref var a4 = ref Left(ref rows, 4);
        ref var a5 = ref Left(ref rows, 5);
        ref var a6 = ref Left(ref rows, 6);
        ref var a7 = ref Left(ref rows, 7);
        var rightStep = _rightStep;
        ref var b = ref _right;
        ref var inner = ref _inner;
        TRow s0, s1, s2, s3, s4, s5, s6, s7;
        if (_fresh)
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = TRow.Load(ref _first);
        }
        else
        {
            (s0, s1, s2, s3) = (Load(ref intoRows, 0), Load(ref intoRows, 1), Load(ref intoRows, 2), Load(ref intoRows, 3));
            (s4, s5, s6, s7) = (Load(ref intoRows, 4), Load(ref intoRows, 5), Load(ref intoRows, 6), Load(ref intoRows, 7));
        }

        for (var left = _length; left > 0; left--)
        {
            nint at = inner;
            var y = TRow.Load(ref b);
            TRow.AddProduct(ref s0, TLeft.Load(ref a0.At(at)), y);
            TRow.AddProduct(ref s1, TLeft.Load(ref a1.At(at)), y);
            TRow.AddProduct(ref s2, TLeft.Load(ref a2.At(at)), y);
            TRow.AddProduct(ref s3, TLeft.Load(ref a3.At(at)), y);
            TRow.AddProduct(ref s4, TLeft.Load(ref a4.At(at)), y);
            TRow.AddProduct(ref s5, TLeft.Load(ref a5.At(at)), y);
            TRow.AddProduct(ref s6, TLeft.Load(ref a6.At(at)), y);
            TRow.AddProduct(ref s7, TLeft.Load(ref a7.At(at)), y);
            b = ref b.At(rightStep);
            inner = ref Unsafe.Add(ref inner, 1);
        }

        Store(ref intoRows, 0, s0, s1, s2, s3);
        Store(ref intoRows, 4, s4, s5, s6, s7);
    }

    /// <summary>Four rows anywhere: all that 16 registers can hold, and for what is left over.</summary>
    /// <param name="rows">Where the rows begin in the left factor.</param>
    /// <param name="intoRows">Where they begin in the result.</param>
    public void Four(ref int rows, ref int intoRows)
    {
        ref var a0 = ref Left(ref rows, 0);
        ref var a1 = ref Left(ref rows, 1);
        ref var a2 = ref Left(ref rows, 2);
        ref var a3 = ref Left(ref rows, 3);
        var rightStep = _rightStep;
        ref var b = ref _right;
        ref var inner = ref _inner;
        TRow s0, s1, s2, s3;
        if (_fresh)
        {
            s0 = s1 = s2 = s3 = TRow.Load(ref _first);
        }
        else
        {
            (s0, s1, s2, s3) = (Load(ref intoRows, 0), Load(ref intoRows, 1), Load(ref intoRows, 2), Load(ref intoRows, 3));
        }

        for (var left = _length; left > 0; left--)
        {
            nint at = inner;
            var y = TRow.Load(ref b);
            TRow.AddProduct(ref s0, TLeft.Load(ref a0.At(at)), y);
            TRow.AddProduct(ref s1, TLeft.Load(ref a1.At(at)), y);
            TRow.AddProduct(ref s2, TLeft.Load(ref a2.At(at)), y);
            TRow.AddProduct(ref s3, TLeft.Load(ref a3.At(at)), y);
            b = ref b.At(rightStep);
            inner = ref Unsafe.Add(ref inner, 1);
        }

        Store(ref intoRows, 0, s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Left(ref int rows, int row) => ref _left.At((nint)Unsafe.Add(ref rows, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Into(ref int intoRows, int row) => ref _into.At((nint)Unsafe.Add(ref intoRows, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TRow Load(ref int intoRows, int row) => TRow.Load(ref Into(ref intoRows, row));

    /// <summary>Inlined, or the chains would not rest in registers: a call wants them in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(ref int intoRows, int row, TRow s0, TRow s1, TRow s2, TRow s3)
    {
        s0.Store(ref Into(ref intoRows, row));
        s1.Store(ref Into(ref intoRows, row + 1));
        s2.Store(ref Into(ref intoRows, row + 2));
        s3.Store(ref Into(ref intoRows, row + 3));
    }
}

/// <summary>How a left factor is read into the lanes of a vector.</summary>
/// <typeparam name="T">One vector.</typeparam>
internal interface ILeftFactor<T>
    where T : struct, ILanes<T>
{
    static abstract T Load(ref float source);
}

/// <summary>One float for all lanes.</summary>
/// <typeparam name="T">One vector.</typeparam>
internal readonly struct OneFloat<T> : ILeftFactor<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(ref float source) => T.Broadcast(source);
}

/// <summary>Two neighbors in turns: each row of the product is two, whose columns take turns, too.</summary>
/// <typeparam name="T">One vector.</typeparam>
internal readonly struct TwoFloats<T> : ILeftFactor<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(ref float source) => T.BroadcastPair(ref source);
}
