using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class ProductTests
{
    /// <summary>Odd shapes around every edge of tiles, vectors, blocks and padding.</summary>
    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>();
        foreach (var (rows, inner, columns) in ((int, int, int)[])
            [(1, 1, 1), (1, 5, 3), (4, 4, 48), (5, 127, 49), (3, 128, 47), (7, 129, 64), (8, 257, 15), (9, 300, 96), (2, 0, 5), (13, 31, 97), (66, 40, 257), (257, 3, 33), (1, 784, 130)])
        {
            shapes.Add(rows, inner, columns);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryElementIsOneChainOfMultiplyAddsInTheOrderOfTheInnerIndex(int rows, int inner, int columns)
    {
        using var oneThread = new Compute();
        using var twoThreads = new Compute(2);
        using var threeThreads = new Compute(3);
        foreach (var accumulate in (bool[])[false, true])
        {
            foreach (var (leftOrder, rightOrder, intoOrder) in Orders())
            {
                var left = Some.Matrix(rows, inner, 1, leftOrder);
                var right = Some.Matrix(inner, columns, 2, rightOrder);
                var expected = Chains(left, right, Some.Matrix(rows, columns, 3), accumulate);
                foreach (var compute in (Compute[])[oneThread, twoThreads, threeThreads])
                {
                    var into = Some.Matrix(rows, columns, 3, intoOrder);
                    compute.Product(left, right, into, accumulate);
                    Some.AssertSameBits(expected, into);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 401, 333)]
    [InlineData(1, 402, 333)]
    [InlineData(1, 403, 333)]
    [InlineData(2, 1024, 72)]
    public void AnErrorGoingBackThroughWeightsHasTheSameBitsForAnyNumberOfThreads(int rows, int inner, int columns)
    {
        var (left, right) = (Some.Matrix(rows, inner, 1), Some.Matrix(inner, columns, 2, MatrixOrder.ColumnMajor));
        var expected = Chains(left, right, Some.Matrix(rows, columns, 3), accumulate: true);
        foreach (var threads in (int[])[1, 2, 3, 5])
        {
            using var compute = new Compute(threads);
            var into = Some.Matrix(rows, columns, 3);
            compute.Product(left, right, into, accumulate: true);
            Some.AssertSameBits(expected, into);
        }
    }

    [Fact]
    public void AProductBigEnoughToBeSharedHasTheSameBitsForAnyNumberOfThreads()
    {
        var left = Some.Matrix(61, 200, 1);
        var right = Some.Matrix(200, 500, 2);
        var expected = new Matrix(61, 500);
        new Compute().Product(left, right, expected);
        foreach (var threads in (int[])[2, 3, 5])
        {
            using var compute = new Compute(threads);
            for (var repetition = 0; repetition < 20; repetition++)
            {
                var into = new Matrix(61, 500);
                compute.Product(left, right, into);
                Some.AssertSameBits(expected, into);
            }
        }
    }

    [Fact]
    public void AProductAfterItsThreadsHaveEndedHasTheSameBits()
    {
        var (left, right) = (Some.Matrix(61, 200, 1), Some.Matrix(200, 500, 2));
        var (before, after) = (new Matrix(61, 500), new Matrix(61, 500));
        using var compute = new Compute(3);
        compute.Product(left, right, before);
        compute.Dispose();
        compute.Product(left, right, after);
        Some.AssertSameBits(before, after);
    }

    [Fact]
    public void ATallResultIsSharedByRows()
    {
        var left = Some.Matrix(2000, 64, 1);
        var right = Some.Matrix(64, 20, 2);
        using var compute = new Compute(4);
        var into = new Matrix(2000, 20);
        compute.Product(left, right, into);
        Some.AssertSameBits(Chains(left, right, new Matrix(2000, 20), false), into);
    }

    [Fact]
    public void PaddingNeverReachesAResult()
    {
        var left = Some.Matrix(5, 7, 1);
        var right = Some.Matrix(7, 9, 2);
        var expected = Chains(left, right, new Matrix(5, 9), false);
        foreach (var matrix in (Matrix[])[left, right])
        {
            for (var line = 0; line < matrix.Lines; line++)
            {
                matrix.PaddedLine(line)[matrix.LineLength..].Fill(float.NaN);
            }
        }

        var into = new Matrix(5, 9);
        new Compute().Product(left, right, into);
        Some.AssertSameBits(expected, into);
    }

    [Fact]
    public void ProductsOfChangingWidthsAllocateNothing()
    {
        using var compute = new Compute(2);
        var left = Some.Matrix(64, 300, 1);
        var right = Some.Matrix(300, 200, 2, MatrixOrder.ColumnMajor);
        var narrowRight = Some.Matrix(300, 90, 3, MatrixOrder.ColumnMajor);
        var (into, narrowInto) = (new Matrix(64, 200), new Matrix(64, 90));
        compute.Product(left, right, into);
        compute.Product(left, narrowRight, narrowInto);
        var marks = new AllocationMarks();
        while (marks.Set())
        {
            for (var i = 0; i < 5; i++)
            {
                compute.Product(left, right, into);
                compute.Product(left, narrowRight, narrowInto);
            }
        }

        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefusedWithAllShapesInTheMessage()
    {
        var exception = Assert.Throws<ArgumentException>(() => new Compute().Product(new Matrix(2, 3), new Matrix(4, 5), new Matrix(2, 5)));
        Assert.Contains("2 × 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("4 × 5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("2 × 5", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProductIntoItsOwnFactorIsRefused()
    {
        var square = new Matrix(4, 4);
        Assert.Throws<ArgumentException>(() => new Compute().Product(square, new Matrix(4, 4), square));
    }

    private static IEnumerable<(MatrixOrder Left, MatrixOrder Right, MatrixOrder Into)> Orders()
    {
        MatrixOrder[] orders = [MatrixOrder.RowMajor, MatrixOrder.ColumnMajor];
        return from left in orders from right in orders from result in orders select (left, right, result);
    }

    private static Matrix Chains(Matrix left, Matrix right, Matrix start, bool accumulate)
    {
        var into = new Matrix(left.Rows, right.Columns);
        for (var row = 0; row < into.Rows; row++)
        {
            for (var column = 0; column < into.Columns; column++)
            {
                var sum = accumulate ? start[row, column] : 0;
                for (var k = 0; k < left.Columns; k++)
                {
                    sum = Some.MultiplyAdd(left[row, k], right[k, column], sum);
                }

                into[row, column] = sum;
            }
        }

        return into;
    }
}
