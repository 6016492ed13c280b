using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests;

/// <summary>Matrices of random numbers for tests, and comparisons of bits.</summary>
internal static class Some
{
    public static Matrix Matrix(int rows, int columns, ulong seed, MatrixOrder order = MatrixOrder.RowMajor)
    {
        var matrix = new Matrix(rows, columns, order);
        var random = new RandomStreams(seed).Stream("test");
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = (float)random.NextNormal();
            }
        }

        return matrix;
    }

    public static void AssertSameBits(Matrix expected, Matrix actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var row = 0; row < expected.Rows; row++)
        {
            for (var column = 0; column < expected.Columns; column++)
            {
                if (BitConverter.SingleToInt32Bits(expected[row, column]) != BitConverter.SingleToInt32Bits(actual[row, column]))
                {
                    Assert.Fail($"[{row}, {column}] is {actual[row, column]:r}, expected {expected[row, column]:r}");
                }
            }
        }
    }

    public static bool SameBits(Matrix a, Matrix b)
    {
        for (var row = 0; row < a.Rows; row++)
        {
            for (var column = 0; column < a.Columns; column++)
            {
                if (BitConverter.SingleToInt32Bits(a[row, column]) != BitConverter.SingleToInt32Bits(b[row, column]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
