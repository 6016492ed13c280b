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
    [InlineData(70, 130, 3)]
    [InlineData(1, 0, 40)]
    [InlineData(3, 0, 40)]
    public void AFinishIsAppliedToEveryElementOnce(int rows, int inner, int columns)
    {
        using var compute = new Compute(2);
        var (left, right) = (Some.Matrix(rows, inner, 1), Some.Matrix(inner, columns, 2));
        var (expected, actual) = (new Matrix(rows, columns), new Matrix(rows, columns));
        compute.Product(left, right, expected);
        Elementwise.Map(expected, default(TakeTanh));
        compute.Product(left, right, actual, start: default, new Finish<TakeTanh>(default));
        Some.AssertSameBits(expected, actual);

        // Chains that start from one row are those that find it in every row.
        var start = Some.Matrix(1, columns, 3);
        for (var row = 0; row < rows; row++)
        {
            start.Row(0).CopyTo(expected.Row(row));
        }

        compute.Product(left, right, expected, accumulate: true);
        compute.Product(left, right, actual, start, finish: null);
        Some.AssertSameBits(expected, actual);
        Elementwise.Map(expected, default(TakeTanh));
        compute.Product(left, right, actual, start, new Finish<TakeTanh>(default));
        Some.AssertSameBits(expected, actual);
    }

    public static TheoryData<int, int, Zeros, Zeros> SparseCases()
    {
        var cases = new TheoryData<int, int, Zeros, Zeros>();
        foreach (var (inputs, outputs) in ((int, int)[])[(1, 1), (3, 17), (5, 40), (7, 33), (130, 257), (301, 300), (1050, 257), (2111, 33)])
        {
            foreach (var before in Enum.GetValues<Zeros>())
            {
                foreach (var now in Enum.GetValues<Zeros>())
                {
                    cases.Add(inputs, outputs, before, now);
                }
            }
        }

        return cases;
    }

    /// <summary>The oracle has the terms of zero inputs, so leaving them out changes nothing; some zeros are negative.</summary>
    [Theory]
    [MemberData(nameof(SparseCases))]
    public void InputsOfZeroChangeNoBit(int inputs, int outputs, Zeros before, Zeros now)
    {
        var (previousInput, error, input) = (Sparse(inputs, before, 2), Some.Matrix(1, outputs, 3), Sparse(inputs, now, 4));
        var (startWeights, startOutput) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(1, outputs, 5));
        foreach (var kept in (float[])[1, 0.999f])
        {
            var (expectedWeights, expectedOutput) = (startWeights.Copy(), startOutput.Copy());
            OneAfterTheOther(expectedWeights, kept, previousInput, error, input, expectedOutput);
            foreach (var threads in (int[])[1, 2, 3])
            {
                using var compute = new Compute(threads);
                var (weights, output) = (startWeights.Copy(), startOutput.Copy());
                compute.StepAndProduct(weights, kept, previousInput, error, input, output, finish: null);
                Some.AssertSameBits(expectedWeights, weights);
                Some.AssertSameBits(expectedOutput, output);

                (weights, output) = (startWeights.Copy(), startOutput.Copy());
                Elementwise.Map(weights, new Scale(kept));
                compute.Product(previousInput.Transposed, error, weights, accumulate: true);
                compute.Product(input, weights, output, accumulate: true);
                Some.AssertSameBits(expectedWeights, weights);
                Some.AssertSameBits(expectedOutput, output);
            }
        }
    }

    /// <summary>
    /// Where leaving a term out could be seen, in the sign of a zero or beside an infinity, one walk leaves out the same terms as two.
    /// </summary>
    [Theory]
    [InlineData(3, 17)]
    [InlineData(70, 16)]
    [InlineData(301, 700)]
    public void OneWalkAndTwoLeaveOutTheSameTerms(int inputs, int outputs)
    {
        using var compute = new Compute(2);
        var (previousInput, error, input) = (Sparse(inputs, Zeros.Many, 2), Some.Matrix(1, outputs, 3), Sparse(inputs, Zeros.Many, 4));
        error[0, outputs / 2] = float.PositiveInfinity;
        foreach (var kept in (float[])[1, 0.999f])
        {
            var (expected, expectedOutput, actual, actualOutput) = (Weights(), Output(), Weights(), Output());
            Elementwise.Map(expected, new Scale(kept));
            compute.Product(previousInput.Transposed, error, expected, accumulate: true);
            compute.Product(input, expected, expectedOutput, accumulate: true);
            compute.StepAndProduct(actual, kept, previousInput, error, input, actualOutput, finish: null);
            Some.AssertSameBits(expected, actual);
            Some.AssertSameBits(expectedOutput, actualOutput);
        }

        Matrix Weights()
        {
            var weights = Some.Matrix(inputs, outputs, 1);
            for (var row = 0; row < inputs; row++)
            {
                weights.Row(row).Fill((row % 5) switch { 0 => -0f, 1 => 0f, 2 => float.NegativeInfinity, 3 => 1e-45f, _ => weights[row, 0] });
            }

            return weights;
        }

        Matrix Output()
        {
            var output = new Matrix(1, outputs);
            output.Fill(-0f);
            return output;
        }
    }

    /// <summary>Lines of one, two, three and many vectors, in walks of one thread and of two.</summary>
    [Theory]
    [InlineData(7, 4)]
    [InlineData(7, 10)]
    [InlineData(70, 16)]
    [InlineData(7, 30)]
    [InlineData(7, 40)]
    [InlineData(301, 700)]
    public void AnInputOfZeroHasNoTermWhateverItWouldBeMultipliedWith(int inputs, int outputs)
    {
        foreach (var threads in (int[])[1, 2])
        {
            using var compute = new Compute(threads);
            ZerosHaveNoTerms(inputs, outputs, (weights, kept, before, error, now, output) => compute.StepAndProduct(weights, kept, before, error, now, output, finish: null));
        }
    }

    [Fact]
    public void ALineThatIsNoNumberShowsAsSoonAsItsInputIsNotZero()
    {
        using var compute = new Compute();
        var (weights, input, output) = (Some.Matrix(6, 40, 1), Some.Matrix(1, 6, 2), new Matrix(1, 40));
        weights.Row(3).Fill(float.NaN);
        input[0, 3] = 0;
        compute.Product(input, weights, output);
        Assert.True(Reductions.AllFinite(output));
        input[0, 3] = 1e-30f;
        compute.Product(input, weights, output);
        Assert.All(output.Row(0).ToArray(), value => Assert.True(float.IsNaN(value)));

        // An input that is no number is not taken for 0.
        weights = Some.Matrix(6, 40, 1);
        input[0, 3] = float.NaN;
        compute.StepAndProduct(weights, 1, input, Some.Matrix(1, 40, 3), Some.Matrix(1, 6, 4), output, finish: null);
        Assert.All(weights.Row(3).ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 33)]
    [InlineData(130, 257)]
    [InlineData(301, 300)]
    [InlineData(1050, 129)]
    public void DecayThatIsOwedIsDoneWhenALineIsWanted(int inputs, int outputs)
    {
        const float Kept = 0.999f;
        const int Steps = 23;
        Zeros[] zeros = [Zeros.Many, Zeros.AllButOne, Zeros.Many, Zeros.All, Zeros.Many];
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var compute = new Compute(threads);
            var owed = new OwedDecay(inputs);
            var (expected, expectedOutput) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(1, outputs, 5));
            var (weights, output) = (expected.Copy(), expectedOutput.Copy());
            for (var step = 0; step < Steps; step++)
            {
                var (before, now) = (Sparse(inputs, zeros[step % 5], (ulong)step), Sparse(inputs, zeros[(step + 1) % 5], (ulong)step + 1));
                var error = Some.Matrix(1, outputs, (ulong)step);
                OneAfterTheOther(expected, Kept, before, error, now, expectedOutput);
                compute.StepAndProduct(weights, Kept, before, error, now, output, finish: null, owed);
                Some.AssertSameBits(expectedOutput, output);
            }

            compute.Settle(weights, Kept, owed);
            Some.AssertSameBits(expected, weights);
            compute.Settle(weights, Kept, owed);
            Some.AssertSameBits(expected, weights);
        }
    }

    /// <summary>Which inputs are 0.</summary>
    public enum Zeros
    {
        /// <summary>None.</summary>
        None,

        /// <summary>Four of five, in runs, as in a drawn digit.</summary>
        Many,

        /// <summary>All but one.</summary>
        AllButOne,

        /// <summary>All.</summary>
        All,
    }

    internal static Matrix Sparse(int inputs, Zeros zeros, ulong seed)
    {
        var values = Some.Matrix(1, inputs, seed);
        for (var i = 0; i < inputs; i++)
        {
            var isZero = zeros switch
            {
                Zeros.None => false,
                Zeros.Many => (i / 3 + (int)seed) % 5 != 0,
                Zeros.AllButOne => i != inputs / 2,
                _ => true,
            };
            values[0, i] = !isZero ? values[0, i] : i % 2 == 0 ? 0f : -0f;
        }

        return values;
    }

    /// <summary>
    /// Lines that are not multiplied are infinite, and so is an error: what is left out shows in neither the output nor the weights.
    /// </summary>
    internal static void ZerosHaveNoTerms(int inputs, int outputs, Action<Matrix, float, Matrix, Matrix, Matrix, Matrix> walk)
    {
        foreach (var (before, now) in from before in Enum.GetValues<Zeros>() from now in Enum.GetValues<Zeros>() select (before, now))
        {
            foreach (var kept in (float[])[1, 0.999f])
            {
                var (previousInput, error, input) = (Sparse(inputs, before, 2), Some.Matrix(1, outputs, 3), Sparse(inputs, now, 4));
                var (weights, output) = (Some.Matrix(inputs, outputs, 1), new Matrix(1, outputs));
                error[0, outputs - 1] = float.PositiveInfinity;
                output.Fill(-0f);
                foreach (var line in Enumerable.Range(0, inputs).Where(line => input[0, line] == 0))
                {
                    weights.Row(line).Fill(float.NegativeInfinity);
                }

                var start = weights.Copy();
                walk(weights, kept, previousInput, error, input, output);
                Assert.All(output.Row(0)[..^1].ToArray(), value => Assert.True(now == Zeros.All ? float.IsNegative(value) && value == 0 : float.IsFinite(value)));
                foreach (var line in Enumerable.Range(0, inputs).Where(line => previousInput[0, line] == 0))
                {
                    Assert.Equal(start[line, outputs - 1] * kept, weights[line, outputs - 1]);
                }
            }
        }
    }

    private static void OneAfterTheOther(Matrix weights, float kept, Matrix output)
        => OneAfterTheOther(weights, kept, Some.Matrix(1, weights.Rows, 2), Some.Matrix(1, weights.Columns, 3), Some.Matrix(1, weights.Rows, 4), output);

    private static void OneAfterTheOther(Matrix weights, float kept, Matrix before, Matrix error, Matrix now, Matrix output)
    {
        for (var column = 0; column < weights.Columns; column++)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                weights[row, column] = Some.MultiplyAdd(before[0, row], error[0, column], weights[row, column] * kept);
                output[0, column] = Some.MultiplyAdd(now[0, row], weights[row, column], output[0, column]);
            }
        }
    }
}
