using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Optimizers;

public sealed class GradientClippingTests
{
    private const string Sizes = "6-9-7-3", Wide = "6-130-3";

    public static TheoryData<string, string, int> Cases()
    {
        var cases = new TheoryData<string, string, int>();
        foreach (var optimizer in EveryOptimizer.Names)
        {
            foreach (var sizes in (string[])[Sizes, Wide])
            {
                cases.Add(optimizer, sizes, 1);
                cases.Add(optimizer, sizes, 8);
            }
        }

        return cases;
    }

    /// <summary>Else learned feedback would have a part in the norm, or would be clipped by another factor than W.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void KolenPollackThatBeginsAtTheWeightsStaysThereAndIsClippedBackpropagation(string optimizer, string sizes, int batch)
    {
        var (setup, twin) = (Some.Setup(Some.Network(sizes, 1)), Some.Setup(Some.Network(sizes, 1)));
        var rule = new KolenPollackRule(setup, [.. setup.Network.Layers.Select(layer => layer.Weights)]);
        var clipped = Train(rule, optimizer, batch, 0.2f).ClippedSteps;
        Assert.InRange(clipped!.Value, 10, 400);
        Assert.Equal(clipped, Train(new BackpropagationRule(twin), optimizer, batch, 0.2f).ClippedSteps);
        Some.AssertSameBits(Some.Copies(twin.Network.Parameters), Some.Copies(setup.Network.Parameters));
        Assert.All(rule.Feedback, path => Some.AssertSameBits(setup.Network.Layers[path.From].Weights.Read(), path.Weights));
    }

    /// <summary>Steps that are put off stay so.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void ALimitThatIsNeverReachedChangesNoBit(string optimizer, string sizes, int batch)
    {
        var (clipped, plain) = (Rule(sizes), Rule(sizes));
        Assert.Equal(0, Train(clipped, optimizer, batch, 1e6f).ClippedSteps);
        Assert.Null(Train(plain, optimizer, batch, null).ClippedSteps);
        Some.AssertSameBits(Some.Copies(plain.LearnedParameters), Some.Copies(clipped.LearnedParameters));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(1, true)]
    [InlineData(5, true)]
    public void TheNormIsThatOfAllForwardGradientsAndBecomesTheLimit(int examples, bool isSparse)
    {
        var network = isSparse ? Some.Sparse("6-9-7-3", 1, 0.5, "hidden1") : Some.Network(Sizes, 1);
        var rule = new KolenPollackRule(Some.Setup(network));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        rule.EstimateGradients(Some.Batch(network, examples, 5), gradients);
        var before = Some.Copies(gradients);
        var expected = Norm(before[..network.Parameters.Count]);

        rule.EstimateGradients(Some.Batch(network, examples, 5), gradients);
        var clipping = new GradientClipping(network.Parameters, (float)(expected / 4));
        Assert.Equal(expected, clipping.Clip(gradients), 1e-7 * expected);
        Assert.Equal(1, clipping.ClippedSteps);
        Assert.Equal(expected / 4, Norm(Some.Copies(gradients)[..network.Parameters.Count]), 1e-6 * expected);
        foreach (var (was, gradient) in before.Zip(Some.Copies(gradients)))
        {
            Some.ForEach(was, (row, column) => Assert.Equal(was[row, column] / 4, gradient[row, column], 1e-6f));
        }

        static double Norm(IEnumerable<Matrix> all)
            => Math.Sqrt(all.Sum(matrix => Enumerable.Range(0, matrix.Rows).Sum(row => Enumerable.Range(0, matrix.Columns)
                .Sum(column => (double)matrix[row, column] * matrix[row, column]))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void TheNumberOfThreadsChangesNoBit(int batch)
    {
        Some.AssertSameBits(With(1), With(3));

        Matrix[] With(int threads)
        {
            using var compute = new Compute(threads);
            var rule = new FeedbackAlignmentRule(Some.Setup(Some.Network("6-130-70-3", 1, compute: compute)));
            Train(rule, "sgd", batch, 0.2f);
            return Some.Copies(rule.LearnedParameters);
        }
    }

    /// <summary>The loss is finite, but its gradient is not: no step is taken, and the training says why it ends.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void ANormThatIsNotFiniteEndsTheTrainingBeforeTheStep(int batch)
    {
        var rule = new FeedbackAlignmentRule(
            Some.Setup(Some.Network("6-4-3", 1)), [default!, new FixedWeights(Filled(3, 4, float.MaxValue))]);
        var before = Some.Copies(rule.LearnedParameters);
        var result = Train(rule, "adam", batch, 1);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Matches($"^the norm of the gradients was (Infinity|NaN) after {batch} examples$", result.Reason);
        Some.AssertSameBits(before, Some.Copies(rule.LearnedParameters));
    }

    [Fact]
    public void LimitsOutOfRangeAreRefused()
    {
        foreach (var limit in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>("limit", () => new GradientClipping([], limit));
            Assert.Throws<ArgumentOutOfRangeException>("limit", () => Train(Rule(Sizes), "sgd", 1, limit));
        }
    }

    private static FeedbackAlignmentRule Rule(string sizes) => new(Some.Setup(Some.Network(sizes, 1)));

    private static Matrix Filled(int rows, int columns, float value)
    {
        var matrix = new Matrix(rows, columns);
        Some.ForEach(matrix, (row, column) => matrix[row, column] = row % 2 == 0 ? value : -value);
        return matrix;
    }

    private static TrainingResult Train(LearningRule rule, string optimizer, int batch, float? clipNorm)
    {
        var options = new TrainingOptions
        {
            Examples = 400,
            BatchSize = batch,
            LearningRate = LearningRateSchedule.Constant(0.05f),
            Keep = KeptWeights.Last,
            ClipNorm = clipNorm,
        };
        return new Trainer(
            rule, EveryOptimizer.Create(optimizer, rule.LearnedParameters, 0.02f), Some.Split(40), options, new RandomStreams(1)).Run();
    }
}
