using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Data;

public class StandardizerTests
{
    [Fact]
    public void Means_and_population_deviations_are_those_of_the_columns()
    {
        var fitted = Standardizer.Fit(Matrix.From(new float[,] { { 1, 10 }, { 3, 10 }, { 5, 40 } }));

        Assert.Equal([3, 20], fitted.Means);
        Assert.Equal([(float)Math.Sqrt(8 / 3.0), (float)Math.Sqrt(200)], fitted.Deviations);
        Assert.Empty(fitted.ConstantColumns);
    }

    [Theory]
    [InlineData(MatrixOrder.RowMajor)]
    [InlineData(MatrixOrder.ColumnMajor)]
    public void Applied_columns_have_mean_0_and_deviation_1_and_the_inverse_brings_them_back(MatrixOrder order)
    {
        var raw = Matrix.From(new float[,] { { 1, -1000 }, { 3, 0 }, { 8, 7000 } }, order);
        var fitted = Standardizer.Fit(raw);

        var standardized = fitted.Apply(raw);

        for (var column = 0; column < 2; column++)
        {
            double[] values = [standardized[0, column], standardized[1, column], standardized[2, column]];
            Assert.Equal(0, values.Average(), 1e-6);
            Assert.Equal(1, values.Average(value => value * value), 1e-6);
        }

        var back = fitted.Invert(standardized);
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(raw[row, 0], back[row, 0], 1e-5);
            Assert.Equal(raw[row, 1], back[row, 1], 1e-2);
        }

        Assert.Equal(1, raw[0, 0]);
        fitted.ApplyInPlace(raw);
        Assert.Equal(standardized[2, 1], raw[2, 1]);
    }

    [Fact]
    public void Examples_keep_their_targets_and_classes()
    {
        var examples = DataSet.FromArrays([[1, 10], [3, 30]], [1, 0], 2);
        var standardized = Standardizer.Fit(examples.Inputs).Apply(examples);

        Assert.Equal(new float[,] { { -1, -1 }, { 1, 1 } }, standardized.Inputs.ToArray());
        Assert.Equal([1, 0], standardized.Labels);
        Assert.Equal(examples.Targets.ToArray(), standardized.Targets.ToArray());
        Assert.Equal(1, examples.Inputs[0, 0]);
    }

    [Fact]
    public void The_formula_is_computed_in_floats()
    {
        var fitted = new Standardizer([0.1f], [0.3f]);

        Assert.Equal((0.7f - 0.1f) / 0.3f, fitted.Apply(Matrix.From(new[,] { { 0.7f } }))[0, 0]);
    }

    /// <summary>The mean of ten numbers 0.1 is not 0.1 in binary: a deviation of 10⁻¹⁷ would blow up the first other value.</summary>
    [Fact]
    public void Constant_columns_become_0_and_are_named()
    {
        var constant = new Matrix(10, 2);
        constant.Fill(0.1f);
        constant[3, 1] = 5;
        var fitted = Standardizer.Fit(constant);

        Assert.Equal([0], fitted.ConstantColumns);
        Assert.Equal(0, fitted.Deviations[0]);
        var later = fitted.Apply(Matrix.From(new float[,] { { 77, 5 } }));
        Assert.Equal(0, later[0, 0]);
        Assert.NotEqual(0, later[0, 1]);
        Assert.Equal(0.1f, fitted.Invert(later)[0, 0]);
    }

    [Fact]
    public void Columns_of_nearly_equal_numbers_are_not_constant()
    {
        var fitted = Standardizer.Fit(Matrix.From(new[,] { { float.Epsilon }, { 0 }, { 0 }, { 0 }, { 0 } }));

        Assert.Empty(fitted.ConstantColumns);
    }

    [Fact]
    public void Sums_are_taken_in_double()
    {
        var large = new Matrix(100_000, 1);
        large.Fill(16_777_216);
        large[0, 0] = 16_777_218;

        Assert.Equal(2 * Math.Sqrt(1e-5 * (1 - 1e-5)), Standardizer.Fit(large).Deviations[0], 1e-9);
    }

    [Fact]
    public void A_range_goes_to_0_to_1()
    {
        var bytes = Standardizer.Range(0, 255, 2);

        var scaled = bytes.Apply(Matrix.From(new float[,] { { 0, 255 }, { 51, 102 } }));

        Assert.Equal([0, 1], scaled.Row(0).ToArray());
        Assert.Equal([51f / 255, 102f / 255], scaled.Row(1).ToArray());
    }

    [Fact]
    public void What_cannot_be_standardized_is_refused_with_its_place()
    {
        Assert.StartsWith("row 1, column 0 is NaN, must be a finite number", Message(() => Standardizer.Fit(Matrix.From(new[,] { { 1 }, { float.NaN } }))));
        Assert.StartsWith("row 0, column 1 is Infinity", Message(() => Standardizer.Fit(Matrix.From(new[,] { { 1, float.PositiveInfinity } }))));
        Assert.StartsWith("column 0 reaches from -3E+38 to 3E+38", Message(() => Standardizer.Fit(Matrix.From(new[,] { { -3e38f }, { 3e38f } }))));
        Assert.StartsWith("inputs are 0 × 3", Message(() => Standardizer.Fit(new Matrix(0, 3))));
        Assert.StartsWith("inputs is 1 × 3, must be 1 × 2", Message(() => new Standardizer([0, 0], [1, 1]).Apply(new Matrix(1, 3))));
        Assert.StartsWith("standardized is 1 × 1, must be 1 × 2", Message(() => new Standardizer([0, 0], [1, 1]).Invert(new Matrix(1, 1))));
        Assert.StartsWith("there are 1 means and 2 deviations", Message(() => new Standardizer([0], [1, 1])));
        Assert.StartsWith("column 1 has mean 0 and deviation -1", Message(() => new Standardizer([0, 0], [1, -1])));
        Assert.StartsWith("column 0 has mean NaN", Message(() => new Standardizer([float.NaN], [1])));
        Assert.StartsWith("the range is 1 … 1", Message(() => Standardizer.Range(1, 1, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Standardizer.Range(0, 1, 0));

        static string Message(Func<object> act) => Assert.Throws<ArgumentException>(act).Message;
    }
}
