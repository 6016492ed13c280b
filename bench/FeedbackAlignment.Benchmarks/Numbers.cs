using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Benchmarks;

/// <summary>Random matrices. Small numbers: some benchmarks add to the same matrix for a long time.</summary>
internal static class Numbers
{
    private const float Largest = 1e-3f;

    public static Matrix Matrix(int rows, int columns, MatrixOrder order = MatrixOrder.RowMajor)
    {
        var matrix = new Matrix(rows, columns, order);
        var random = new RandomStreams(1).Stream("benchmark");
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = random.NextUniform(-Largest, Largest);
            }
        }

        return matrix;
    }
}
