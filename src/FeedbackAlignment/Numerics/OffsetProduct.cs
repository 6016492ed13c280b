using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// A product whose left factor and result are reached through offsets: result(row, ·) = begin + Σ left(row, inner) · right(inner, ·). Each
/// element is one chain of multiply-adds in the order of the inner index.
/// </summary>
/// <remarks>
/// Whole cache lines of the right factor, of the beginning and of the result are read and written: columns are padded to a multiple of
/// <see cref="Matrix.Granule"/>, and what stands in the padding of the result is overwritten.
/// </remarks>
internal readonly ref struct OffsetProduct
{
    /// <summary>The float that the left factor's offsets are counted from.</summary>
    public readonly ref float Left;

    /// <summary>The right factor's first float: inner × columns.</summary>
    public readonly ref float Right;

    /// <summary>The float that the result's offsets are counted from.</summary>
    public readonly ref float Into;

    /// <summary>What every row's chains start from, unless from what is in the result's place.</summary>
    public readonly ref float Begin;

    /// <summary>Offsets of the inner index in the left factor.</summary>
    public readonly ref int Inner;

    /// <param name="left">The float that the left factor's offsets are counted from.</param>
    /// <param name="rows">Offsets of the rows in the left factor.</param>
    /// <param name="inner">Offsets of the inner index in the left factor.</param>
    /// <param name="right">The right factor: inner × columns, row-major.</param>
    /// <param name="rightStep">Floats from one row of the right factor to the next.</param>
    /// <param name="into">The float that the result's offsets are counted from.</param>
    /// <param name="intoRows">Offsets of the rows in the result.</param>
    /// <param name="columns">Columns of the right factor and of the result.</param>
    /// <param name="begin">What every row's chains start from.</param>
    /// <param name="accumulate">Whether they start from what is in the result's place instead.</param>
    public OffsetProduct(
        ref float left, ReadOnlySpan<int> rows, ReadOnlySpan<int> inner, ref float right, int rightStep, ref float into,
        ReadOnlySpan<int> intoRows, int columns, ref float begin, bool accumulate = false)
    {
        Debug.Assert(rows.Length == intoRows.Length);
        Left = ref left;
        Right = ref right;
        Into = ref into;
        Begin = ref begin;
        Inner = ref MemoryMarshal.GetReference(inner);
        Rows = rows;
        IntoRows = intoRows;
        (InnerLength, RightStep, Columns, Accumulate) = (inner.Length, rightStep, columns, accumulate);
    }

    /// <summary>Offsets of the rows in the left factor.</summary>
    public ReadOnlySpan<int> Rows { get; }

    /// <summary>Offsets of the rows in the result.</summary>
    public ReadOnlySpan<int> IntoRows { get; }

    /// <summary>Length of the inner index.</summary>
    public int InnerLength { get; }

    /// <summary>Floats from one row of the right factor to the next.</summary>
    public int RightStep { get; }

    /// <summary>Columns of the right factor and of the result.</summary>
    public int Columns { get; }

    /// <summary>Whether chains start from what is in the result's place.</summary>
    public bool Accumulate { get; }

    /// <summary>Computes it, with the widest vectors there are.</summary>
    public void Run()
    {
        var rows = new InOnes(this);
        Lanes.Run(ref rows);
    }

    /// <summary>
    /// The same for rows that are two each: column 2j has left(row, inner) as its factor, column 2j + 1 what is next to it in memory.
    /// </summary>
    public void RunInPairs()
    {
        var rows = new InPairs(this);
        Lanes.Run(ref rows);
    }

    private readonly ref struct InOnes(OffsetProduct product) : ILanesWork
    {
        private readonly OffsetProduct _product = product;

        public void Run<T>()
            where T : struct, ILanes<T>
            => OffsetKernel<T, OneFloat<T>>.Run(_product);
    }

    private readonly ref struct InPairs(OffsetProduct product) : ILanesWork
    {
        private readonly OffsetProduct _product = product;

        public void Run<T>()
            where T : struct, ILanes<T>
            => OffsetKernel<T, TwoFloats<T>>.Run(_product);
    }
}
