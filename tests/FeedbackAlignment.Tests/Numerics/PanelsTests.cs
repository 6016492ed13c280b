using FeedbackAlignment.Numerics;
using static FeedbackAlignment.Tests.Numerics.StepAndProductTests;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class PanelsTests
{
    private const float Decays = 0.999f;

    /// <summary>The last has more lines than a group.</summary>
    public static TheoryData<int, int> Shapes()
        => new() { { 1, 1 }, { 3, 17 }, { 255, 48 }, { 256, 96 }, { 257, 112 }, { 513, 257 }, { 300, 700 }, { 70, 1000 }, { 4101, 33 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void FoldedAndUnfoldedTheWeightsAreWhatTheyWere(int inputs, int outputs)
    {
        foreach (var parts in (int[])[1, 2, 3, 7])
        {
            var (expected, weights) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(inputs, outputs, 1));
            var panels = new Panels(weights, parts);
            panels.Fold();
            panels.Unfold();
            Some.AssertSameBits(expected, weights);
        }
    }

    /// <summary>
    /// All panels of all threads together are the columns with their padding, each once, and no panel is wider than the kernel knows.
    /// </summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryColumnIsInOnePanel(int inputs, int outputs)
    {
        foreach (var parts in (int[])[1, 2, 3, 7])
        {
            var panels = new Panels(new Matrix(inputs, outputs), parts);
            var next = 0;
            for (var part = 0; part < parts; part++)
            {
                var starts = panels.StartsOf(part);
                Assert.Equal(next, starts[0]);
                for (var i = 1; i < starts.Length; i++)
                {
                    Assert.InRange(starts[i] - starts[i - 1], 1, 6 * Matrix.Granule);
                }

                next = starts[^1];
            }

            Assert.Equal(Matrix.Padded(outputs), next);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AWalkOverPanelsHasTheBitsOfAWalkOverLines(int inputs, int outputs)
    {
        foreach (var (before, now) in from before in Enum.GetValues<Zeros>() from now in Enum.GetValues<Zeros>() select (before, now))
        {
            foreach (var (kept, owes) in ((float, bool)[])[(1, false), (Decays, false), (Decays, true)])
            {
                var expected = Walk(inputs, outputs, before, now, kept, owes, threads: 1, folded: false);
                foreach (var threads in (int[])[1, 2, 3])
                {
                    var (weights, output) = Walk(inputs, outputs, before, now, kept, owes, threads, folded: true);
                    Some.AssertSameBits(expected.Weights, weights);
                    Some.AssertSameBits(expected.Output, output);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnInputOfZeroHasNoTermWhateverItWouldBeMultipliedWith(int inputs, int outputs)
    {
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var compute = new Compute(threads);
            ZerosHaveNoTerms(inputs, outputs, (weights, kept, before, error, now, output) =>
            {
                var panels = new Panels(weights, threads);
                panels.Fold();
                compute.StepAndProduct(panels, kept, before, error, now, output, finish: null);
                panels.Unfold();
            });
        }
    }

    /// <summary>By threads, by one, and by the caller alone when the threads have ended; over what stood there before.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnErrorThroughPanelsHasTheBitsOfOneThroughLines(int inputs, int outputs)
    {
        foreach (var threads in (int[])[1, 2, 3, 7])
        {
            using var compute = new Compute(threads);
            var (weights, error) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(1, outputs, 2));
            var expected = new Matrix(1, inputs);
            compute.Product(error, weights.Transposed, expected);
            var panels = new Panels(weights, threads);
            panels.Fold();
            foreach (var ended in (bool[])[false, true])
            {
                if (ended)
                {
                    compute.Dispose();
                }

                for (var time = 0; time < 3; time++)
                {
                    var through = Some.Matrix(1, inputs, 3);
                    compute.ProductBack(error, panels, through);
                    Some.AssertSameBits(expected, through);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AFinishIsAppliedToEveryElementOnce(int inputs, int outputs)
    {
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var compute = new Compute(threads);
            Matrix Output(Finish? finish)
            {
                var (panels, output) = (new Panels(Some.Matrix(inputs, outputs, 1), threads), Some.Matrix(1, outputs, 5));
                panels.Fold();
                compute.StepAndProduct(panels, 1, Some.Matrix(1, inputs, 2), Some.Matrix(1, outputs, 3), Some.Matrix(1, inputs, 4), output, finish);
                return output;
            }

            var expected = Output(finish: null);
            Elementwise.Map(expected, new Scale(-3));
            Some.AssertSameBits(expected, Output(new Finish<Scale>(new Scale(-3))));
        }
    }

    [Fact]
    public void EveryWalkGoesTheOtherWay()
    {
        using var compute = new Compute(1);
        var panels = new Panels(Some.Matrix(5, 300, 1), 1);
        panels.Fold();
        List<bool> backwards = [];
        for (var walk = 0; walk < 4; walk++)
        {
            backwards.Add(panels.Backwards);
            compute.StepAndProduct(panels, 1, Some.Matrix(1, 5, 2), Some.Matrix(1, 300, 3), Some.Matrix(1, 5, 4), Some.Matrix(1, 300, 5), finish: null);
        }

        Assert.Equal([false, true, false, true], backwards);
    }

    /// <summary>Lines of many outputs are in smaller groups.</summary>
    [Theory]
    [InlineData(4101, 33)]
    [InlineData(540, 7900)]
    public void SeveralGroupsHaveTheBitsOfLines(int inputs, int outputs)
    {
        var panels = new Panels(new Matrix(inputs, outputs), 2);
        Assert.InRange(panels.GroupLines, 1, inputs - 1);
        var expected = Walk(inputs, outputs, Zeros.None, Zeros.None, kept: 1, owes: false, threads: 1, folded: false);
        var (weights, output) = Walk(inputs, outputs, Zeros.None, Zeros.None, kept: 1, owes: false, threads: 2, folded: true);
        Some.AssertSameBits(expected.Weights, weights);
        Some.AssertSameBits(expected.Output, output);
    }

    /// <summary>Four steps; zeros in other places each time, so that lines owe, and pay.</summary>
    private static (Matrix Weights, Matrix Output) Walk(int inputs, int outputs, Zeros before, Zeros now, float kept, bool owes, int threads, bool folded)
    {
        using var compute = new Compute(threads);
        var (weights, output) = (Some.Matrix(inputs, outputs, 1), Some.Matrix(1, outputs, 5));
        var (panels, owed) = (new Panels(weights, threads), owes ? new OwedDecay(inputs) : null);
        if (folded)
        {
            panels.Fold();
        }

        for (var step = 0; step < 4; step++)
        {
            var (previous, input, error) = (Sparse(inputs, before, (ulong)step), Sparse(inputs, now, (ulong)step + 1), Some.Matrix(1, outputs, (ulong)step));
            if (folded)
            {
                compute.StepAndProduct(panels, kept, previous, error, input, output, finish: null, owed);
            }
            else
            {
                compute.StepAndProduct(weights, kept, previous, error, input, output, finish: null, owed);
            }
        }

        if (folded)
        {
            panels.Unfold();
        }

        if (owed is not null)
        {
            compute.Settle(weights, kept, owed);
        }

        return (weights, output);
    }
}
