namespace FeedbackAlignment.Numerics;

/// <content>
/// How a matrix is made from numbers that are there. Small ones lie on the ordinary heap: a matrix for each question costs no collection.
/// </content>
public readonly partial struct Matrix
{
    /// <summary>Makes a matrix from a rectangular array.</summary>
    /// <param name="values">rows × columns; copied.</param>
    /// <param name="order">Which elements lie side by side in memory.</param>
    public static Matrix From(float[,] values, MatrixOrder order = MatrixOrder.RowMajor)
    {
        ArgumentNullException.ThrowIfNull(values);
        var matrix = Movable(values.GetLength(0), values.GetLength(1), order);
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                matrix[row, column] = values[row, column];
            }
        }

        return matrix;
    }

    /// <summary>Makes a row-major matrix from rows, e.g. a <c>float[][]</c> or a list of arrays.</summary>
    /// <param name="rows">At least one row; all of one length; copied.</param>
    /// <exception cref="ArgumentException">There are no rows, one is null, or their lengths differ; the message says which.</exception>
    public static Matrix From(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("there are no rows, so nobody knows how many columns there are", nameof(rows));
        }

        var matrix = Movable(rows.Count, rows[0]?.Length ?? 0);
        for (var row = 0; row < matrix.Rows; row++)
        {
            if (rows[row] is not { } values)
            {
                throw new ArgumentException($"row {row} is null", nameof(rows));
            }

            if (values.Length != matrix.Columns)
            {
                throw new ArgumentException($"row {row} has {values.Length} numbers, must have {matrix.Columns} like row 0", nameof(rows));
            }

            values.CopyTo(matrix.Row(row));
        }

        return matrix;
    }

    /// <summary>Makes a row-major matrix from numbers that lie one row after another, e.g. a flat <c>float[]</c>.</summary>
    /// <param name="values">rows · columns numbers; copied.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="columns">Number of columns, ≥ 0.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static Matrix From(ReadOnlySpan<float> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException($"there are {values.Length} numbers, must be {(long)rows * columns} for {rows} × {columns}", nameof(values));
        }

        var matrix = Movable(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            values.Slice(row * columns, columns).CopyTo(matrix.Row(row));
        }

        return matrix;
    }

    /// <summary>Makes a matrix of one row: the inputs of one example.</summary>
    /// <param name="values">The row; copied.</param>
    public static Matrix FromRow(ReadOnlySpan<float> values) => From(values, 1, values.Length);

    /// <summary>The elements as a rectangular array, rows × columns.</summary>
    public float[,] ToArray()
    {
        var values = new float[Rows, Columns];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                values[row, column] = this[row, column];
            }
        }

        return values;
    }

    /// <summary>
    /// A matrix of zeros, on the ordinary heap if it is small: for what is handed out. The pinned heap is collected only with the oldest
    /// generation.
    /// </summary>
    internal static Matrix Movable(int rows, int columns, MatrixOrder order = MatrixOrder.RowMajor) => new(rows, columns, order, movable: true);
}
