using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class MatrixTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(5, 256)]
    [InlineData(2, 1024)]
    public unsafe void EveryLineStartsAtAMultipleOf64Bytes(int rows, int columns)
    {
        foreach (var order in Enum.GetValues<MatrixOrder>())
        {
            var matrix = new Matrix(rows, columns, order);
            for (var line = 0; line < matrix.Lines; line++)
            {
                fixed (float* start = matrix.PaddedLine(line))
                {
                    Assert.Equal(0u, (nuint)start % 64);
                    Assert.Equal(0, matrix.PaddedLine(line).Length % Matrix.Granule);
                }
            }
        }
    }

    [Fact]
    public void TheTransposedViewSharesMemory()
    {
        var matrix = Some.Matrix(3, 5, 1);
        var transposed = matrix.Transposed;
        Assert.Equal("5 × 3", transposed.Shape);
        transposed[4, 2] = 42;
        Assert.Equal(42, matrix[2, 4]);
    }

    [Fact]
    public void CopiesBetweenOrdersKeepEveryElement()
    {
        var source = Some.Matrix(7, 4, 1);
        var target = new Matrix(7, 4, MatrixOrder.ColumnMajor);
        target.CopyFrom(source);
        Some.AssertSameBits(source, target);
    }

    [Fact]
    public void SlicesAreRowsOfTheSameMemory()
    {
        var matrix = Some.Matrix(6, 3, 1);
        Assert.Equal(matrix[4, 1], matrix.Slice(3, 2)[1, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Slice(5, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Top(7));
    }

    [Fact]
    public void PlacesOutsideAreRefused()
    {
        var matrix = new Matrix(2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[-1, 0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(7, 13)]
    [InlineData(33, 65)]
    public void TranspositionTurnsEverySquareAndEdge(int rows, int columns)
    {
        var source = Some.Matrix(rows, columns, 1);
        var target = new Matrix(columns, rows);
        Transposition.Copy(source, target);
        Some.AssertSameBits(source.Transposed, target);
    }

    /// <summary>Each piece writes its own part of the target and nothing else; together they write all.</summary>
    [Theory]
    [InlineData(37, 53)]
    [InlineData(64, 48)]
    [InlineData(5, 100)]
    public void TranspositionInPiecesWritesEveryPieceOnce(int rows, int columns)
    {
        var source = Some.Matrix(rows, columns, 1);
        var target = new Matrix(columns, rows);
        for (var row = 0; row < rows; row += Transposition.Band)
        {
            for (var column = 0; column < columns; column += 2 * Transposition.Band)
            {
                var piece = new Matrix(columns, rows);
                var (rowsOfPiece, columnsOfPiece) = (new Range<int>(row, Math.Min(row + Transposition.Band, rows)), new Range<int>(column, Math.Min(column + 2 * Transposition.Band, columns)));
                Transposition.Copy(source, piece, rowsOfPiece, columnsOfPiece);
                Elementwise.Map(target, piece, new AddScaled(1));
            }
        }

        Some.AssertSameBits(source.Transposed, target);
    }

    [Fact]
    public void AMatrixTooLargeForOneArrayIsRefusedWithItsSize()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new Matrix(1 << 20, 1 << 20));
        Assert.Contains("1048576 × 1048576", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Matrix(1, int.MaxValue));
    }

    /// <summary>A kernel that filled such a view in whole vectors would write beyond its end, into the rows below.</summary>
    [Fact]
    public void SomeRowsOfAColumnMajorMatrixAreNoView()
    {
        var matrix = new Matrix(6, 3, MatrixOrder.ColumnMajor);
        Assert.Throws<InvalidOperationException>(() => matrix.Top(2));
        Assert.Equal("6 × 3", matrix.Top(6).Shape);
    }

    [Fact]
    public void MatricesSideBySideShareMemoryAndDoNotOverlap()
    {
        var (whole, parts) = Matrix.SideBySide(5, [3, 16, 40, 1]);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].Fill(i + 1);
            Assert.True(whole.MayOverlap(parts[i]));
            Assert.True(parts[i].MayOverlap(whole));
            for (var j = 0; j < parts.Length; j++)
            {
                Assert.Equal(i == j, parts[i].MayOverlap(parts[j]));
                Assert.Equal(i == j, parts[i].Slice(1, 2).MayOverlap(parts[j].Slice(2, 2)));
                Assert.Equal(i == j, parts[i].Transposed.MayOverlap(parts[j].Transposed));
            }
        }

        Assert.All(parts.Index(), part => Assert.All(Enumerable.Range(0, 5), row => Assert.All(part.Item.Row(row).ToArray(), x => Assert.Equal(part.Index + 1, x))));
        Assert.False(whole.MayOverlap(new Matrix(5, 96)));
    }
}
