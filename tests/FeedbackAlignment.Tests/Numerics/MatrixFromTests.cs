using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class MatrixFromTests
{
    private static readonly float[,] _expected = { { 1, 2, 3 }, { 4, 5, 6 } };

    [Fact]
    public void ArraysOfEveryShapeMakeTheSameMatrix()
    {
        float[][] jagged = [[1, 2, 3], [4, 5, 6]];
        float[] flat = [1, 2, 3, 4, 5, 6];
        Assert.Equal(_expected, Matrix.From(_expected).ToArray());
        Assert.Equal(_expected, Matrix.From(_expected, MatrixOrder.ColumnMajor).ToArray());
        Assert.Equal(_expected, Matrix.From(jagged).ToArray());
        Assert.Equal(_expected, Matrix.From(new List<float[]>(jagged)).ToArray());
        Assert.Equal(_expected, Matrix.From(flat, 2, 3).ToArray());
        Assert.Equal(_expected, Matrix.From([0, .. flat], 7, 1).Slice(1, 6).ToArray().Cast<float>().Chunk(3).Aggregate(new float[2, 3], Fill));
        Assert.Equal([4, 5, 6], Matrix.FromRow(flat.AsSpan(3)).Row(0).ToArray());
        jagged[0][0] = 9;
        Assert.Equal(0, Matrix.From([], 0, 3).Rows);

        static float[,] Fill(float[,] filled, float[] row)
        {
            var to = filled[0, 0] == 0 ? 0 : 1;
            (filled[to, 0], filled[to, 1], filled[to, 2]) = (row[0], row[1], row[2]);
            return filled;
        }
    }

    [Fact]
    public void NumbersAreCopied()
    {
        float[][] rows = [[1]];
        var matrix = Matrix.From(rows);
        rows[0][0] = 2;
        Assert.Equal(1, matrix[0, 0]);
    }

    [Fact]
    public void ArraysThatMakeNoMatrixAreRefused()
    {
        Assert.StartsWith("row 1 has 1 numbers, must have 2 like row 0", Refusal(() => Matrix.From([[1, 2], [3]])), StringComparison.Ordinal);
        Assert.StartsWith("row 1 is null", Refusal(() => Matrix.From([[1, 2], null!])), StringComparison.Ordinal);
        Assert.StartsWith("row 0 is null", Refusal(() => Matrix.From([null!, [1, 2]])), StringComparison.Ordinal);
        Assert.StartsWith("there are no rows", Refusal(() => Matrix.From(Array.Empty<float[]>())), StringComparison.Ordinal);
        Assert.StartsWith("there are 5 numbers, must be 6 for 2 × 3", Refusal(() => Matrix.From(new float[5], 2, 3)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Matrix.From(new float[5], -1, 3));
        Assert.Throws<ArgumentNullException>(() => Matrix.From((float[][])null!));

        static string Refusal(Func<Matrix> make) => Assert.Throws<ArgumentException>(() => { make(); }).Message;
    }

    [Fact]
    public void AMatrixThatWasNeverMadeHasNoRows()
    {
        Assert.Equal(MatrixOrder.RowMajor, default(Matrix).Order);
        Assert.Equal("0 × 0", default(Matrix).Shape);
    }
}
