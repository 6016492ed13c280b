using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class PatienceTests
{
    private const int Examples = 40_000, Every = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ATrainingStopsAfterSoManyEvaluationsThatAreNoBetter(int patience)
    {
        var (trainer, network, split) = Make(patience);
        var result = trainer.Run();
        Assert.Equal(TrainingStatus.StoppedEarly, result.Status);
        Assert.Equal($"{patience} evaluations in a row were no better on the validation examples; stopped after {result.Examples} of {Examples} examples", result.Reason);
        var best = result.Curve.MinBy(point => (point.Validation.Error, point.Validation.Loss))!;
        Assert.Equal(best.Examples + (patience * Every), result.Examples);
        Assert.Equal((best.Examples, best.Validation), (result.KeptAtExamples, result.Validation));
        Assert.Equal(new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(split.Test).Error, result.TestError);
    }

    [Fact]
    public void WithoutPatienceTheSameTrainingGoesOnAndIsTheSameUntilThen()
    {
        var stopped = Make(3).Trainer.Run();
        var whole = Make(null).Trainer.Run();
        Assert.Equal((TrainingStatus.Completed, Examples), (whole.Status, whole.Examples));
        Assert.Equal(stopped.Curve, whole.Curve.Take(stopped.Curve.Count));
    }

    [Fact]
    public void TheLastWeightsCanBeKeptToo()
    {
        var result = Make(3, KeptWeights.Last).Trainer.Run();
        Assert.Equal((TrainingStatus.StoppedEarly, result.Examples), (result.Status, result.KeptAtExamples));
    }

    /// <summary>Stopped from outside at every place of the wait, and gone on with by a new trainer.</summary>
    [Fact]
    public void AStopFromOutsideChangesNoBitOfAnEarlyStop()
    {
        var (whole, network, _) = Make(4);
        var expected = whole.Run();
        for (var at = expected.Examples - (5 * Every); at < expected.Examples; at += Every)
        {
            using var source = new CancellationTokenSource();
            using var state = new MemoryStream();
            var first = Make(4).Trainer.Run(
                new TrainingCallbacks
                {
                    Step = progress =>
                    {
                        if (progress.Examples >= at)
                        {
                            source.Cancel();
                        }
                    },
                    Checkpoint = checkpoint => checkpoint.Save(state),
                },
                source.Token);
            Assert.Equal((TrainingStatus.Cancelled, at), (first.Status, first.Examples));
            var (trainer, gone, _) = Make(4);
            state.Position = 0;
            trainer.Restore(state, "state");
            var result = trainer.Run();
            Assert.Equal((expected.Status, expected.Examples, expected.Reason, expected.TestError), (result.Status, result.Examples, result.Reason, result.TestError));
            Assert.Equal(expected.Curve, result.Curve);
            Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(gone.Parameters));
        }
    }

    [Fact]
    public void ACheckpointOfAnotherPatienceIsRefused()
    {
        using var source = new CancellationTokenSource();
        using var state = new MemoryStream();
        source.Cancel();
        Make(4).Trainer.Run(new TrainingCallbacks { Checkpoint = checkpoint => checkpoint.Save(state) }, source.Token);
        state.Position = 0;
        Assert.Contains(
            "patience was 4, is now 5", Assert.Throws<DataFormatException>(() => Make(5).Trainer.Restore(state, "state")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void PatienceThatCannotBeIsRefused()
    {
        Assert.StartsWith("Patience must be at least 1 evaluation", Assert.Throws<ArgumentOutOfRangeException>(() => Make(0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Patience needs validation examples", Assert.Throws<ArgumentException>(() => Make(3, KeptWeights.Last, new DataSplit(Some.Examples(20, 6, 3, 1)))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Patience and Phases do not go together", Assert.Throws<ArgumentException>(() => Make(3, phases: true)).Message, StringComparison.Ordinal);
    }

    /// <summary>Few noisy examples: the network soon learns them by heart and gets no better on others.</summary>
    private static (Trainer Trainer, Network Network, DataSplit Split) Make(int? patience, KeptWeights keep = KeptWeights.BestOnValidation, DataSplit? data = null, bool phases = false)
    {
        var split = data ?? Some.Split(60);
        var network = Network.Mlp("6-20-3", seed: 1);
        var streams = new RandomStreams(1);
        var rule = new FeedbackAlignmentRule(new RuleSetup(network, Loss.SoftmaxCrossEntropy, 10, streams));
        var options = new TrainingOptions
        {
            Examples = Examples,
            BatchSize = 10,
            LearningRate = LearningRateSchedule.Constant(0.1f),
            Keep = keep,
            Patience = patience,
            Evaluate = Moments.Every(Every),
            Phases = phases ? [new TrainingPhase { Examples = Examples, Rule = rule }] : null,
        };
        return (new Trainer(rule, new Sgd(rule.LearnedParameters), split, options, streams), network, split);
    }
}
