using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;

namespace FeedbackAlignment.Tests.Probes;

/// <summary>Linear CKA: its definition, and what it does not see.</summary>
public sealed class CenteredKernelAlignmentTests
{
    private static readonly Matrix _x = Drawn(12, 5, 1), _y = Drawn(12, 7, 2);

    /// <summary>‖YᵀX‖² ∕ (‖XᵀX‖ ‖YᵀY‖), written out over units instead of pairs of examples.</summary>
    [Fact]
    public void ItIsWhatItsDefinitionSays()
    {
        var expected = Squared(_y, _x) / Math.Sqrt(Squared(_x, _x) * Squared(_y, _y));
        Assert.Equal(expected, CenteredKernelAlignment.Linear(_x, _y)!.Value, 1e-6);
        Assert.InRange(expected, 0.1, 0.9);
    }

    [Fact]
    public void RotationScaleAndShiftMakeNoDifference()
    {
        var turned = new Matrix(_x.Rows, _x.Columns);
        var (cos, sin) = (0.6f, 0.8f);
        Some.ForEach(turned, (row, column) => turned[row, column] = 3 * column + 2 * column switch
        {
            0 => cos * _x[row, 0] - sin * _x[row, 4],
            4 => sin * _x[row, 0] + cos * _x[row, 4],
            _ => _x[row, column],
        });
        Assert.Equal(1, CenteredKernelAlignment.Linear(_x, turned)!.Value, 1e-6);
        Assert.Equal(CenteredKernelAlignment.Linear(_x, _y)!.Value, CenteredKernelAlignment.Linear(turned, _y)!.Value, 1e-6);
        Assert.Equal(CenteredKernelAlignment.Linear(_x, _y), CenteredKernelAlignment.Linear(_y, _x));
    }

    /// <summary>One unit that says the half of the examples, and another that says each second one.</summary>
    [Fact]
    public void UnrelatedUnitsHaveNone()
    {
        var (half, second) = (new Matrix(4, 1), new Matrix(4, 1));
        (half[0, 0], half[1, 0], second[0, 0], second[2, 0]) = (1, 1, 1, 1);
        Assert.Equal(0, CenteredKernelAlignment.Linear(half, second));
    }

    [Fact]
    public void ALayerThatDoesNotVaryHasNone()
    {
        var still = new Matrix(12, 3);
        still.Fill(0.5f);
        Assert.Null(CenteredKernelAlignment.Linear(still, _x));
        Assert.Throws<ArgumentException>(() => CenteredKernelAlignment.Linear(_x, _y.Top(4)));
    }

    private static double Squared(Matrix a, Matrix b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Columns; i++)
        {
            for (var j = 0; j < b.Columns; j++)
            {
                double product = 0, meanA = 0, meanB = 0;
                for (var row = 0; row < a.Rows; row++)
                {
                    product += (double)a[row, i] * b[row, j];
                    meanA += a[row, i] / (double)a.Rows;
                    meanB += b[row, j] / (double)a.Rows;
                }

                product -= a.Rows * meanA * meanB;
                sum += product * product;
            }
        }

        return sum;
    }

    private static Matrix Drawn(int rows, int columns, ulong seed)
    {
        var (matrix, stream) = (new Matrix(rows, columns), new RandomStreams(seed).Stream("x"));
        Some.ForEach(matrix, (row, column) => matrix[row, column] = stream.NextUniform(-1, 1));
        return matrix;
    }
}
