using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>Rules, trainer, evaluator and probe on a spiking network: none of them knows of it, but all must do right by it.</summary>
public sealed class SpikingTrainingTests
{
    private static readonly SpikingDynamics _dynamics = new() { Steps = 5, TimeConstant = 3, Settle = 1, ErrorGain = 2 };

    public static TheoryData<string> Rules()
        => [.. RuleCatalog.Standard.Entries.Where(rule => !rule.NeedsAnswersAtOnce).Select(rule => rule.Id)];

    public static TheoryData<string> RulesThatAllocateNothing()
        => [.. RuleCatalog.Standard.Entries.Where(rule => !rule.NeedsAnswersAtOnce && !rule.Allocates).Select(rule => rule.Id)];

    [Fact]
    public void RulesThatNeedAnswersAtOnceRefuseASpikingNetwork() => Assert.All(
        RuleCatalog.Standard.Entries.Where(rule => rule.NeedsAnswersAtOnce),
        rule => Assert.Contains("not a spiking one", Assert.Throws<ArgumentException>(() => rule.Create(Some.Setup(SpikingNetwork("6-5-3"), Loss.LogisticCrossEntropy))).Message, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheTopLayerLearnsTheSameUnderEveryRule(string rule)
    {
        Some.AssertSameBits(Top("backpropagation"), Top(rule));

        static List<Matrix> Top(string rule)
        {
            var network = SpikingNetwork("6-5-3");
            var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, Loss.LogisticCrossEntropy));
            var gradients = new Gradients(learner.LearnedParameters, network.Compute);
            var top = new List<Matrix>();
            for (var step = 0; step < 4; step++)
            {
                learner.EstimateGradients(Examples(1), gradients);
                top.AddRange(network.Layers[^1].Parameters.Select(parameter => gradients[parameter].Values.Copy()));
            }

            return top;
        }
    }

