using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class StepAndProductTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(4, 16)]
    [InlineData(7, 33)]
    [InlineData(130, 257)]
    [InlineData(300, 700)]
    public void AStepAndAProductInOneWalkHaveTheBitsOfOneAfterTheOther(int inputs, int outputs)
    {
        using var oneThread = new Compute();
        using var twoThreads = new Compute(2);
        using var threeThreads = new Compute(3);
        foreach (var kept in (float[])[1, 0.999f])
        {
            var (expectedWeights, expectedOutput) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(1, outputs, 5));
            OneAfterTheOther(expectedWeights, kept, expectedOutput);
            foreach (var compute in (Compute[])[oneThread, twoThreads, threeThreads])
            {
                var (weights, output) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(1, outputs, 5));
                compute.StepAndProduct(weights, kept, Some.Matrix(1, inputs, 2), Some.Matrix(1, outputs, 3), Some.Matrix(1, inputs, 4), output, finish: null);
                Some.AssertSameBits(expectedWeights, weights);
                Some.AssertSameBits(expectedOutput, output);
            }
        }
    }

    [Theory]
    [InlineData(1, 10, 5)]
    [InlineData(5, 200, 100)]
    [InlineData(70, 130, 300)]
    public void AFinishIsAppliedToEveryElementOnce(int rows, int inner, int columns)
    {
        using var compute = new Compute(2);
        var (left, right) = (Some.Matrix(rows, inner, 1), Some.Matrix(inner, columns, 2));
        var (expected, actual) = (new Matrix(rows, columns), new Matrix(rows, columns));
        compute.Product(left, right, expected);
        Elementwise.Map(expected, default(TakeTanh));
        compute.Product(left, right, actual, accumulate: false, new Finish<TakeTanh>(default));
        Some.AssertSameBits(expected, actual);
    }

    private static void OneAfterTheOther(Matrix weights, float kept, Matrix output)
    {
        var (before, error, now) = (Some.Matrix(1, weights.Rows, 2), Some.Matrix(1, weights.Columns, 3), Some.Matrix(1, weights.Rows, 4));
        for (var column = 0; column < weights.Columns; column++)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                weights[row, column] = MathF.FusedMultiplyAdd(before[0, row], error[0, column], weights[row, column] * kept);
                output[0, column] = MathF.FusedMultiplyAdd(now[0, row], weights[row, column], output[0, column]);
            }
        }
    }
}
