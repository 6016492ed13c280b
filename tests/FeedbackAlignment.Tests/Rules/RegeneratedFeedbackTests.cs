using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Feedback that is drawn again wherever an error goes through it: the bits of kept feedback, without its memory.</summary>
public sealed class RegeneratedFeedbackTests
{
    private static readonly FeedbackOptions _regenerate = new() { Regenerate = true };

    public static TheoryData<string> Rules()
        => [.. RuleCatalog.Standard.Entries.Where(rule => rule.CanRegenerateFeedback).Select(rule => rule.Id)];

    /// <summary>Panels are 128 × 128: shapes of less than one, of exactly one, and of several with something left over.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(10, 1000)]
    [InlineData(127, 33)]
    [InlineData(128, 128)]
    [InlineData(129, 129)]
    [InlineData(300, 17)]
    [InlineData(301, 403)]
    public void TheProductHasTheBitsOfThatWithTheStoredMatrix(int inner, int columns)
    {
        var drawn = WeightDistribution.Normal(0.3).Drawn(inner, columns, new RandomStreams(3).Stream("drawn"));
        var stored = new Matrix(inner, columns);
        WeightDistribution.Normal(0.3).Draw(stored, new RandomStreams(3).Stream("drawn"));
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var compute = new Compute(threads);
            foreach (var rows in (int[])[1, 2, 13, 64])
            {
                var left = WithZeros(Some.Matrix(rows, inner, 7));
                var (expected, actual) = (new Matrix(rows, columns), new Matrix(rows, columns));
                actual.Fill(float.NaN);
                compute.Product(left, stored, expected);
                compute.Product(left, drawn, actual);
                Some.AssertSameBits(expected, actual);
            }
        }
    }

    /// <summary>A piece begins anywhere in the stream, also where the stream was not at its beginning.</summary>
    [Fact]
    public void AnyPieceOfARowIsThatOfTheWholeMatrix()
    {
        foreach (var distribution in (WeightDistribution[])[WeightDistribution.Uniform(0.5), WeightDistribution.GlorotNormal()])
        {
            var stream = new RandomStreams(5).Stream("drawn");
            _ = stream.NextUInt32();
            var (drawn, whole) = (distribution.Drawn(7, 301, stream), new Matrix(7, 301));
            distribution.Draw(whole, stream);
            Assert.Equal(1ul + (2 * 7 * 301), stream.Position);
            foreach (var (row, from, to) in ((int, int, int)[])[(0, 0, 1), (3, 1, 2), (6, 300, 301), (5, 17, 290), (1, 4, 4)])
            {
                var piece = new float[to - from];
                drawn.DrawRow(row, new(from, to), piece);
                Assert.Equal(whole.Row(row)[from..to].ToArray(), piece);
            }
        }
    }

    [Fact]
    public void AProductThatDoesNotFitIsRefused()
    {
        using var compute = new Compute();
        var drawn = WeightDistribution.Normal(1).Drawn(4, 5, new RandomStreams(1).Stream("drawn"));
        Assert.Contains("2 × 4 and 4 × 5 into 2 × 4", Assert.Throws<ArgumentException>(() => compute.Product(new Matrix(2, 4), drawn, new Matrix(2, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => compute.Product(new Matrix(2, 5), drawn, new Matrix(2, 5)));
    }

    public static TheoryData<string, string> RulesAndDistributions() => [.. from rule in Rules() from id in Distributions.Keys select (rule.Data, id)];

    private static Dictionary<string, FeedbackOptions> Distributions { get; } = new FeedbackOptions[]
    {
        new() { Distribution = WeightDistribution.Zero },
        new() { Distribution = WeightDistribution.Uniform(0.5) },
        new() { Distribution = WeightDistribution.Normal(0.2) },
        new() { Distribution = WeightDistribution.LeCunUniform() },
        new() { Distribution = WeightDistribution.LeCunNormal(2) },
        new() { Distribution = WeightDistribution.GlorotUniform() },
        new() { Distribution = WeightDistribution.GlorotNormal() },
        new() { Distribution = WeightDistribution.HeUniform() },
        new() { Distribution = WeightDistribution.HeNormal(), Streams = new RandomStreams(77) },
        new() { Distribution = WeightDistribution.Normal(9), Normalization = FeedbackNormalization.FanIn(2) },
        new() { Distribution = WeightDistribution.Uniform(9), Normalization = FeedbackNormalization.FanOut(3), Share = 1 },
    }.ToDictionary(options => $"{options.Distribution}, {options.Normalization}, {options.Streams?.Seed}");

    [Theory]
    [MemberData(nameof(RulesAndDistributions))]
    public void GradientsHiddenErrorsAndTheWeightsThatAreShownAreThoseOfKeptFeedback(string rule, string distribution)
    {
        var options = Distributions[distribution];
        var (kept, regenerated) = (Estimate(options), Estimate(options with { Regenerate = true }));
        Some.AssertSameBits(kept, regenerated);

        Matrix[] Estimate(FeedbackOptions feedback)
        {
            var network = Some.Network("9-40-33-150-21", 3);
            var learner = Create(rule, network, feedback, 5);
            Assert.All(learner.Feedback, path => Assert.Equal(feedback.Regenerate, path.IsRegenerated));
            var (gradients, errors) = (new Gradients(learner.LearnedParameters, network.Compute), new HiddenErrors(network, 5));
            learner.EstimateGradients(Some.Batch(network, 5, 2), gradients, errors);
            return [.. Some.Copies(gradients), .. Enumerable.Range(0, errors.Count).Select(i => errors[i]), .. learner.Feedback.Select(path => path.Weights)];
        }
    }

    [Fact]
    public void AWriteToWeightsThatAreShownChangesNothing()
    {
        var path = Create("feedback-alignment", Some.Network("5-4-3", 1), _regenerate, 1).Feedback[0];
        var before = path.Weights;
        path.Weights.Fill(1);
        Some.AssertSameBits(before, path.Weights);
    }

    /// <summary>
    /// A rule for layers of n by n units holds less than n² floats by far; the same rule that keeps its feedback holds more.
    /// </summary>
    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("local-feedback-alignment")]
    public void MemoryDoesNotGrowWithTheNumberOfFeedbackWeights(string rule)
    {
        const int Units = 1200;
        var network = Network.Mlp($"5-{Units}-{Units}-3", 1);
        var batch = Some.Batch(network, 2, 1);
        var gradients = new Gradients(network.Parameters, network.Compute);
        Assert.InRange(Allocated(_regenerate), 0, 400_000);
        Assert.InRange(Allocated(new()), sizeof(float) * Units * Units, long.MaxValue);

        long Allocated(FeedbackOptions options)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Create(rule, network, options, 2).EstimateGradients(batch, gradients);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>The last layer's errors are many here, so direct feedback would be as large.</summary>
    [Fact]
    public void DirectFeedbackTakesNoMemoryEither()
    {
        const int Units = 1200;
        var network = Network.Mlp($"5-{Units}-{Units}", 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Create("direct-feedback-alignment", network, _regenerate, 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void AStepAllocatesNothing(string rule)
    {
        using var compute = new Compute(2);
        var network = Network.Mlp("6-150-140-13", 1, compute: compute);
        var learner = Create(rule, network, _regenerate, 8);
        var (gradients, sgd, batch, one) = (new Gradients(learner.LearnedParameters, compute), new Sgd(learner.LearnedParameters), Some.Batch(network, 8, 1), Some.Batch(network, 1, 1));
        var marks = new AllocationMarks();
        do
        {
            for (var step = 0; step < 10; step++)
            {
                learner.EstimateGradients(step % 2 == 0 ? batch : one, gradients);
                sgd.Step(gradients, 0.01f);
            }
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    [Fact]
    public void WhatMustBeKeptCannotBeRegenerated()
    {
        AssertRefused("thin factors", "feedback-alignment", _regenerate with { Rank = 2 });
        AssertRefused("are missing would have to be kept", "feedback-alignment", _regenerate with { Share = 0.5 });
        AssertRefused("are missing would have to be kept", "direct-feedback-alignment", _regenerate with { ErrorsPerUnit = 1 });
        AssertRefused("error-norm must see all", "direct-feedback-alignment", _regenerate with { Normalization = FeedbackNormalization.ErrorNorm(1) });
        foreach (var rule in RuleCatalog.Standard.Entries.Where(rule => rule.HasFeedback && !rule.CanRegenerateFeedback))
        {
            AssertRefused($"the feedback weights of {rule.Name} must be kept and cannot be regenerated", rule.Id, _regenerate);
        }

        AssertRefused("must be kept", "kolen-pollack+feedback-alignment", _regenerate);
        foreach (var rule in RuleCatalog.Standard.Entries.Where(rule => !rule.HasFeedback))
        {
            Assert.NotNull(Create(rule.Id, Some.Network("5-4-4-3", 1), _regenerate, 1));
        }
    }

    private static void AssertRefused(string why, string rule, FeedbackOptions options)
        => Assert.Contains(why, Assert.Throws<ArgumentException>(() => Create(rule, Some.Network("5-4-4-3", 1), options, 1)).Message, StringComparison.Ordinal);

    private static LearningRule Create(string rule, Network network, FeedbackOptions options, int maxBatch)
        => RuleCatalog.Standard.Get(rule).Create(new RuleSetup(network, Loss.SoftmaxCrossEntropy, maxBatch, new RandomStreams(4), options));

    /// <summary>As rectified units' errors have: one example's product leaves them out.</summary>
    private static Matrix WithZeros(Matrix matrix)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = row % 3; column < matrix.Columns; column += 3)
            {
                matrix[row, column] = column % 2 == 0 ? 0 : -0f;
            }
        }

        return matrix;
    }
}
