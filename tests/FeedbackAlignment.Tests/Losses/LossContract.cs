using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Losses;

/// <summary>What every loss promises, the library's and anybody's own: call it from a test of yours.</summary>
internal static class LossContract
{
    private const int Outputs = 5, Examples = 7;

    /// <param name="loss">The loss.</param>
    /// <param name="targets">Targets that suit it; null: probabilities.</param>
    public static void Check(Loss loss, Matrix? targets = null)
    {
        Assert.Null(loss.Objection(Activation.Linear));
        var wanted = targets ?? Some.Batch(Some.Network($"2-{Outputs}", 1), Examples, 2).Targets;
        var outputs = Some.Matrix(wanted.Rows, wanted.Columns, 1);
        Assert.All(Enumerable.Range(0, wanted.Rows), row => Assert.Null(loss.TargetObjection(wanted.Row(row))));
        ErrorIsTheSlope(loss, outputs, wanted);
        BothLossesAgree(loss, outputs, wanted);
        WhatTheErrorHeldDoesNotMatter(loss, outputs, wanted);
        NothingIsAllocated(loss, outputs, wanted);
        OutputsMeanWhatTheySay(loss, outputs);
    }

    /// <summary>Central differences of the loss in double; outputs are floats, so the step is as exact as one of them can be.</summary>
    private static void ErrorIsTheSlope(Loss loss, Matrix outputs, Matrix targets)
    {
        var error = new Matrix(outputs.Rows, outputs.Columns);
        loss.Evaluate(outputs, targets, error);
        Some.ForEach(outputs, (row, column) =>
        {
            const float Step = 1f / 1024;
            var before = outputs[row, column];
            var (above, below) = (At(before + Step), At(before - Step));
            outputs[row, column] = before;
            var slope = (above.Loss - below.Loss) / ((double)above.Output - below.Output);
            Assert.Equal(slope, error[row, column], 1e-4 * (1 + Math.Abs(slope)));

            (double Loss, float Output) At(float output)
            {
                outputs[row, column] = output;
                var losses = new double[outputs.Rows];
                loss.EvaluateEach(outputs, targets, losses);
                return (losses[row], output);
            }
        });
    }

    private static void BothLossesAgree(Loss loss, Matrix outputs, Matrix targets)
    {
        var losses = new double[outputs.Rows];
        loss.EvaluateEach(outputs, targets, losses);
        var mean = loss.Evaluate(outputs, targets, new Matrix(outputs.Rows, outputs.Columns));
        Assert.Equal(losses.Average(), mean, 1e-5 * (1 + Math.Abs(mean)));
    }

    private static void WhatTheErrorHeldDoesNotMatter(Loss loss, Matrix outputs, Matrix targets)
    {
        var (clean, dirty) = (new Matrix(outputs.Rows, outputs.Columns), new Matrix(outputs.Rows, outputs.Columns));
        dirty.Fill(float.NaN);
        loss.Evaluate(outputs, targets, clean);
        loss.Evaluate(outputs, targets, dirty);
        Some.AssertSameBits(clean, dirty);
    }

    private static void NothingIsAllocated(Loss loss, Matrix outputs, Matrix targets)
    {
        var (error, losses, marks) = (new Matrix(outputs.Rows, outputs.Columns), new double[outputs.Rows], new AllocationMarks());
        do
        {
            for (var i = 0; i < 20; i++)
            {
                loss.Evaluate(outputs, targets, error);
                loss.EvaluateEach(outputs, targets, losses);
            }
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    private static void OutputsMeanWhatTheySay(Loss loss, Matrix outputs)
    {
        var meant = outputs.Copy();
        loss.Interpret(meant);
        Assert.Equal(!loss.HasProbabilities, Some.SameBits(outputs, meant));
        Assert.Equal(loss.HasProbabilities, loss.Objection(Activation.Tanh) is not null);
        if (loss.HasProbabilities)
        {
            Some.ForEach(meant, (row, column) => Assert.InRange(meant[row, column], 0, 1));
        }

        if (loss.OutputFunction == OutputFunction.Softmax)
        {
            Assert.All(Enumerable.Range(0, meant.Rows), row => Assert.Equal(1, meant.Row(row).ToArray().Sum(), 1e-5));
            Assert.NotNull(loss.Objection(1));
        }
    }
}
