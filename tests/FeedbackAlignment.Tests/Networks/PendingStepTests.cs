using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks;

public sealed class PendingStepTests
{
    private const int Outputs = 300, Inputs = 260, EnoughWalks = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnErrorGoesBackThroughPanelsWithoutLeavingThem(int threads)
    {
        using var compute = new Compute(threads);
        var (weights, reference) = (Weights(), Weights());
        var (step, expected) = (new PendingStep(weights, compute), new PendingStep(reference, compute));
        Walk(step, EnoughWalks, kept: 1);
        Walk(expected, EnoughWalks, kept: 1);
        expected.Take();

        var (error, below, through) = (Some.Matrix(1, Outputs, 9), new Matrix(1, Inputs), new Matrix(1, Inputs));
        Assert.True(step.TryMultiplyBack(error, below));
        compute.Product(error, reference, through);
        Some.AssertSameBits(through, below);
        Assert.True(step.IsBehind);
        step.Take();
        Some.AssertSameBits(reference, weights);
    }

    [Fact]
    public void WeightsThatLackSomethingMustBeAskedFor()
    {
        using var compute = new Compute(2);
        AssertRefused(step => Walk(step, 3, kept: 1));
        AssertRefused(step => Walk(step, EnoughWalks, kept: 0.999f, zeros: true));
        AssertRefused(step =>
        {
            Walk(step, EnoughWalks, kept: 1);
            step.Set(Some.Matrix(1, Outputs, 1), Some.Matrix(1, Inputs, 2), 1);
        });

        void AssertRefused(Action<PendingStep> prepare)
        {
            var step = new PendingStep(Weights(), compute);
            prepare(step);
            var below = Some.Matrix(1, Inputs, 3);
            Assert.False(step.TryMultiplyBack(Some.Matrix(1, Outputs, 9), below));
            Some.AssertSameBits(Some.Matrix(1, Inputs, 3), below);
        }
    }

    private static Matrix Weights()
    {
        var weights = new Matrix(Outputs, Inputs, MatrixOrder.ColumnMajor);
        weights.CopyFrom(Some.Matrix(Outputs, Inputs, 4));
        return weights;
    }

    /// <param name="step">What to take steps with.</param>
    /// <param name="times">How many.</param>
    /// <param name="kept">What is kept of every weight.</param>
    /// <param name="zeros">Whether every second input is 0, always the same, so that lines owe their decay.</param>
    private static void Walk(PendingStep step, int times, float kept, bool zeros = false)
    {
        var input = Some.Matrix(1, Inputs, 5);
        for (var i = 0; zeros && i < Inputs; i += 2)
        {
            input[0, i] = 0;
        }

        for (; times > 0; times--)
        {
            step.Set(Some.Matrix(1, Outputs, (ulong)times), input, kept);
            step.TakeAndMultiply(input, new Matrix(1, Outputs), finish: null);
        }
    }
}
