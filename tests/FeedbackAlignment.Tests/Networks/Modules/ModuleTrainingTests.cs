using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>Trees of modules in the trainer: they keep the promises that chains of layers keep.</summary>
public sealed class ModuleTrainingTests
{
    private const int TrainExamples = 40;

    private static readonly string[] _rules =
        ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shared-direct-feedback-alignment", "kolen-pollack",
            "direct-kolen-pollack", "sign-symmetry-batch-random", "product-feedback-alignment", "weight-mirror", "pseudobackprop",
            "node-perturbation", "weight-perturbation", "shallow"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var kind in ModuleNetworks.Kinds)
        {
            foreach (var rule in _rules.Where(rule => ModuleNetworks.CanBeTaught(kind, rule)))
            {
                cases.Add(kind, rule);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepAllocatesNothing(string kind, string rule)
    {
        if (RuleCatalog.Standard.Get(rule).Allocates)
        {
            return;
        }

        using var source = new CancellationTokenSource();
        var (steps, marks) = (0, new AllocationMarks());
        var observer = new TrainingCallbacks
        {
            Step = _ =>
            {
                steps++;
                if (steps > 20 && steps % 10 == 0 && !marks.Set())
                {
                    source.Cancel();
                }
            },
        };
        Course(kind, rule, long.MaxValue / 2, Moments.Every(long.MaxValue / 4), out _, Rate(rule)).Run(observer, source.Token);
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStopChangesNoBit(string kind, string rule)
    {
        var whole = Course(kind, rule, 200, Moments.Every(40), out var expected, Rate(rule));
        var end = whole.Run();
        using var source = new CancellationTokenSource();
        using var saved = new MemoryStream();
        var first = Course(kind, rule, 200, Moments.Every(40), out _, Rate(rule));
        first.Run(
            new TrainingCallbacks
            {
                Step = progress =>
                {
                    if (progress.Examples == 72)
                    {
                        source.Cancel();
                    }
                },
                Checkpoint = state => state.Save(saved),
            },
            source.Token);
        saved.Position = 0;
        var second = Course(kind, rule, 200, Moments.Every(40), out var actual, Rate(rule));
        second.Restore(saved, "the state");
        var ended = second.Run();
        Assert.Equal((end.Status, end.TestError, end.KeptAtExamples), (ended.Status, ended.TestError, ended.KeptAtExamples));
        Some.AssertSameBits(Bits(expected), Bits(actual));
    }

    /// <summary>The kept best point has its running statistics: evaluated again, it gives the error that it was kept for.</summary>
    [Fact]
    public void TheKeptBestPointHasItsRunningStatistics()
    {
        var trainer = Course("batch-norm", "backpropagation", 400, Moments.Every(8), out var rule, rate: 0.6f);
        var result = trainer.Run();
        Assert.NotEqual(400, result.KeptAtExamples);
        var again = new Evaluator(rule.Network, rule.Loss).Evaluate(Some.Split(TrainExamples, ModuleNetworks.Inputs).Validation);
        var then = result.Curve.Single(point => point.Examples == result.KeptAtExamples).Validation;
        Assert.Equal((then.Loss, then.Error), (again.Loss, again.Error));
    }

    /// <summary>Both see the masks of the next batch, and neither a statistic nor a stream moves.</summary>
    [Theory]
    [InlineData("dropout")]
    [InlineData("batch-norm")]
    [InlineData("pictures")]
    [InlineData("everything")]
    public void AProbeSeesTheSameMasksUnderBothRulesAndChangesNothing(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var setup = Some.Setup(network);
        var rule = new BackpropagationRule(setup);
        var gradients = new Gradients(network.Parameters, network.Compute);
        rule.EstimateGradients(Some.Batch(network, 5, 1), gradients);
        var (places, statistics) = (
            rule.ModuleNoise.Select(noise => noise.Position).ToArray(), network.Buffers.Select(buffer => buffer.Values.Copy()).ToArray());
        var probe = new AlignmentProbe(rule, setup, Some.Examples(20, ModuleNetworks.Inputs, 3, 5));
        for (var look = 0; look < 2; look++)
        {
            Assert.All(probe.Read(), reading => Assert.Equal(0.0, reading.GradientAngle));
            Assert.Equal(places, rule.ModuleNoise.Select(noise => noise.Position));
            Some.AssertSameBits(statistics, [.. network.Buffers.Select(buffer => buffer.Values)]);
        }
    }

    /// <summary>The masks of a second phase under another rule are not those of the first once more.</summary>
    [Fact]
    public void TheMasksGoOnFromPhaseToPhase()
    {
        var network = ModuleNetworks.Of("dropout");
        var setup = Some.Setup(network);
        var (first, second) = (new BackpropagationRule(setup), new FeedbackAlignmentRule(setup));
        var options = new TrainingOptions
        {
            Examples = 80,
            BatchSize = 8,
            LearningRate = LearningRateSchedule.Constant(0.1f),
            Phases = [new TrainingPhase(40, first), new TrainingPhase(40, second)],
        };
        new Trainer(first, new Sgd(first.LearnedParameters), Some.Split(TrainExamples, ModuleNetworks.Inputs), options,
            setup.Streams).Run();
        var whole = new BackpropagationRule(Some.Setup(ModuleNetworks.Of("dropout")));
        new Trainer(whole, new Sgd(whole.LearnedParameters), Some.Split(TrainExamples, ModuleNetworks.Inputs),
            options with { Phases = null }, setup.Streams).Run();
        Assert.Equal(whole.ModuleNoise[0].Position, second.ModuleNoise[0].Position);
        Assert.Equal(whole.ModuleNoise[0].Position, 2 * first.ModuleNoise[0].Position);
    }

    [Theory]
    [InlineData(1, "batches of 1 are too small")]
    [InlineData(13, "the last batch of each pass over 40 examples in batches of 13 has 1")]
    public void ABatchThatBatchNormCannotLearnFromIsRefusedBeforeTheTraining(int batch, string reason)
    {
        var rule = new BackpropagationRule(Some.Setup(ModuleNetworks.Of("batch-norm")));
        var options = new TrainingOptions { Examples = 100, BatchSize = batch, LearningRate = LearningRateSchedule.Constant(0.1f) };
        var message = Assert.Throws<ArgumentException>(
            () => new Trainer(
                rule, new Sgd(rule.LearnedParameters), Some.Split(TrainExamples, ModuleNetworks.Inputs), options,
                new RandomStreams(1))).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(41, 8, "the last batch of the training, or of a phase, has 1", 41)]
    [InlineData(81, 8, "the last batch of the training, or of a phase, has 1", 81)]
    [InlineData(40, 8, "the last batch of the training, or of a phase, has 1", 17, 23)]
    [InlineData(39, 12, "the last batch of the training, or of a phase, has 1", 13, 26)]
    [InlineData(40, 8, null, 40)]
    [InlineData(26, 13, null, 26)]
    [InlineData(58, 8, null, 18, 40)]
    public void OnlyTheBatchesThatATrainingReallyHasCount(long examples, int batch, string? reason, params int[] phases)
    {
        var rule = new BackpropagationRule(Some.Setup(ModuleNetworks.Of("batch-norm")));
        var options = new TrainingOptions
        {
            Examples = examples,
            BatchSize = batch,
            LearningRate = LearningRateSchedule.Constant(0.1f),
            Phases = phases.Length < 2 ? null : [.. phases.Select(count => new TrainingPhase { Examples = count, Rule = rule })],
        };
        Trainer Make()
            => new(rule, new Sgd(rule.LearnedParameters), Some.Split(TrainExamples, ModuleNetworks.Inputs), options, new RandomStreams(1));
        if (reason is null)
        {
            Assert.Equal(examples, Make().Run(new TrainingCallbacks()).Examples);
        }
        else
        {
            Assert.Contains(reason, Assert.Throws<ArgumentException>(Make).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("indirect-feedback-alignment")]
    [InlineData("local-feedback-alignment")]
    [InlineData("difference-target-propagation")]
    [InlineData("forward-forward")]
    [InlineData("pepita")]
    [InlineData("feedback-alignment+backpropagation")]
    public void ARuleThatNeedsAChainSaysSo(string rule)
    {
        var message = Assert.ThrowsAny<ArgumentException>(
            () => RuleCatalog.Standard.Get(rule).Create(Some.Setup(ModuleNetworks.Of("dropout")))).Message;
        Assert.Contains(
            "needs a network of dense layers one after another; this one also has drop: dropout 0.4", message, StringComparison.Ordinal);
    }

    /// <summary>Estimates that are many times as long as the gradient need small steps.</summary>
    private static float Rate(string rule) => rule.EndsWith("perturbation", StringComparison.Ordinal) ? 0.001f : 0.1f;

    private static Matrix[] Bits(LearningRule rule)
        => [.. Some.Copies(rule.LearnedParameters), .. rule.Network.Buffers.Select(buffer => buffer.Values)];

    private static Trainer Course(string kind, string id, long examples, Moments evaluate, out LearningRule rule, float rate = 0.1f)
    {
        var network = ModuleNetworks.Of(kind);
        var setup = Some.Setup(network, Loss.SoftmaxCrossEntropy);
        rule = RuleCatalog.Standard.Get(id).Create(setup);
        var options = new TrainingOptions
        {
            Examples = examples,
            BatchSize = 8,
            LearningRate = LearningRateSchedule.Constant(rate),
            Keep = KeptWeights.BestOnValidation,
            Evaluate = evaluate,
        };
        return new Trainer(
            rule, new Sgd(rule.LearnedParameters, momentum: 0.9f), Some.Split(TrainExamples, ModuleNetworks.Inputs), options,
            setup.Streams);
    }
}