    /// <summary>Every rule gets the error as spikes: each unit's either departs upwards from its tonic rate, or downwards.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void TheErrorComesAsSpikes(string rule)
    {
        var network = SpikingNetwork("6-5-3");
        var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, Loss.LogisticCrossEntropy));
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);
        var carried = new HashSet<float>();
        for (var step = 0; step < 20; step++)
        {
            learner.EstimateGradients(Examples(1), gradients);
            carried.UnionWith(gradients[network.Layers[^1].Biases!].Values.Row(0).ToArray());
        }

        Assert.Equal([-0.5f, 0.5f], carried.Order());
    }

    /// <summary>
    /// Many lives of one time step without leak, beside each other: their mean update is the ordinary network's on the same example.
    /// Small top weights make the output's rate linear in the hidden spikes, and a certain input makes the hidden rates those of the
    /// ordinary network.
    /// </summary>
    [Theory]
    [InlineData("backpropagation")]
    [InlineData("feedback-alignment")]
    [InlineData("direct-feedback-alignment")]
    public void OverManyLivesTheMeanUpdateIsTheOrdinaryNetworks(string rule)
    {
        const int Lives = 200_000;
        const double TonicRate = 0.5, Gain = 0.2;
        var ordinary = Some.Network("4-3-2", 1, Activation.Logistic);
        Elementwise.Map(ordinary.Layers[1].Weights.Read(), new Scale(0.05f));
        var spiking = new Network(ordinary.Layers, ordinary.Compute, new SpikingDynamics { TimeConstant = 1, Settle = 0, ErrorGain = (float)Gain, TonicRate = (float)TonicRate });
        var (inputs, targets) = (new Matrix(Lives, 4), new Matrix(Lives, 2));
        for (var life = 0; life < Lives; life++)
        {
            new float[] { 1, 0, 1, 1 }.CopyTo(inputs.Row(life));
            new float[] { 1, 0 }.CopyTo(targets.Row(life));
        }

        var exact = Estimate(ordinary, new Batch(inputs.Top(1), targets.Top(1)));
        var mean = Estimate(spiking, new Batch(inputs, targets));
        var spread = 1 / Gain / Math.Sqrt(Lives);
        foreach (var (one, many) in exact.Zip(mean))
        {
            for (var row = 0; row < one.Rows; row++)
            {
                for (var column = 0; column < one.Columns; column++)
                {
                    Assert.Equal(one[row, column], many[row, column], 5 * spread);
                }
            }
        }

        // Where the error's noise is small against the update, that says something.
        Assert.True(Reductions.Dot(exact[^2], exact[^2]) > 100 * spread * spread);

        Matrix[] Estimate(Network network, Batch batch)
        {
            var learner = RuleCatalog.Standard.Get(rule)
                .Create(new RuleSetup(network, Loss.LogisticCrossEntropy, batch.Count, new RandomStreams(1),
                    new FeedbackOptions { Distribution = WeightDistribution.Uniform(1) }));
            var gradients = new Gradients(learner.LearnedParameters, network.Compute);
            learner.EstimateGradients(batch, gradients);
            return Some.Copies(gradients);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheNumberOfThreadsChangesNoBit(string rule)
    {
        var results = new List<Matrix[]>();
        foreach (var threads in (int[])[1, 2, 3])
        {
            // Wide enough for the one-example walk to be shared among the threads.
            using var compute = new Compute(threads);
            var network = SpikingNetwork("300-260-3", compute: compute);
            Train(network, rule, Split(12, 300), 12);
            results.Add(Some.Copies(network.Parameters));
        }

        Some.AssertSameBits(results[0], results[1]);
        Some.AssertSameBits(results[0], results[2]);
    }

    [Fact]
    public void EvaluationsAndInstrumentsDisturbNothing()
    {
        Some.AssertSameBits(Weights(evaluateEvery: 60, measures: false), Weights(evaluateEvery: 7, measures: true));

        static Matrix[] Weights(long evaluateEvery, bool measures)
        {
            var network = SpikingNetwork("6-5-3");
            Train(network, "feedback-alignment", Split(20, 6), 60, evaluateEvery, measures);
            return Some.Copies(network.Parameters);
        }
    }

    [Fact]
    public void AnEvaluationIsAlwaysTheSame()
    {
        var network = SpikingNetwork("6-5-3");
        var evaluator = new Evaluator(network, Loss.LogisticCrossEntropy);
        var examples = Some.Examples(600, 6, 3, 1);
        Assert.Equal(evaluator.Evaluate(examples), evaluator.Evaluate(examples));
        Assert.Equal(evaluator.Evaluate(examples), new Evaluator(network, Loss.LogisticCrossEntropy).Evaluate(examples));
    }

    [Fact]
    public void AnExampleIsOneHoweverManyTimeStepsItLasts()
    {
        var network = SpikingNetwork("6-5-3");
        var counted = new List<long>();
        var result =
            Train(network, "shallow", Split(20, 6), 60,
                observer: new TrainingCallbacks { Step = progress => counted.Add(progress.Examples) });
        Assert.Equal(60, result.Examples);
        Assert.Equal(Enumerable.Range(1, 60).Select(n => (long)n), counted);
        Assert.Equal(3, result.Epochs);
        Assert.Equal([0L, 60], result.Curve.Select(point => point.Examples));
    }

    /// <summary>The network learns in every time step: a presentation of five moves the weights as five calls do.</summary>
    [Fact]
    public void EveryTimeStepOfAPresentationLearns()
    {
        var split = Split(1, 6);
        var trained = SpikingNetwork("6-5-3");
        Train(trained, "feedback-alignment", split, 2, rate: 0.1f);

        var network = SpikingNetwork("6-5-3");
        var learner = RuleCatalog.Standard.Get("feedback-alignment").Create(Some.Setup(network, Loss.LogisticCrossEntropy));
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);
        var optimizer = new Sgd(learner.LearnedParameters);
        for (var step = 0; step < 2 * _dynamics.Steps; step++)
        {
            learner.EstimateGradients(new Batch(split.Train.Inputs, split.Train.Targets), gradients);
            optimizer.Step(gradients, 0.1f);
        }

        Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(trained.Parameters));
    }

    [Fact]
    public void TheProbeReadsTheWeightsAngleAndNothingElse()
    {
        var network = SpikingNetwork("6-5-3");
        var setup = Some.Setup(network, Loss.LogisticCrossEntropy);
        var readings = new AlignmentProbe(RuleCatalog.Standard.Get("feedback-alignment").Create(setup), setup, Some.Examples(10, 6, 3, 1))
            .Read();
        Assert.NotNull(readings[0].WeightAngle);
        Assert.All(readings, reading => Assert.Equal(
            new AlignmentReading { Layer = reading.Layer, WeightAngle = reading.WeightAngle, WeightNormRatio = reading.WeightNormRatio }, reading));
    }

    /// <summary>Exclusive or, with few hidden units: the answer is not in the features that were drawn.</summary>
    [Fact]
    public void FeedbackAlignmentLearnsWhatShallowLearningCannot()
    {
        double Error(string rule)
        {
            var network =
                Network.Mlp("2-12-2", 3,
                    new() { Hidden = Activation.Logistic, Dynamics = new SpikingDynamics { Steps = 20, ErrorGain = 3, Seed = 3 } });
            return Train(network, rule, Xor, 3000, rate: 0.05f).Validation.Error;
        }

        Assert.InRange(Error("feedback-alignment"), 0, 0.05);
        Assert.InRange(Error("shallow"), 0.2, 1);
    }

    [Theory]
    [MemberData(nameof(RulesThatAllocateNothing))]
    public void APresentationAllocatesNothing(string rule)
    {
        using var compute = new Compute(2);
        var network = SpikingNetwork("6-9-7-3", compute: compute);
        using var source = new CancellationTokenSource();
        var (examples, marks) = (0, new AllocationMarks());
        var observer = new TrainingCallbacks { Step = _ => Count() };
        Train(network, rule, Split(50, 6), 1_000_000, evaluateEvery: 2_000_000, observer: observer, cancellation: source.Token);
        Assert.Equal(0, marks.LeastBetweenTwo);

        void Count()
        {
            if (++examples % 100 == 0 && !marks.Set())
            {
                source.Cancel();
            }
        }
    }

    private static DataSplit Xor { get; } = new(XorExamples(), XorExamples(), XorExamples());

    private static DataSet XorExamples() => new(Matrix.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }), [0, 1, 1, 0], 2);

    private static Network SpikingNetwork(string sizes, Compute? compute = null)
        => Network.Mlp(sizes, 1, new() { Hidden = Activation.Logistic, Dynamics = _dynamics }, compute);

    private static DataSplit Split(int train, int inputs)
        => new(Inside(Some.Examples(train, inputs, 3, 1)), Inside(Some.Examples(40, inputs, 3, 2)), Inside(Some.Examples(50, inputs, 3, 3)));

    /// <summary>Inputs brought into 0 … 1, as probabilities must be.</summary>
    private static DataSet Inside(DataSet examples)
    {
        Elementwise.Map(examples.Inputs, default(TakeLogistic));
        return examples;
    }

    private static Batch Examples(int count)
    {
        var examples = Inside(Some.Examples(count, 6, 3, 4));
        return new Batch(examples.Inputs, examples.Targets);
    }

    private static TrainingResult Train(
        Network network,
        string rule,
        DataSplit data,
        long examples,
        long evaluateEvery = 1000,
        bool measures = false,
        float rate = 0.05f,
        TrainingObserver? observer = null,
        CancellationToken cancellation = default)
    {
        var setup = Some.Setup(network, Loss.LogisticCrossEntropy);
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var probe = new AlignmentProbe(learner, setup, data.Validation);
        var options = new TrainingOptions
        {
            Examples = examples,
            BatchSize = 1,
            LearningRate = LearningRateSchedule.Constant(rate),
            Keep = KeptWeights.Last,
            Evaluate = Moments.Every(evaluateEvery),
            Measure = measures ? Moments.Every(5) : null,
        };
        return new Trainer(learner, new Sgd(learner.LearnedParameters), data, options, setup.Streams)
            .Run(observer ?? new TrainingCallbacks { Measure = _ => probe.Read() }, cancellation);
    }
}
