using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Reference;

/// <summary>
/// Tables of doubles, one row for each example. Plain loops: the library's arithmetic is checked by them, so they share none of it.
/// </summary>
internal static class Table
{
    public static double[,] Of(Matrix matrix) => Make(matrix.Rows, matrix.Columns, (row, column) => matrix[row, column]);

    public static double[,] Make(int rows, int columns, Func<int, int, double> value)
    {
        var table = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                table[row, column] = value(row, column);
            }
        }

        return table;
    }

    public static int Rows(this double[,] table) => table.GetLength(0);

    public static int Columns(this double[,] table) => table.GetLength(1);

    public static double[,] Map(this double[,] table, Func<double, double> map)
        => Make(table.Rows(), table.Columns(), (row, column) => map(table[row, column]));

    public static double[,] Touched(this double[,] table, Func<double, double>? touch) => touch is null ? table : table.Map(touch);

    public static double[,] Zip(this double[,] table, double[,] other, Func<double, double, double> map)
    {
        Assert.Equal((table.Rows(), table.Columns()), (other.Rows(), other.Columns()));
        return Make(table.Rows(), table.Columns(), (row, column) => map(table[row, column], other[row, column]));
    }

    public static double[,] Plus(this double[,] table, double[,] other) => table.Zip(other, (a, b) => a + b);

    public static double[,] Minus(this double[,] table, double[,] other) => table.Zip(other, (a, b) => a - b);

    public static double[,] Scaled(this double[,] table, double factor) => table.Map(value => factor * value);

    public static double[,] Transposed(this double[,] table) => Make(table.Columns(), table.Rows(), (row, column) => table[column, row]);

    public static double[,] Times(this double[,] left, double[,] right)
    {
        Assert.Equal(left.Columns(), right.Rows());
        var product = new double[left.Rows(), right.Columns()];
        for (var row = 0; row < product.Rows(); row++)
        {
            for (var inner = 0; inner < right.Rows(); inner++)
            {
                for (var column = 0; column < product.Columns(); column++)
                {
                    product[row, column] += left[row, inner] * right[inner, column];
                }
            }
        }

        return product;
    }

    /// <summary>The mean of the rows, as a table of one row.</summary>
    public static double[,] MeanOfRows(this double[,] table)
        => Make(1, table.Columns(), (_, column) => Enumerable.Range(0, table.Rows()).Average(row => table[row, column]));

    /// <summary>The same numbers in the same order, in so many rows.</summary>
    public static double[,] Shaped(this double[,] table, int rows)
    {
        var (values, columns) = (table.Values().ToArray(), table.Length / rows);
        return Make(rows, columns, (row, column) => values[row * columns + column]);
    }

    public static IEnumerable<double> Values(this double[,] table) => table.Cast<double>();

    public static double[] Row(this double[,] table, int row)
        => [.. Enumerable.Range(0, table.Columns()).Select(column => table[row, column])];

    public static double Greatest(this double[,] table) => table.Values().Max(Math.Abs);
}
