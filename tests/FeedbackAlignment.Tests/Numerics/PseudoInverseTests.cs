using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class PseudoInverseTests
{
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 1, 1, 1 }, { 1, 5, 1 }, { 5, 1, 1 }, { 4, 4, 4 }, { 4, 9, 4 }, { 9, 4, 4 }, { 40, 33, 33 },
        { 4, 4, 2 }, { 4, 9, 2 }, { 9, 4, 3 }, { 33, 40, 7 }, { 1, 5, 0 }, { 6, 4, 0 },
    };

    /// <summary>The four conditions that only the Moore–Penrose inverse meets, for matrices of full and of lower rank.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void ItMeetsTheFourConditionsOfPenrose(int rows, int columns, int rank)
    {
        foreach (var order in (MatrixOrder[])[MatrixOrder.RowMajor, MatrixOrder.ColumnMajor])
        {
            var a = OfRank(rows, columns, rank, order);
            var inverseTransposed = new Matrix(rows, columns, order);
            PseudoInverse.Transposed(a, inverseTransposed);
            var (w, p) = (Values(a), Values(inverseTransposed.Transposed));
            var (wp, pw) = (Times(w, p), Times(p, w));
            AssertClose(w, Times(wp, w));
            AssertClose(p, Times(pw, p));
            AssertClose(wp, Transposed(wp));
            AssertClose(pw, Transposed(pw));
            Assert.Equal(rank, Enumerable.Range(0, rows).Sum(i => wp[i, i]), 1e-4);
        }
    }

    /// <summary>What counts as 0 is relative to the greatest singular value. By powers of two, which leave every digit.</summary>
    [Theory]
    [InlineData(1f / (1L << 40))]
    [InlineData((float)(1L << 40))]
    public void TheScaleOfAMatrixDoesNotChangeItsRank(float scale)
    {
        var (plain, scaled) = (OfRank(6, 9, 4, MatrixOrder.RowMajor), OfRank(6, 9, 4, MatrixOrder.RowMajor));
        var (inverse, inverseOfScaled) = (new Matrix(6, 9), new Matrix(6, 9));
        Elementwise.Map(scaled, new Scale(scale));
        PseudoInverse.Transposed(plain, inverse);
        PseudoInverse.Transposed(scaled, inverseOfScaled);
        Elementwise.Map(inverseOfScaled, new Scale(scale));
        AssertClose(Values(inverse), Values(inverseOfScaled));
    }

    [Fact]
    public void TheInverseOfZeroIsZeroAndThatOfNoNumbersNoNumbers()
    {
        var (zero, into) = (new Matrix(3, 5), Some.Matrix(3, 5, 1));
        PseudoInverse.Transposed(zero, into);
        Some.AssertSameBits(zero, into);
        zero[1, 2] = float.NaN;
        PseudoInverse.Transposed(zero, into);
        Assert.True(float.IsNaN(into[0, 0]) && float.IsNaN(into[2, 4]));
    }

    [Fact]
    public void AnotherShapeIsRefused()
        => Assert.Contains("into is 5 × 3, must be 3 × 5", Assert.Throws<ArgumentException>(() => PseudoInverse.Transposed(new Matrix(3, 5), new Matrix(5, 3))).Message, StringComparison.Ordinal);

    /// <summary>A product of small whole numbers, so that floats hold it exactly and its rank is what it is said to be.</summary>
    private static Matrix OfRank(int rows, int columns, int rank, MatrixOrder order)
    {
        var random = new RandomStreams(3).Stream("test");
        var (left, right) = (Whole(rows, rank), Whole(rank, columns));
        var matrix = new Matrix(rows, columns, order);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = (float)Enumerable.Range(0, rank).Sum(k => left[row, k] * right[k, column]);
            }
        }

        return matrix;

        double[,] Whole(int r, int c)
        {
            var values = new double[r, c];
            for (var i = 0; i < r; i++)
            {
                for (var j = 0; j < c; j++)
                {
                    values[i, j] = (i == j ? 12 : 0) + random.NextInt32(9) - 4;
                }
            }

            return values;
        }
    }

    private static double[,] Values(Matrix matrix) => Of(matrix.Rows, matrix.Columns, (row, column) => matrix[row, column]);

    private static double[,] Times(double[,] a, double[,] b)
        => Of(a.GetLength(0), b.GetLength(1), (row, column) => Enumerable.Range(0, a.GetLength(1)).Sum(k => a[row, k] * b[k, column]));

    private static double[,] Transposed(double[,] a) => Of(a.GetLength(1), a.GetLength(0), (row, column) => a[column, row]);

    private static double[,] Of(int rows, int columns, Func<int, int, double> value)
    {
        var values = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                values[row, column] = value(row, column);
            }
        }

        return values;
    }

    private static void AssertClose(double[,] expected, double[,] actual)
    {
        var greatest = expected.Cast<double>().Max(Math.Abs);
        foreach (var (e, a) in expected.Cast<double>().Zip(actual.Cast<double>()))
        {
            Assert.Equal(e, a, 2e-5 * greatest + 1e-12);
        }
    }
}
