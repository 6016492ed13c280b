using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;
using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What the options of the feedback weights promise, of the matrices that come out.</summary>
public sealed class FeedbackOptionsTests
{
    public static TheoryData<string> Directions() => ["feedback-alignment", "direct-feedback-alignment"];

    [Theory]
    [MemberData(nameof(Directions))]
    public void EveryUnitGetsExactlyItsNumberOfErrorsWithTheWeightsOfTheWholeMatrix(string rule)
    {
        var whole = Draw(rule, "5-40-30-10", new());
        for (var errors = 1; errors <= 11; errors++)
        {
            foreach (var (all, some) in whole.Zip(Draw(rule, "5-40-30-10", new() { ErrorsPerUnit = errors })))
            {
                var there = 0;
                for (var unit = 0; unit < some.Columns; unit++)
                {
                    var count = 0;
                    for (var error = 0; error < some.Rows; error++)
                    {
                        Assert.True(some[error, unit] == all[error, unit] || BitConverter.SingleToInt32Bits(some[error, unit]) == 0);
                        count += some[error, unit] != 0 ? 1 : 0;
                    }

                    Assert.Equal(Math.Min(errors, some.Rows), count);
                    there += count;
                }

                Assert.Equal(errors >= some.Rows, Some.SameBits(all, some));
                Assert.True(there > 0);
            }
        }
    }

    /// <summary>
    /// 600 units choose 3 of 10 errors: every error by 180 units, within five standard deviations of the binomial; and every pair of
    /// errors by some.
    /// </summary>
    [Fact]
    public void EveryErrorHasTheSameChanceToReachAUnit()
    {
        var matrix = Draw("direct-feedback-alignment", "5-600-10", new() { ErrorsPerUnit = 3 })[0];
        for (var error = 0; error < 10; error++)
        {
            Assert.InRange(Enumerable.Range(0, 600).Count(unit => matrix[error, unit] != 0), 180 - 56, 180 + 56);
            for (var other = 0; other < error; other++)
            {
                Assert.Contains(Enumerable.Range(0, 600), unit => matrix[error, unit] != 0 && matrix[other, unit] != 0);
            }
        }
    }

