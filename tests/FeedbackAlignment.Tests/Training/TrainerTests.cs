using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class TrainerTests
{
    [Theory]
    [InlineData("backpropagation", 0.2)]
    [InlineData("feedback-alignment", 0.2)]
    [InlineData("direct-feedback-alignment", 0.2)]
    [InlineData("shallow", 0.4)]
    public void EveryRuleLearnsAnEasyTaskFarBetterThanChance(string rule, double error)
    {
        var result = new Session(rule, train: 200).Run(examples: 8000, rate: 0.1f);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Null(result.Reason);
        Assert.True(result.TestError < error, $"test error {result.TestError}");
        Assert.True(result.TrainLoss < 0.8 * result.Curve[1].TrainLoss);
    }

    [Fact]
    public void TheCurveHasAPointBeforeTheFirstStepAfterEveryPassAndAtTheEnd()
    {
        var session = new Session(train: 37);
        var seen = new List<CurvePoint>();
        var result = session.Run(examples: 80, observer: new TrainingCallbacks { Evaluation = seen.Add });
        Assert.Equal([0, 37, 74, 80], result.Curve.Select(point => point.Examples));
        Assert.Equal(result.Curve, seen);
        Assert.True(double.IsNaN(result.Curve[0].TrainLoss));
        Assert.Equal(2, result.Curve[2].Epoch);
    }

    [Fact]
    public void TrainLossesAreMeansOverExamplesNotOverBatches()
    {
        var session = new Session(train: 10);
        var losses = new List<(double Loss, long Examples)>();
        var result =
            session.Run(examples: 20, batch: 8,
                observer: new TrainingCallbacks { Step = progress => losses.Add((progress.Loss, progress.Examples)) });
        Assert.Equal([8, 10, 18, 20], losses.Select(step => step.Examples));
        Assert.Equal((8 * losses[0].Loss + 2 * losses[1].Loss) / 10, result.Curve[1].TrainLoss, 1e-12);
        Assert.Equal((8 * losses[2].Loss + 2 * losses[3].Loss) / 10, result.TrainLoss, 1e-12);
    }

    [Fact]
    public void EvaluationsAndMeasurementsComeAtTheirMomentsAndAtTheEnd()
    {
        var measured = new List<long>();
        var result = new Session(train: 37).Run(
            examples: 100, batch: 10, evaluate: Moments.Every(30), measure: Moments.Every(
                50), observer: new TrainingCallbacks { Measure = measured.Add });
        Assert.Equal([0, 30, 67, 94, 100], result.Curve.Select(point => point.Examples));
        Assert.Equal([0, 57, 100], measured);
    }

    [Fact]
    public void ObservingChangesNoBitOfTheTraining()
    {
        var (watched, alone) = (new Session("feedback-alignment"), new Session("feedback-alignment"));
        watched.Run(examples: 300, evaluate: Moments.Every(8), measure: Moments.Every(8), observer: new TrainingCallbacks());
        alone.Run(examples: 300);
        Some.AssertSameBits(Some.Copies(alone.Network.Parameters), Some.Copies(watched.Network.Parameters));
    }

    [Fact]
    public void CancellationEndsBetweenTwoStepsWithTheWeightsOfThatMoment()
    {
        using var source = new CancellationTokenSource();
        var session = new Session(train: 37);
        var result =
            session.Run(examples: 1000, batch: 8, observer: new TrainingCallbacks { Step = progress => Cancel(progress.Examples) },
                cancellation: source.Token);
        Assert.Equal(TrainingStatus.Cancelled, result.Status);
        Assert.Equal("stopped after 53 of 1000 examples", result.Reason);
        Assert.Equal(53, result.Examples);
        Assert.Equal(53, result.KeptAtExamples);
        Assert.Equal(53, result.Curve[^1].Examples);
        Assert.Equal(new Evaluator(session.Network, Loss.SoftmaxCrossEntropy).Evaluate(session.Data.Validation), result.Validation);
        Assert.Null(result.Test);
        Assert.Throws<InvalidOperationException>(() => result.TestError);

        void Cancel(long examples)
        {
            if (examples >= 53)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void ATrainingCancelledBeforeItBeganLeavesTheInitialWeights()
    {
        var session = new Session();
        var before = Some.Copies(session.Network.Parameters);
        var result = session.Run(examples: 100, cancellation: new CancellationToken(canceled: true));
        Assert.Equal((TrainingStatus.Cancelled, 0), (result.Status, result.Examples));
        Assert.Single(result.Curve);
        Assert.True(double.IsNaN(result.TrainLoss));
        Some.AssertSameBits(before, Some.Copies(session.Network.Parameters));
    }

    [Theory]
    [InlineData(37)]
    [InlineData(100_000)]
    public void AnExplodingLossIsReportedNotThrown(int evaluateEvery)
    {
        var session = new Session(sizes: "6-5-3", data: Regression(), loss: Loss.SquaredError);
        var result = session.Run(examples: 100_000, rate: 3, keep: KeptWeights.BestOnValidation, evaluate: Moments.Every(evaluateEvery));
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Matches("^the (validation )?loss was [0-9.e+]+ after [0-9]+ examples$", result.Reason);
        Assert.Null(result.Test);
        Assert.True(result.Examples < 1000, $"noticed after {result.Examples} examples");

        // It had exploded, and was not yet infinite: the weights before it are kept, and their evaluation is what is told.
        Assert.True(double.IsFinite(result.Validation.Loss));
        Assert.Equal(new Evaluator(session.Network, Loss.SquaredError).Evaluate(session.Data.Validation), result.Validation);
    }

    [Fact]
    public void ALossThatIsNotANumberIsReportedNotThrown()
    {
        var data = Some.Split(37);
        data.Train.Inputs[11, 2] = float.NaN;
        var result = new Session(data: data).Run(examples: 100);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Matches("^the loss was NaN after [0-9]+ examples$", result.Reason);
        Assert.InRange(result.Examples, 1, 37);
        Assert.Equal(result.Examples, result.Curve[^1].Examples);
    }

    [Fact]
    public void AValidationLossThatIsNotANumberIsReportedToo()
    {
        var data = Some.Split(37);
        var result = new Session(data: data).Run(
            examples: 100,
            observer: new TrainingCallbacks { Evaluation = point => data.Validation.Inputs[0, 1] = point.Examples == 0 ? float.NaN : 0 });
        Assert.Equal((TrainingStatus.Diverged, "the validation loss was NaN after 37 examples"), (result.Status, result.Reason));
    }

    /// <summary>A network that answers almost everything right meets an example it does not: that is no explosion.</summary>
    [Fact]
    public void AHardExampleForANearlyPerfectNetworkIsNoExplosion()
    {
        var inputs = Some.Matrix(20, 6, 1);
        var network = Network.Mlp("6-3", 1);
        var targets = network.Predict(inputs);
        var odd = targets.Copy();
        odd[7, 1] += 30;
        var data = new DataSplit(new DataSet(inputs, odd), new DataSet(inputs, targets), new DataSet(inputs, targets));
        Assert.Equal(TrainingStatus.Completed, new Session(sizes: "6-3", data: data, loss: Loss.SquaredError).Run(examples: 100, batch: 1, rate: 1e-3f).Status);
    }

    [Theory]
    [InlineData(KeptWeights.BestOnValidation)]
    [InlineData(KeptWeights.Last)]
    public void TheNetworkEndsWithTheWeightsThatWereToBeKept(KeptWeights keep)
    {
        var session = new Session(train: 37);
        var snapshots = new List<Matrix[]>();
        var result = session.Run(
            examples: 37 * 30, rate: 8f, keep: keep, observer: new TrainingCallbacks
            {
                Evaluation = _
                => snapshots.Add(Some.Copies(session.Network.Parameters))
            });
        var errors = result.Curve.Select(point => point.Validation.Error).ToArray();
        var (best, last) = (result.Curve.Index().MinBy(point => (point.Item.Validation.Error, point.Item.Validation.Loss)).Index, errors.Length - 1);
        Assert.True(best > 0 && best < last && errors[best] < errors[last], "the last point must not be the best for the test to tell them apart");
        var expected = keep == KeptWeights.Last ? last : best;
        Some.AssertSameBits(snapshots[expected], Some.Copies(session.Network.Parameters));
        Assert.Equal(result.Curve[expected].Examples, result.KeptAtExamples);
        Assert.Equal(result.Curve[expected].Validation, result.Validation);
        Assert.Equal(new Evaluator(session.Network, Loss.SoftmaxCrossEntropy).Evaluate(session.Data.Test), result.Test);
    }

    [Fact]
    public void OfEqualErrorsTheOneWithTheLowerLossIsKept()
    {
        // Three validation examples: the error has four values, and is often the least long before the network has learnt.
        var data = Some.Split(40);
        var few = new DataSplit(data.Train, data.Validation.Slice(0, 3), data.Test);
        var result = new Session(data: few).Run(examples: 40 * 30, rate: 0.1f, keep: KeptWeights.BestOnValidation);
        var least = result.Curve.Min(point => point.Validation.Error);
        var tied = result.Curve.Where(point => point.Validation.Error == least).ToArray();
        var expected = tied.MinBy(point => point.Validation.Loss)!;
        Assert.NotEqual(tied[0].Examples, expected.Examples);
        Assert.Equal(expected.Examples, result.KeptAtExamples);
    }

    [Theory]
    [InlineData(KeptWeights.BestOnValidation)]
    [InlineData(KeptWeights.Last)]
    public void TheTestExamplesAreLookedAtOnceAndOnlyAtTheEnd(KeptWeights keep)
    {
        var split = Some.Split(37);
        var labels = new CountingLabels(split.Test.Labels!);
        var data = split with { Test = new DataSet(split.Test.Inputs, labels, 3) };
        labels.Reads = 0;
        new Session(data: data).Run(
            examples: 37 * 5,
            keep: keep,
            evaluate: Moments.Every(8),
            measure: Moments.Every(8),
            observer: new TrainingCallbacks
            {
                Step = _ => Assert.Equal(0, labels.Reads),
                Evaluation = _ => Assert.Equal(0, labels.Reads),
                Measure = _ => Assert.Equal(0, labels.Reads),
            });
        Assert.Equal(data.Test.Count, labels.Reads);
    }

    [Fact]
    public void WithoutATestTheTestExamplesAreNotLookedAt()
    {
        var split = Some.Split(37);
        var labels = new CountingLabels(split.Test.Labels!);
        var data = split with { Test = new DataSet(split.Test.Inputs, labels, 3) };
        labels.Reads = 0;
        var result = new Session(data: data).Run(examples: 37, test: false);

        Assert.Equal((0, TrainingStatus.Completed, null), (labels.Reads, result.Status, result.Test));
        Assert.Contains("TrainingOptions.Test was false", Assert.Throws<InvalidOperationException>(() => result.TestError).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSetupOfATrainingHasRoomForItsBatches()
    {
        var options = new TrainingOptions(1, LearningRateSchedule.Constant(1)) { BatchSize = 17 };
        var (network, streams, feedback) = (Some.Network("3-2", seed: 1), new RandomStreams(1), new FeedbackOptions());
        var setup = options.CreateSetup(network, Loss.SquaredError, streams, feedback, new Dictionary<string, double> { ["rank"] = 2 });
        Assert.Equal((17, network, Loss.SquaredError, streams, feedback),
            (setup.MaxBatch, setup.Network, setup.Loss, setup.Streams, setup.Feedback));
        Assert.Equal(2, setup.Options["rank"]);
        Assert.Equal(options.BatchSize, new BackpropagationRule(setup).MaxBatch);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedBeforeTraining()
    {
        var session = new Session(maxBatch: 16);
        var batch = Assert.Throws<ArgumentException>(() => session.Trainer(examples: 10, batch: 17));
        Assert.Contains("the batch size is 17, must be at most 16", batch.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Trainer(examples: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Trainer(examples: 1, batch: 0));
        var data = Assert.Throws<ArgumentException>(() => new Session(sizes: "7-5-3").Trainer(examples: 1));
        Assert.Contains("37 × 6, must be 37 × 7", data.Message, StringComparison.Ordinal);
        var strangers = Assert.Throws<ArgumentException>(() => new Trainer(
            session.Rule,
            new Sgd(Network.Mlp("6-5-3", 1).Parameters),
            session.Data,
            new TrainingOptions { Examples = 10, LearningRate = LearningRateSchedule.Constant(1), BatchSize = 4 },
            new RandomStreams(1)));
        Assert.Contains("the optimizer does not move hidden1.weights (5 × 6)", strangers.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATrainerTrainsOnce()
    {
        var trainer = new Session().Trainer(examples: 10);
        trainer.Run();
        Assert.Throws<InvalidOperationException>(() => trainer.Run());
    }

    [Fact]
    public void AnOptimizerThatForgetsAParameterIsRefused()
    {
        var session = new Session();
        var forgetful = new Sgd(session.Rule.LearnedParameters.SkipLast(1));
        var options = new TrainingOptions { Examples = 1, LearningRate = LearningRateSchedule.Constant(0.1f) };
        var exception = Assert.Throws<ArgumentException>(() => new Trainer(session.Rule, forgetful, session.Data, options, session.Setup.Streams));
        Assert.Contains("output.biases", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWeightDecayThatLeavesNothingIsRefused()
    {
        var parameters = new Session().Network.Parameters;
        foreach (var decay in (float[])[-1, float.NaN, float.PositiveInfinity, 1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, weightDecay: decay, decayMode: WeightDecayMode.PerStep));
        }
    }

    [Fact]
    public void AnErrorThatIsANumberIsBetterThanOneThatIsNone()
    {
        var kept = new KeptPoint(new Session().Network.Parameters, [], KeptWeights.BestOnValidation);
        kept.Offer(0, new Evaluation(1, double.NaN));
        kept.Offer(10, new Evaluation(1, 0.5));
        kept.Offer(20, new Evaluation(double.NaN, double.NaN));
        Assert.Equal((10, 0.5), (kept.Examples, kept.Validation.Error));
    }

    /// <summary>Training and reported losses under label smoothing: only the first has it.</summary>
    [Fact]
    public void LabelSmoothingIsInTheTrainingLossAndNotInEvaluations()
    {
        var loss = Loss.SoftmaxCrossEntropy.WithLabelSmoothing(0.25f);
        var plan = new Plan { Loss = loss, Options = new Plan().Options with { Examples = 37, BatchSize = 8, Keep = KeptWeights.Last } };
        var first = double.NaN;
        var trainer = plan.Begin(out var network);
        var (inputs, targets) = (plan.Data.Train.Inputs, plan.Data.Train.Targets);
        var result = trainer.Run(new TrainingCallbacks { Step = progress => first = double.IsNaN(first) ? progress.Loss : first });
        var (smoothed, without) = (new Evaluator(network, loss), new Evaluator(network, Loss.SoftmaxCrossEntropy));
        Assert.Equal(without.Evaluate(plan.Data.Validation), result.Validation);
        Assert.NotEqual(smoothed.Evaluate(plan.Data.Validation).Loss, result.Validation.Loss);

        // The first batch under the weights of the beginning.
        var order = new RandomStreams(plan.Seed).Stream(RandomStreams.Order);
        var shuffled = Enumerable.Range(0, inputs.Rows).ToArray();
        order.Shuffle(shuffled);
        var chosen = shuffled[..8];
        plan.Begin(out var untrained);
        var batch = new DataSet(
            Rows(inputs, chosen), [.. chosen.Select(example => plan.Data.Train.Labels![example])], targets.Columns);
        Assert.Equal(new Evaluator(untrained, loss).Evaluate(batch).Loss, first, 1e-6);

        static Matrix Rows(Matrix from, int[] rows)
        {
            var taken = new Matrix(rows.Length, from.Columns);
            for (var row = 0; row < rows.Length; row++)
            {
                from.Row(rows[row]).CopyTo(taken.Row(row));
            }

            return taken;
        }
    }

    private static DataSplit Regression()
    {
        DataSet Set(ulong seed) => new(Some.Matrix(37, 6, seed), Some.Matrix(37, 3, seed + 10));
        return new(Set(1), Set(2), Set(3));
    }

    private sealed class CountingLabels(IReadOnlyList<int> labels) : IReadOnlyList<int>
    {
        public int Reads { get; set; }

        public int Count => labels.Count;

        public int this[int index]
        {
            get
            {
                Reads++;
                return labels[index];
            }
        }

        public IEnumerator<int> GetEnumerator()
        {
            Reads++;
            return labels.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
