using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>What one does with a trainer besides waiting for it: run it aside, without some examples, twice, two at once.</summary>
public sealed class TrainerUseTests
{
    [Fact]
    public async Task ATrainingAsideGivesTheSameBitsAndSaysHowFarItIs()
    {
        var (aside, here) = (new Session(), new Session());
        var reports = new Reports();
        var result = await aside.Trainer(examples: 3000, batch: 1).RunAsync(reports, TestContext.Current.CancellationToken);
        Assert.Equal(here.Run(examples: 3000, batch: 1).TestError, result.TestError);
        Some.AssertSameBits(Some.Copies(here.Network.Parameters), Some.Copies(aside.Network.Parameters));
        Assert.Equal(3000, reports.Seen[^1].Examples);
        Assert.InRange(reports.Seen.Count, 900, 1100);
    }

    [Fact]
    public async Task ATrainingAsideCanBeStoppedAndWatched()
    {
        using var source = new CancellationTokenSource();
        var points = new List<long>();
        var observer = new TrainingCallbacks
        {
            Evaluation = point => points.Add(point.Examples),
            Step = progress =>
            {
                if (progress.Examples >= 50)
                {
                    source.Cancel();
                }
            },
        };
        var result = await new Session().Trainer(examples: 3000).RunAsync(progress: null, observer, source.Token);
        Assert.Equal(TrainingStatus.Cancelled, result.Status);
        Assert.Equal(result.Curve.Select(point => point.Examples), points);
        Assert.StartsWith(
            "there is no test error: the training was cancelled (stopped after", Assert.Throws<InvalidOperationException>(() => result.TestError).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoTrainingsOfOneNetworkAtOnceAreRefused()
    {
        var session = new Session();
        var second = session.Trainer(examples: 40);
        var refusals = new List<string>();
        var result = session.Trainer(examples: 40).Run(new TrainingCallbacks { Step = _ => refusals.Add(Assert.Throws<InvalidOperationException>(() => second.Run()).Message) });
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.All(refusals,
            refusal => Assert.Equal("this network is already being trained; wait until that training ends, or train another network",
                refusal));
        Assert.NotEmpty(refusals);

        // One after the other is no trouble, and a training that an observer broke off does not hold the network for good.
        Assert.Equal(TrainingStatus.Completed, second.Run().Status);
        Assert.Throws<NotSupportedException>(() => session.Trainer(examples: 40).Run(new TrainingCallbacks { Step = _ => throw new NotSupportedException() }));
        Assert.Equal(TrainingStatus.Completed, session.Trainer(examples: 40).Run().Status);
    }

    [Fact]
    public void WithoutValidationTheLastWeightsAreKeptAndTheCurveHasNoEvaluations()
    {
        var whole = Some.Split(37);
        var (with, without) = (new Session(), new Session(data: new DataSplit(whole.Train, test: whole.Test)));
        var (expected, result) = (with.Run(examples: 100), without.Run(examples: 100));
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Some.AssertSameBits(Some.Copies(with.Network.Parameters), Some.Copies(without.Network.Parameters));
        Assert.Equal((expected.TestError, expected.TrainLoss, 100), (result.TestError, result.TrainLoss, result.KeptAtExamples));
        Assert.Equal(expected.Curve.Select(point => (point.Examples, point.TrainLoss)), result.Curve.Select(point => (point.Examples, point.TrainLoss)));
        Assert.All(result.Curve, point => Assert.True(double.IsNaN(point.Validation.Error) && double.IsNaN(point.Validation.Loss)));
        Assert.True(double.IsNaN(result.Validation.Error));
    }

    [Fact]
    public void WithoutValidationALossThatExplodesIsStillSeen()
    {
        var inputs = Some.Matrix(37, 6, 1);
        var train = new DataSet(inputs, Some.Matrix(37, 3, 2));
        var result = new Session(data: new DataSplit(train), loss: Loss.SquaredError).Run(examples: 100_000, rate: 3);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.InRange(result.Examples, 1, 1000);
    }

    [Fact]
    public void WithoutTestExamplesThereIsNoTestError()
    {
        var whole = Some.Split(37);
        var result = new Session(data: new DataSplit(whole.Train, whole.Validation)).Run(examples: 100);
        Assert.Equal((TrainingStatus.Completed, null), (result.Status, result.Test));
        Assert.StartsWith("there is no test error: there were no test examples", Assert.Throws<InvalidOperationException>(() => result.TestError).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBestWeightsCannotBeChosenWithoutValidation()
        => Assert.StartsWith(
            "there are no validation examples to choose the best weights by; give some, or set Keep to KeptWeights.Last",
            Assert.Throws<ArgumentException>(() => new Session(data: new DataSplit(Some.Split(37).Train)).Run(examples: 10, keep: KeptWeights.BestOnValidation)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("softmax-cross-entropy", 0.5f, 0.4f, "the targets of validation example 1 do not suit softmax-cross-entropy: they sum to 0.9, must sum to 1")]
    [InlineData("softmax-cross-entropy", 1.5f, -0.5f, "the targets of validation example 1 do not suit softmax-cross-entropy: one is -0.5, must be at least 0: they are probabilities")]
    [InlineData("softmax-cross-entropy", float.NaN, 1, "the targets of validation example 1 do not suit softmax-cross-entropy: one is NaN")]
    [InlineData("logistic-cross-entropy", 1.5f, 0, "the targets of validation example 1 do not suit logistic-cross-entropy: one is 1.5, must be 0 … 1: they are probabilities")]
    [InlineData("logistic-cross-entropy", 1, 1, null)]
    [InlineData("softmax-cross-entropy", 0.3333f, 0.6666f, null)]
    [InlineData("squared-error", 1.5f, -3, null)]
    public void TargetsThatAreNoProbabilitiesAreRefusedByTheCrossEntropies(string loss, float first, float second, string? problem)
    {
        var right = new DataSet(Some.Matrix(2, 6, 1), Matrix.From(new[,] { { 1f, 0 }, { 0.25f, 0.75f } }));
        var wrong = new DataSet(Some.Matrix(2, 6, 1), Matrix.From(new[,] { { 1f, 0 }, { first, second } }));
        var session = new Session(sizes: "6-2", data: new DataSplit(right, wrong), loss: Loss.Standard.Get(loss));
        if (problem is null)
        {
            session.Trainer(examples: 2);
        }
        else
        {
            Assert.StartsWith(problem, Assert.Throws<ArgumentException>(() => session.Trainer(examples: 2)).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Made by hand, a rule looks for the options that it knows and cannot see the others.</summary>
    [Fact]
    public void AnOptionThatTheRuleDoesNotKnowIsRefused()
    {
        Assert.StartsWith(
            "no rule that was made from the setup has an option \"nois\"; there is noise",
            Assert.Throws<ArgumentException>(() => Make(new() { ["nois"] = 0.1 })).Message,
            StringComparison.Ordinal);
        Make(new() { ["noise"] = 0.1 });

        static Trainer Make(Dictionary<string, double> options)
        {
            var session = new Session();
            var setup = new RuleSetup(session.Network, Loss.SoftmaxCrossEntropy, 8, session.Setup.Streams, options: options);
            var rule = new NodePerturbationRule(setup);
            return new Trainer(
                rule, new Sgd(rule.LearnedParameters), session.Data, new TrainingOptions { Examples = 8, BatchSize = 8, LearningRate = LearningRateSchedule.Constant(0.1f) }, setup.Streams);
        }
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }
}