    [Theory]
    [InlineData("feedback-alignment", 1)]
    [InlineData("feedback-alignment", 4)]
    [InlineData("feedback-alignment", 30)]
    [InlineData("direct-feedback-alignment", 3)]
    [InlineData("direct-feedback-alignment", 1000)]
    public void FeedbackHasTheRankThatIsAskedForOrTheHighestThereCanBe(string rule, int rank)
    {
        foreach (var matrix in Draw(rule, "5-40-30-10", new() { Rank = rank }))
        {
            AssertRank(Math.Min(rank, Math.Min(matrix.Rows, matrix.Columns)), matrix);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(300)]
    public void TheRankDoesNotChangeTheVarianceOfTheWeights(int rank)
    {
        foreach (var distribution in (WeightDistribution[])[WeightDistribution.Uniform(0.5), WeightDistribution.Normal(0.3), WeightDistribution.LeCunNormal(2)])
        {
            var options = new FeedbackOptions { Distribution = distribution };
            var dense = MeanSquare(Draw("feedback-alignment", "5-300-300", options)[0]);
            Assert.Equal(1, MeanSquare(Draw("feedback-alignment", "5-300-300", options with { Rank = rank })[0]) / dense, rank == 8 ? 0.15 : 0.05);
        }
    }

    /// <summary>White errors of variance 1 give unit j an error of variance Σᵢ Bᵢⱼ²; how many errors reach it must not matter.</summary>
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0.5, null, null)]
    [InlineData(null, 7, null)]
    [InlineData(null, null, 40)]
    public void NormalizedByFanInAUnitsErrorIsAsLargeAsOneOfTheErrors(double? share, int? errorsPerUnit, int? rank)
    {
        foreach (var distribution in (WeightDistribution[])[WeightDistribution.Uniform(5), WeightDistribution.Normal(0.001)])
        {
            var options = new FeedbackOptions { Distribution = distribution, Normalization = FeedbackNormalization.FanIn(3), Share = share, ErrorsPerUnit = errorsPerUnit, Rank = rank };
            var matrix = Draw("feedback-alignment", "5-400-100", options)[0];
            Assert.Equal(9, MeanSquare(matrix) * matrix.Rows, 0.9);
        }
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0.5, null, null)]
    [InlineData(null, 7, null)]
    [InlineData(null, null, 40)]
    public void NormalizedByFanOutTheErrorsOfAllUnitsAreAsLargeAsAllErrorsOnAverage(double? share, int? errorsPerUnit, int? rank)
    {
        var options = new FeedbackOptions { Normalization = FeedbackNormalization.FanOut(3), Share = share, ErrorsPerUnit = errorsPerUnit, Rank = rank };
        var matrix = Draw("feedback-alignment", "5-400-100", options)[0];
        Assert.Equal(9, MeanSquare(matrix) * matrix.Columns, 0.9);
    }

    /// <summary>
    /// For this very matrix, to rounding: ‖B‖² = scale² · rows, so that feedback alignment's and direct feedback's errors are of one
    /// size.
    /// </summary>
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0.3, null, null)]
    [InlineData(null, 1, null)]
    [InlineData(null, null, 2)]
    public void NormalizedToEqualErrorNormEveryMatrixLeavesWhiteErrorsAsLargeAsTheyWere(double? share, int? errorsPerUnit, int? rank)
    {
        var options = new FeedbackOptions { Normalization = FeedbackNormalization.ErrorNorm(3), Share = share, ErrorsPerUnit = errorsPerUnit, Rank = rank };
        foreach (var matrix in Draw("feedback-alignment", "5-40-30-10", options).Concat(Draw("direct-feedback-alignment", "5-40-30-10", options)))
        {
            Assert.Equal(9, MeanSquare(matrix) * matrix.Columns, 1e-5);
        }

        if (rank is not null)
        {
            Assert.All(Draw("low-rank-feedback-alignment", "5-40-30-10", options), matrix => Assert.Equal(9, MeanSquare(matrix) * matrix.Columns, 1e-5));
        }
    }

    /// <summary>Also where magnitudes are drawn anew for every batch.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.5)]
    public void MagnitudesOfEveryBatchAreNormalizedToo(double? share)
    {
        var network = Some.Network("9-8-7-4", 3);
        var options = new FeedbackOptions { Normalization = FeedbackNormalization.ErrorNorm(3), Share = share };
        var rule = SignSymmetryRule.Redrawn(new RuleSetup(network, Loss.SoftmaxCrossEntropy, 9, new RandomStreams(1), options));
        for (var step = 0; step < 2; step++)
        {
            Assert.All(rule.Feedback, path => Assert.Equal(9 * path.Weights.Rows, Reductions.Dot(path.Weights, path.Weights), 1e-3));
            rule.EstimateGradients(Some.Batch(network, 9, 5), new Gradients(network.Parameters, network.Compute));
        }
    }

    public static TheoryData<string> Rules() => [.. RuleCatalog.Standard.Ids];

    /// <summary>
    /// Streams of the feedback's own stand in for the run's: in what is drawn at the beginning, and in what is drawn with every batch.
    /// </summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void FeedbackFromStreamsOfItsOwnIsThatOfARunWithTheseStreams(string rule)
    {
        Matrix[] Shown(ulong run, ulong? own)
        {
            var network = Some.Network("9-8-7-4", 3);
            var options = new FeedbackOptions { Streams = own is { } seed ? new RandomStreams(seed) : null };
            var learner = RuleCatalog.Standard.Get(rule)
                .Create(new RuleSetup(network, Loss.SoftmaxCrossEntropy, 9, new RandomStreams(run), options));
            Matrix[] atFirst = [.. learner.Feedback.Select(path => path.Weights.Copy())];
            learner.EstimateGradients(Some.Batch(network, 9, 5), new Gradients(learner.LearnedParameters, network.Compute));
            return [.. atFirst, .. learner.Feedback.Select(path => path.Weights.Copy())];
        }

        var shown = Shown(run: 2, own: null);
        Some.AssertSameBits(shown, Shown(run: 1, own: 2));
        if (rule is "feedback-alignment" or "sign-symmetry-batch-random")
        {
            Assert.All(shown.Zip(Shown(run: 1, own: null)), pair => Assert.False(Some.SameBits(pair.First, pair.Second)));
        }
    }

    public static TheoryData<string> Normalizations() => ["fan-in", "fan-out", "error-norm"];

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void OfANormalizedDistributionOnlyTheShapeCountsAndTheScaleIsAFactor(string normalization)
    {
        Matrix[] Drawn(WeightDistribution distribution, double scale, int? rank = null)
            => Draw("feedback-alignment", "5-40-30-10", new() { Distribution = distribution, Normalization = Of(normalization, scale), Rank = rank });
        foreach (var rank in (int?[])[null, 3])
        {
            var uniform = Drawn(WeightDistribution.Uniform(4), 0.5, rank);
            foreach (var matrix in uniform)
            {
                Elementwise.Map(matrix, new Scale(4));
            }

            Some.AssertSameBits(uniform, Drawn(WeightDistribution.Uniform(4), 2, rank));
            if (normalization != "error-norm")
            {
                Some.AssertSameBits(uniform, Drawn(WeightDistribution.GlorotUniform(17), 2, rank));
            }

            Assert.False(Some.SameBits(uniform[0], Drawn(WeightDistribution.Normal(4), 2, rank)[0]));
        }
    }

    [Fact]
    public void OptionsThatContradictEachOtherOrAreOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeedbackOptions { Rank = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeedbackOptions { ErrorsPerUnit = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => FeedbackNormalization.FanIn(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeedbackNormalization.ErrorNorm(double.NaN));
        AssertRefused("share and errors per unit", "feedback-alignment", new() { Share = 1, ErrorsPerUnit = 1 });
        AssertRefused("given rank have all connections", "direct-feedback-alignment", new() { Share = 0.5, Rank = 1 });
        AssertRefused("given rank have all connections", "direct-feedback-alignment", new() { ErrorsPerUnit = 2, Rank = 1 });
        foreach (var rule in (string[])["sparse-feedback-alignment", "sparse-direct-feedback-alignment", "sign-symmetry-uniform", "kolen-pollack", "weight-mirror"])
        {
            AssertRefused("cannot be given a rank because they are sparse, have the signs of other weights, or learn", rule,
                new() { Rank = 2 });
        }

        AssertRefused("are a product of two matrices", "low-rank-feedback-alignment", new() { Share = 0.5 });
        AssertRefused("are a product of two matrices", "low-rank-direct-feedback-alignment", new() { ErrorsPerUnit = 1 });
        foreach (var normalization in Normalizations().Select(row => Of(row.Data, 1)))
        {
            AssertRefused("all zero", "feedback-alignment", new() { Distribution = WeightDistribution.Zero, Normalization = normalization });
            AssertRefused("all zero", "feedback-alignment", new() { Distribution = WeightDistribution.Zero, Normalization = normalization, Rank = 1 });
        }

        Assert.NotEmpty(Draw("low-rank-feedback-alignment", "5-4-3", new() { Share = 1 }));
        Assert.NotEmpty(Draw("feedback-alignment", "5-4-3", new() { Share = 1, Rank = 1 }));
    }

    /// <summary>
    /// The scale of the feedback weights is the learning rate of the hidden layers: in a network of one hidden layer under SGD, four
    /// times the one does to the bit what four times the other does.
    /// </summary>
    [Theory]
    [MemberData(nameof(Directions))]
    public void TheFeedbackScaleIsTheLearningRateOfTheHiddenLayer(string rule)
    {
        const float Rate = 0.03f;
        var (scaled, rated) = (Train(4, Rate), Train(1, 4 * Rate));
        Some.AssertSameBits(scaled, rated);
        Assert.False(Some.SameBits(scaled[0], Train(1, Rate)[0]));

        Matrix[] Train(float scale, float hiddenRate)
        {
            var network = Some.Network("7-6-4", 1);
            var learner = RuleCatalog.Standard.Get(rule)
                .Create(Setup(network, new() { Distribution = WeightDistribution.Uniform(0.5 * scale) }));
            var gradients = new Gradients(learner.LearnedParameters, network.Compute);
            var (hidden, output) = (new Sgd(network.Layers[0].Parameters), new Sgd(network.Layers[1].Parameters));
            for (var step = 0; step < 20; step++)
            {
                learner.EstimateGradients(Some.Batch(network, 5, (ulong)step), gradients);
                hidden.Step(gradients, hiddenRate);
                output.Step(gradients, Rate);
            }

            return Some.Copies(network.Parameters);
        }
    }

    /// <summary>With more layers the factor is the scale to the number of matrices on the way: one in direct feedback.</summary>
    [Theory]
    [InlineData("feedback-alignment", new[] { 8f, 4f, 2f, 1f })]
    [InlineData("local-feedback-alignment", new[] { 8f, 4f, 2f, 1f })]
    [InlineData("direct-feedback-alignment", new[] { 2f, 2f, 2f, 1f })]
    [InlineData("indirect-feedback-alignment", new[] { 2f, 2f, 2f, 1f })]
    [InlineData("direct-random-target-projection", new[] { 2f, 2f, 2f, 1f })]
    public void TheFeedbackScaleCountsForEveryMatrixOnTheWay(string rule, float[] factors)
    {
        var (once, twice) = (Estimate(1), Estimate(2));
        foreach (var (gradient, factor) in once.Zip(factors))
        {
            Elementwise.Map(gradient, new Scale(factor));
        }

        Some.AssertSameBits(once, twice);

        Matrix[] Estimate(double scale)
        {
            var network = Some.Network("7-6-5-6-4", 1);
            var learner = RuleCatalog.Standard.Get(rule)
                .Create(Setup(network, new() { Distribution = WeightDistribution.GlorotUniform(scale) }));
            var gradients = new Gradients(learner.LearnedParameters, network.Compute);
            learner.EstimateGradients(Some.Batch(network, 5, 3), gradients);
            return [.. network.Layers.Select(layer => gradients[layer.Weights].Values.Copy())];
        }
    }

    internal static void AssertRank(int rank, Matrix matrix)
    {
        var values = Matrix<double>.Build.DenseOfRows(ReferenceNetwork.Rows(matrix)).Svd(computeVectors: false).S;
        Assert.True(values[rank - 1] > 1e-4 * values[0], $"the rank is below {rank}");
        Assert.All(values.Skip(rank), value => Assert.True(value < 1e-6 * values[0], $"the rank is above {rank}"));
    }

    private static void AssertRefused(string why, string rule, FeedbackOptions options)
        => Assert.Contains(why, Assert.Throws<ArgumentException>(() => Draw(rule, "5-4-3", options)).Message, StringComparison.Ordinal);

    private static FeedbackNormalization Of(string id, double scale) => id switch
    {
        "fan-in" => FeedbackNormalization.FanIn(scale),
        "fan-out" => FeedbackNormalization.FanOut(scale),
        _ => FeedbackNormalization.ErrorNorm(scale),
    };

    private static double MeanSquare(Matrix matrix) => Reductions.Dot(matrix, matrix) / matrix.Rows / matrix.Columns;

    private static RuleSetup Setup(Network network, FeedbackOptions options) => new(network, Loss.SoftmaxCrossEntropy, 9, new RandomStreams(4), feedback: options);

    private static Matrix[] Draw(string rule, string sizes, FeedbackOptions options)
        => [.. RuleCatalog.Standard.Get(rule).Create(Setup(Some.Network(sizes, 1), options)).Feedback.Select(path => path.Weights)];
}
