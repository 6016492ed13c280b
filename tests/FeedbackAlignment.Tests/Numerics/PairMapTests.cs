using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public class PairMapTests
{
    /// <summary>
    /// Widths that one, two and three threads cut into different strips, padding included; enough rows to be worth sharing.
    /// </summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 10)]
    [InlineData(128, 129)]
    [InlineData(64, 1000)]
    public void ThreadsChangeNoBitOfElementwiseWorkOrOfMeans(int rows, int columns)
    {
        var factors = Some.Matrix(rows, columns, 2);
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var compute = new Compute(threads);
            var (products, means) = (Some.Matrix(rows, columns, 1), new Matrix(1, columns));
            compute.Map(new PairMap<TakeScaled>(new TakeScaled(0.3f)), products, factors);
            compute.Map(new RowMean(), means, factors);
            for (var column = 0; column < columns; column++)
            {
                var sum = 0f;
                for (var row = 0; row < rows; row++)
                {
                    Assert.Equal(factors[row, column] * 0.3f, products[row, column]);
                    sum = Some.MultiplyAdd(factors[row, column], 1, sum);
                }

                Assert.Equal(sum * (1f / rows), means[0, column]);
            }
        }
    }
}
