using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class CalibrationTests
{
    private const int Chains = 12, OperationsOfAMultiplyAdd = 2;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1000)]
    [InlineData(3, 1000)]
    public void EveryLaneOfEveryChainOnEveryThreadCountsItsMultiplyAdds(int threads, int rounds)
    {
        using var calibration = new Calibration(threads);
        var lanes = Compute.VectorBits / 32;
        Assert.Equal((long)OperationsOfAMultiplyAdd * Chains * lanes * threads * rounds, calibration.MultiplyAdds(rounds));
    }

    [Fact]
    public void ACountIsNotAddedToTheOneBefore()
    {
        using var calibration = new Calibration();
        Assert.Equal(calibration.MultiplyAdds(7), calibration.MultiplyAdds(7));
    }

    [Theory]
    [InlineData(1, MatrixOrder.RowMajor)]
    [InlineData(3, MatrixOrder.RowMajor)]
    [InlineData(3, MatrixOrder.ColumnMajor)]
    public void AWalkChangesEveryElementOnce(int threads, MatrixOrder order)
    {
        using var calibration = new Calibration(threads);
        var matrix = Some.Matrix(7, 37, seed: 1, order);
        var doubled = matrix.Copy();
        calibration.ReadModifyWrite(doubled, 2);
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                Assert.Equal(2 * matrix[row, column], doubled[row, column]);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Calibration.MostRounds + 1)]
    public void RoundsThatALaneCannotCountAreRejected(int rounds)
    {
        using var calibration = new Calibration();
        Assert.Throws<ArgumentOutOfRangeException>(() => calibration.MultiplyAdds(rounds));
    }
}
