using System.Diagnostics;

namespace FeedbackAlignment.Numerics;

/// <summary>Which elements of a <see cref="Matrix"/> lie side by side in memory.</summary>
public enum MatrixOrder
{
    /// <summary>The elements of a row.</summary>
    RowMajor,

    /// <summary>The elements of a column.</summary>
    ColumnMajor,
}

/// <summary>
/// A rectangle of <see cref="float"/>s: a view of shared memory, so that copies of this value, <see cref="Top"/> and
/// <see cref="Transposed"/> cost nothing and see each other's changes.
/// </summary>
/// <remarks>
/// Every line (a row, or a column where the order is <see cref="MatrixOrder.ColumnMajor"/>) is padded to a multiple of 64 bytes, so a
/// kernel may always work in whole vectors. What stands in the padding is nobody's result. A matrix from the constructor also starts at a
/// multiple of 64 bytes and stays there: it lies on the pinned heap, so make it once and use it again. Small ones from <c>From</c> lie on
/// the ordinary heap.
/// </remarks>
public readonly partial struct Matrix
{
    /// <summary>Lines are padded to a multiple of this many floats: one 64-byte cache line, the widest vector.</summary>
    internal const int Granule = 16;

    /// <summary>
    /// Arrays from 85,000 bytes on live with the oldest generation wherever they lie: there is nothing to gain from the ordinary heap.
    /// </summary>
    private const int LargeFloats = 85_000 / sizeof(float) - Granule;

    private readonly float[] _storage;
    private readonly int _offset;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="columns">Number of columns, ≥ 0.</param>
    /// <param name="order">Which elements lie side by side in memory; changes speed, never a result.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the matrix would need more than 2³¹ floats.</exception>
    public Matrix(int rows, int columns, MatrixOrder order = MatrixOrder.RowMajor)
        : this(rows, columns, order, movable: false)
    {
    }

    private Matrix(int rows, int columns, MatrixOrder order, bool movable)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        var (lines, length) = order == MatrixOrder.RowMajor ? (rows, columns) : (columns, rows);
        var paddedStride = PaddedStride(length);
        var floats = lines * paddedStride;
        movable &= floats < LargeFloats;
        floats += movable ? 0 : Granule;
        if (floats > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(rows), $"a matrix of {rows} × {columns} needs {floats} floats, more than one array can hold ({Array.MaxLength})");
        }

        // The runtime allocates an ordinary array inline; GC.AllocateArray is a call.
        _storage = movable ? new float[floats] : GC.AllocateArray<float>((int)floats, pinned: true);
        _offset = movable ? 0 : AlignedOffset(_storage);
        Rows = rows;
        Columns = columns;
        var stride = (int)paddedStride;
        (RowStride, ColumnStride) = order == MatrixOrder.RowMajor ? (stride, 1) : (1, stride);
    }

    private Matrix(float[] storage, int offset, int rows, int columns, int rowStride, int columnStride)
    {
        (_storage, _offset) = (storage, offset);
        (Rows, Columns, RowStride, ColumnStride) = (rows, columns, rowStride, columnStride);
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Which elements lie side by side in memory.</summary>
    public MatrixOrder Order => ColumnStride <= 1 ? MatrixOrder.RowMajor : MatrixOrder.ColumnMajor;

    /// <summary>The same memory read with rows and columns exchanged.</summary>
    public Matrix Transposed => new(_storage, _offset, Columns, Rows, ColumnStride, RowStride);

    internal int RowStride { get; }

    internal int ColumnStride { get; }

    /// <summary>The shape as text, for messages: <c>128 × 784</c>.</summary>
    public string Shape => $"{Rows} × {Columns}";

    /// <summary>One element, to read or to set.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="column">Column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The place is outside the matrix.</exception>
    public ref float this[int row, int column] => ref _storage[Place(row, column)];

    /// <summary>The first <paramref name="rows"/> rows, sharing this memory.</summary>
    /// <param name="rows">How many rows, 0 … <see cref="Rows"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many rows.</exception>
    public Matrix Top(int rows) => Slice(0, rows);

    /// <summary><paramref name="count"/> rows from row <paramref name="start"/> on, sharing this memory.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all inside the matrix.</exception>
    /// <exception cref="InvalidOperationException">The matrix is column-major: some of its rows are not whole lines of memory.</exception>
    public Matrix Slice(int start, int count)
    {
        if (start < 0 || count < 0 || start > Rows - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{count} rows from row {start} on are not all inside a matrix of {Shape}");
        }

        // A kernel writes whole vectors, so a view must own whole lines: part of a column would be written beyond its end.
        if (Order != MatrixOrder.RowMajor && count != Rows)
        {
            throw new InvalidOperationException("some rows of a column-major matrix are no view; slice a row-major copy");
        }

        return new(_storage, _offset + start * RowStride, count, Columns, RowStride, ColumnStride);
    }

    /// <summary>
    /// The first columns, sharing this memory, for reading only: whoever writes whole vectors to it writes into the columns that follow.
    /// </summary>
    /// <param name="columns">How many columns, 0 … <see cref="Columns"/>, of a row-major matrix.</param>
    internal Matrix Left(int columns) => Part(new(0, columns));

    /// <summary>
    /// Some columns, sharing this memory. For writing only from a multiple of a cache line to another, or to the end: whoever writes
    /// whole vectors to it writes into the columns that follow.
    /// </summary>
    /// <param name="columns">Which columns of a row-major matrix.</param>
    internal Matrix Part(Range<int> columns)
    {
        Debug.Assert(Order == MatrixOrder.RowMajor && columns.From >= 0 && columns.From <= columns.To && columns.To <= Columns);
        return new(_storage, _offset + columns.From, Rows, columns.To - columns.From, RowStride, ColumnStride);
    }

    /// <summary>Room for matrices side by side: each starts at a multiple of a cache line, as a matrix of its own would.</summary>
    /// <param name="rows">Rows of all.</param>
    /// <param name="widths">Columns of each.</param>
    /// <returns>The whole, and the parts as views of it.</returns>
    internal static (Matrix Whole, Matrix[] Parts) SideBySide(int rows, IReadOnlyList<int> widths)
    {
        var whole = new Matrix(rows, widths.Sum(Padded));
        var parts = new Matrix[widths.Count];
        for (var (i, start) = (0, 0); i < parts.Length; start += Padded(widths[i]), i++)
        {
            parts[i] = new Matrix(whole._storage, whole._offset + start, rows, widths[i], whole.RowStride, 1);
        }

        return (whole, parts);

        static int Padded(int width) => (width + Granule - 1) / Granule * Granule;
    }

    /// <summary>
    /// Room for matrices one after another, in one piece: each starts at a multiple of a cache line, as one of its own would.
    /// </summary>
    /// <param name="before">Floats in front of the first, a multiple of a cache line.</param>
    /// <param name="shapes">Rows, columns and order of each.</param>
    /// <returns>The whole, a single row, and the matrices as views of it.</returns>
    internal static (Matrix Whole, Matrix[] Parts) OneAfterAnother(
        int before, IReadOnlyList<(int Rows, int Columns, MatrixOrder Order)> shapes)
    {
        var whole = new Matrix(1, (int)Math.Min(int.MaxValue, before + shapes.Sum(Floats)));
        var parts = new Matrix[shapes.Count];
        for (var (i, start) = (0, before); i < parts.Length; start += (int)Floats(shapes[i]), i++)
        {
            var (rows, columns, order) = shapes[i];
            var stride = (int)PaddedStride(order == MatrixOrder.RowMajor ? columns : rows);
            parts[i] = new Matrix(
                whole._storage, whole._offset + start, rows, columns, order == MatrixOrder.RowMajor ? stride : 1,
                order == MatrixOrder.RowMajor ? 1 : stride);
        }

        return (whole, parts);

        static long Floats((int Rows, int Columns, MatrixOrder Order) shape)
            => shape.Order == MatrixOrder.RowMajor ? shape.Rows * PaddedStride(shape.Columns) : shape.Columns * PaddedStride(shape.Rows);
    }

    /// <summary>One row as a span.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The matrix is column-major: its rows do not lie side by side in memory.</exception>
    public Span<float> Row(int row)
    {
        if (Order != MatrixOrder.RowMajor)
        {
            throw new InvalidOperationException("the rows of a column-major matrix are not spans; take Transposed.Row for a column, or copy");
        }

        if ((uint)row >= (uint)Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), $"there is no row {row} in a matrix of {Shape}");
        }

        return _storage.AsSpan(_offset + row * RowStride, Columns);
    }

    /// <summary>Copies all elements of a matrix of the same shape, whatever its order.</summary>
    /// <param name="source">A matrix of this shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyFrom(Matrix source)
    {
        RequireShape(source.Rows, source.Columns, nameof(source));
        if (source.Order == Order)
        {
            for (var line = 0; line < Lines; line++)
            {
                source.Line(line).CopyTo(Line(line));
            }

            return;
        }

        if (Order == MatrixOrder.RowMajor)
        {
            Transposition.Copy(source.Transposed, this);
        }
        else
        {
            Transposition.Copy(source, Transposed);
        }
    }

    /// <summary>A new matrix with the same elements.</summary>
    public Matrix Copy()
    {
        var copy = new Matrix(Rows, Columns, Order);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Sets all elements to one value.</summary>
    /// <param name="value">The value.</param>
    public void Fill(float value)
    {
        for (var line = 0; line < Lines; line++)
        {
            Line(line).Fill(value);
        }
    }

    /// <summary>Throws unless the matrix has the given shape.</summary>
    /// <param name="rows">Rows it must have.</param>
    /// <param name="columns">Columns it must have.</param>
    /// <param name="name">What to call the matrix in the message.</param>
    /// <exception cref="ArgumentException">The shape is another one; the message has both.</exception>
    public void RequireShape(int rows, int columns, string name)
    {
        if (Rows != rows || Columns != columns)
        {
            throw new ArgumentException($"{name} is {Shape}, must be {rows} × {columns}", name);
        }
    }

    /// <summary>Throws unless the rows lie side by side in memory.</summary>
    /// <param name="name">What to call the matrix in the message.</param>
    /// <exception cref="ArgumentException">The matrix is column-major.</exception>
    internal void RequireRowMajor(string name)
    {
        if (Order != MatrixOrder.RowMajor)
        {
            throw new ArgumentException($"{name} ({Shape}) is column-major, must be row-major: one example per line of memory", name);
        }
    }

    /// <summary>Whether both begin at the same place.</summary>
    /// <param name="other">Another matrix.</param>
    internal bool IsSameMemoryAs(Matrix other) => ReferenceEquals(_storage, other._storage) && _offset == other._offset;

    /// <summary>Whether a write to one may be seen in the other: false for other memory, and for matrices that lie side by side.</summary>
    /// <param name="other">Another matrix.</param>
    internal bool MayOverlap(Matrix other)
    {
        if (!ReferenceEquals(_storage, other._storage))
        {
            return false;
        }

        var distance = (other._offset - _offset) % LineStride;
        distance = distance < 0 ? distance + LineStride : distance;
        var sideBySide = Order == other.Order && LineStride == other.LineStride && distance >= LineLength && LineStride - distance >= other.LineLength;
        return !sideBySide;
    }

    /// <summary>How many contiguous lines the matrix has: rows, or columns where it is column-major.</summary>
    internal int Lines => Order == MatrixOrder.RowMajor ? Rows : Columns;

    /// <summary>Elements in a line.</summary>
    internal int LineLength => Order == MatrixOrder.RowMajor ? Columns : Rows;

    /// <summary>Floats from one line to the next.</summary>
    internal int LineStride => Order == MatrixOrder.RowMajor ? RowStride : ColumnStride;

    /// <summary>A row, or a column where the matrix is column-major.</summary>
    internal Span<float> Line(int line) => _storage.AsSpan(_offset + line * LineStride, LineLength);

    /// <summary>A line with its padding: whole vectors, starting at a multiple of 64 bytes.</summary>
    internal Span<float> PaddedLine(int line)
        => _storage.AsSpan(_offset + line * LineStride, Padded(LineLength));

    /// <summary>The first element, for kernels.</summary>
    internal ref float Origin => ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_storage).At(_offset);

    private int Place(int row, int column)
    {
        if ((uint)row >= (uint)Rows || (uint)column >= (uint)Columns)
        {
            throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}] is outside a matrix of {Shape}");
        }

        return _offset + row * RowStride + column * ColumnStride;
    }

    /// <summary>A length, padded to whole cache lines.</summary>
    internal static int Padded(int length) => (length + Granule - 1) / Granule * Granule;

    /// <summary>Long lines take an odd number of cache lines, so that the elements of a column spread over all cache sets.</summary>
    /// <summary>Bytes that the numbers of a row-major matrix take, with what pads its rows.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    internal static double BytesOf(long rows, long columns) => (double)rows * PaddedStride(columns) * sizeof(float);

    private static long PaddedStride(long length)
    {
        var granules = Math.Max(1, (length + Granule - 1) / Granule);
        if (granules >= 16 && granules % 2 == 0)
        {
            granules++;
        }

        return granules * Granule;
    }

    private static unsafe int AlignedOffset(float[] pinned)
    {
        fixed (float* start = pinned)
        {
            var misaligned = (int)((nuint)start % 64 / sizeof(float));
            Debug.Assert((nuint)start % sizeof(float) == 0);
            return misaligned == 0 ? 0 : Granule - misaligned;
        }
    }
}
