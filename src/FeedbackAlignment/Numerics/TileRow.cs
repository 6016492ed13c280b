using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// A row of a tile, or a piece of a line: one to six vectors side by side. Tiles are written once against this and compiled for each
/// width, with all their vectors in registers.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">One vector.</typeparam>
internal interface ITileRow<TSelf, T>
    where TSelf : struct, ITileRow<TSelf, T>
    where T : struct, ILanes<T>
{
    /// <summary>Vectors in the row.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(ref float source);

    /// <summary>x · y + sum.</summary>
    static abstract TSelf MultiplyAdd(T x, TSelf y, TSelf sum);

    /// <summary>sum ← x · y + sum, in the registers of the sum.</summary>
    static abstract void AddProduct(ref TSelf sum, T x, TSelf y);

    /// <summary>x · y + sum; the sum itself where x is 0, whatever y is.</summary>
    static abstract TSelf MultiplyAddUnlessZero(T x, TSelf y, TSelf sum);

    /// <summary>x · y.</summary>
    static abstract TSelf Multiply(T x, TSelf y);

    void Store(ref float target);
}

/// <summary>A row of one vector.</summary>
internal readonly struct TileRow1<T>(T first) : ITileRow<TileRow1<T>, T>
    where T : struct, ILanes<T>
{
    private readonly T _first = first;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow1<T> Load(ref float source) => new(T.Load(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow1<T> MultiplyAdd(T x, TileRow1<T> y, TileRow1<T> sum) => new(T.MultiplyAdd(x, y._first, sum._first));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref TileRow1<T> sum, T x, TileRow1<T> y)
    {
        T.AddProduct(ref Unsafe.AsRef(in sum._first), x, y._first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow1<T> MultiplyAddUnlessZero(T x, TileRow1<T> y, TileRow1<T> sum)
        => new(UnlessZero.MultiplyAdd(x, y._first, sum._first));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow1<T> Multiply(T x, TileRow1<T> y) => new(x * y._first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target) => _first.Store(ref target);
}

/// <summary>A row of two vectors.</summary>
internal readonly struct TileRow2<T>(T first, T second) : ITileRow<TileRow2<T>, T>
    where T : struct, ILanes<T>
{
    private readonly T _first = first, _second = second;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow2<T> Load(ref float source) => new(T.Load(ref source), T.Load(ref source.At(T.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow2<T> MultiplyAdd(T x, TileRow2<T> y, TileRow2<T> sum)
        => new(T.MultiplyAdd(x, y._first, sum._first), T.MultiplyAdd(x, y._second, sum._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref TileRow2<T> sum, T x, TileRow2<T> y)
    {
        T.AddProduct(ref Unsafe.AsRef(in sum._first), x, y._first);
        T.AddProduct(ref Unsafe.AsRef(in sum._second), x, y._second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow2<T> MultiplyAddUnlessZero(T x, TileRow2<T> y, TileRow2<T> sum)
        => new(UnlessZero.MultiplyAdd(x, y._first, sum._first), UnlessZero.MultiplyAdd(x, y._second, sum._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow2<T> Multiply(T x, TileRow2<T> y) => new(x * y._first, x * y._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target)
    {
        _first.Store(ref target);
        _second.Store(ref target.At(T.Count));
    }
}

/// <summary>A row of three vectors.</summary>
internal readonly struct TileRow3<T>(T first, T second, T third) : ITileRow<TileRow3<T>, T>
    where T : struct, ILanes<T>
{
    private readonly T _first = first, _second = second, _third = third;

    public static int Count => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow3<T> Load(ref float source) => new(T.Load(ref source), T.Load(ref source.At(T.Count)), T.Load(ref source.At(2 * T.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow3<T> MultiplyAdd(T x, TileRow3<T> y, TileRow3<T> sum)
        => new(T.MultiplyAdd(x, y._first, sum._first), T.MultiplyAdd(x, y._second, sum._second), T.MultiplyAdd(x, y._third, sum._third));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref TileRow3<T> sum, T x, TileRow3<T> y)
    {
        T.AddProduct(ref Unsafe.AsRef(in sum._first), x, y._first);
        T.AddProduct(ref Unsafe.AsRef(in sum._second), x, y._second);
        T.AddProduct(ref Unsafe.AsRef(in sum._third), x, y._third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow3<T> MultiplyAddUnlessZero(T x, TileRow3<T> y, TileRow3<T> sum)
        => new(UnlessZero.MultiplyAdd(x, y._first, sum._first), UnlessZero.MultiplyAdd(x, y._second, sum._second), UnlessZero.MultiplyAdd(x, y._third, sum._third));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow3<T> Multiply(T x, TileRow3<T> y) => new(x * y._first, x * y._second, x * y._third);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target)
    {
        _first.Store(ref target);
        _second.Store(ref target.At(T.Count));
        _third.Store(ref target.At(2 * T.Count));
    }
}

/// <summary>A row of six vectors.</summary>
internal readonly struct TileRow6<T>(TileRow3<T> left, TileRow3<T> right) : ITileRow<TileRow6<T>, T>
    where T : struct, ILanes<T>
{
    private readonly TileRow3<T> _left = left, _right = right;

    public static int Count => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow6<T> Load(ref float source) => new(TileRow3<T>.Load(ref source), TileRow3<T>.Load(ref source.At(3 * T.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow6<T> MultiplyAdd(T x, TileRow6<T> y, TileRow6<T> sum)
        => new(TileRow3<T>.MultiplyAdd(x, y._left, sum._left), TileRow3<T>.MultiplyAdd(x, y._right, sum._right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref TileRow6<T> sum, T x, TileRow6<T> y)
    {
        TileRow3<T>.AddProduct(ref Unsafe.AsRef(in sum._left), x, y._left);
        TileRow3<T>.AddProduct(ref Unsafe.AsRef(in sum._right), x, y._right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow6<T> MultiplyAddUnlessZero(T x, TileRow6<T> y, TileRow6<T> sum)
        => new(TileRow3<T>.MultiplyAddUnlessZero(x, y._left, sum._left), TileRow3<T>.MultiplyAddUnlessZero(x, y._right, sum._right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRow6<T> Multiply(T x, TileRow6<T> y) => new(TileRow3<T>.Multiply(x, y._left), TileRow3<T>.Multiply(x, y._right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target)
    {
        _left.Store(ref target);
        _right.Store(ref target.At(3 * T.Count));
    }
}
