using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class TrainingPhaseTests
{
    private const float Rate = 0.05f, Decay = 0.01f;
    private static readonly string[] _layers = ["hidden1", "hidden2", "output"];

    /// <summary>What learns in each phase; between them every layer is frozen, goes on, and is frozen again.</summary>
    private static readonly (string Rule, long Examples, string[] Learns)[] _course =
    [
        ("backpropagation", 45, _layers), ("feedback-alignment", 30, ["output"]), ("feedback-alignment", 41, ["hidden1", "hidden2"]), ("backpropagation", 37, _layers),
    ];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var optimizer in EveryOptimizer.Names)
        {
            cases.Add(optimizer, 1);
            cases.Add(optimizer, 8);
            cases.Add(optimizer, 64);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void OnePhaseIsNoPhases(string optimizer, int batch)
    {
        var (plain, phased) = (new Trained(optimizer), new Trained(optimizer));
        var expected = plain.Train(Options(null, 100, batch));
        var result = phased.Train(Options([new TrainingPhase { Examples = 100, Rule = phased.Rule("feedback-alignment") }], 100, batch), "feedback-alignment");
        Assert.Equal(expected.Curve, result.Curve);
        Assert.Equal(expected.Test, result.Test);
        Some.AssertSameBits(Some.Copies(plain.Network.Parameters), Some.Copies(phased.Network.Parameters));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FrozenLayersKeepEveryBitThroughAPhaseAndTheOthersMove(string optimizer, int batch)
    {
        var trained = new Trained(optimizer);
        var beginnings = new List<Matrix[]>();
        trained.Train(Course(trained, batch),
            observer: new TrainingCallbacks { Phase = _ => beginnings.Add(Some.Copies(trained.Network.Parameters)) });
        beginnings.Add(Some.Copies(trained.Network.Parameters));
        foreach (var (phase, (_, _, learns)) in _course.Index())
        {
            foreach (var (index, parameter) in trained.Network.Parameters.Index())
            {
                var moves = learns.Any(layer => parameter.Name.StartsWith(layer, StringComparison.Ordinal));
                Assert.True(moves != Some.SameBits(beginnings[phase][index], beginnings[phase + 1][index]), $"{parameter.Name} in phase {phase}, batch {batch}");
            }
        }
    }

    /// <summary>
    /// The same course by hand: in each phase its rule, and for each layer an optimizer of its own that is asked only where the layer
    /// learns. So what an optimizer remembers of a layer waits while that is frozen; nothing decays; and a step that was put off is
    /// taken, once.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void ACourseOfPhasesIsItsPhasesByHand(string optimizer, int batch)
    {
        var (trained, byHand) = (new Trained(optimizer), new Trained(optimizer));
        var seen = new List<(Recorder Rule, int Phase)>();
        trained.Train(Course(trained, batch, seen));

        var gradients = new Gradients(byHand.Network.Parameters, byHand.Network.Compute);
        var optimizers = byHand.Network.Layers.ToDictionary(layer => layer.Name, layer => EveryOptimizer.Create(optimizer, [.. layer.Parameters], Decay));
        foreach (var (recorder, phase) in seen)
        {
            var rule = byHand.Rule(_course[phase].Rule);
            foreach (var examples in recorder.Batches)
            {
                rule.EstimateGradients(byHand.Batch(examples), gradients);
                foreach (var layer in _course[phase].Learns)
                {
                    optimizers[layer].Step(gradients, Rate);
                }
            }
        }

        Some.AssertSameBits(Some.Copies(byHand.Network.Parameters), Some.Copies(trained.Network.Parameters));
    }

    [Fact]
    public void NoBatchReachesIntoTheNextPhase()
    {
        var trained = new Trained("sgd");
        var seen = new List<(Recorder Rule, int Phase)>();
        var result = trained.Train(Course(trained, 16, seen));

        // The pass has 37 examples.
        Assert.Equal([[16, 16, 5, 8], [16, 13, 1], [16, 16, 4, 5], [16, 16, 5]], seen.Select(phase => phase.Rule.Batches.Select(batch => batch.Length).ToArray()));
        Assert.Equal(Enumerable.Range(0, 37), seen.SelectMany(phase => phase.Rule.Examples).Take(37).Order());
        Assert.Equal(153, result.Examples);
    }

    [Fact]
    public void APhaseEndsWithAnEvaluationAndAMeasurementBeforeTheNextBegins()
    {
        var trained = new Trained("sgd");
        var events = new List<string>();
        var observer = new TrainingCallbacks
        {
            Phase = index => events.Add($"phase {index}"),
            Evaluation = point => events.Add($"evaluation {point.Examples}"),
            Measure = examples => events.Add($"measure {examples}"),
            Step = progress => Assert.Equal(153, progress.TotalExamples),
        };
        trained.Train(Course(trained, 16) with { Evaluate = Moments.Every(60), Measure = Moments.Every(1000) }, observer: observer);
        Assert.Equal(
            [
                "phase 0", "evaluation 0", "measure 0", "evaluation 45", "measure 45",
                "phase 1", "evaluation 61", "evaluation 75", "measure 75",
                "phase 2", "evaluation 116", "measure 116",
                "phase 3", "evaluation 132", "evaluation 153", "measure 153",
            ],
            events);
    }

    [Fact]
    public void AScheduleGoesThroughAllPhasesAndAPhaseMayHaveItsOwn()
    {
        var trained = new Trained("sgd");
        var schedule = LearningRateSchedule.Cosine(0.1f, 0, 153);
        var options = Course(trained, 16) with { LearningRate = schedule };
        var phases = options.Phases!.ToArray();
        phases[2] = phases[2] with { LearningRate = LearningRateSchedule.Step(0.01f, 0.5, 100) };
        var result = trained.Train(options with { Phases = phases, Evaluate = Moments.Every(1000) });
        Assert.Equal([schedule.At(0), schedule.At(37), schedule.At(74), 0.005f, schedule.At(148)], result.Curve.Select(point => (float)point.LearningRate));
    }

    [Fact]
    public void PhasesThatDoNotFitAreRefused()
    {
        var trained = new Trained("sgd");
        var rule = trained.Rule("backpropagation");
        var good = new TrainingPhase { Examples = 5, Rule = rule };
        var narrow = new BackpropagationRule(new RuleSetup(trained.Network, Loss.SoftmaxCrossEntropy, 4, new RandomStreams(1)));
        Refused("the phases have 10 examples in all, must be as many as the training, 11", 11, good, good);
        Refused("the phases have 0 examples in all, must be as many as the training, 10", 10);
        Refused("phase 2 has 0 examples, must be at least 1", 5, good, good with { Examples = 0 });
        Refused("the rule of phase 2 is of another network", 10, good, good with { Rule = new Trained("sgd").Rule("backpropagation") });
        Refused("nothing learns in phase 1", 10, good with { Learns = [] }, good);
        Refused("output.weights (3 × 4) cannot learn in phase 2", 10, good, good with { Learns = [new Trained("sgd").Network.Layers[^1].Weights] });
        Refused("the batch size is 8, must be at most 4", 10, good, good with { Rule = narrow });

        void Refused(string message, long examples, params TrainingPhase[] phases)
            => Assert.Contains(message, Assert.Throws<ArgumentException>(() => trained.Train(Options(phases, examples, 8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStopInALaterPhaseCountsAllExamples()
    {
        using var source = new CancellationTokenSource();
        var trained = new Trained("sgd");
        var result =
            trained.Train(Course(trained, 16), observer: new TrainingCallbacks { Phase = index => Cancel(index) },
                cancellation: source.Token);
        Assert.Equal((TrainingStatus.Cancelled, 75, "stopped after 75 of 153 examples"), (result.Status, result.Examples, result.Reason));
        Assert.Equal(75, result.Curve[^1].Examples);

        void Cancel(int phase)
        {
            if (phase == 2)
            {
                source.Cancel();
            }
        }
    }

    private static TrainingOptions Course(Trained trained, int batch, List<(Recorder Rule, int Phase)>? seen = null)
    {
        var phases = _course.Select((phase, index) =>
        {
            var rule = new Recorder(trained.Setup, trained.Rule(phase.Rule));
            seen?.Add((rule, index));
            var learns = trained.Network.Layers.Where(layer => phase.Learns.Contains(layer.Name)).SelectMany(layer => layer.Parameters);
            return new TrainingPhase { Examples = phase.Examples, Rule = rule, Learns = [.. learns] };
        });
        return Options([.. phases], _course.Sum(phase => phase.Examples), batch);
    }

    private static TrainingOptions Options(IReadOnlyList<TrainingPhase>? phases, long examples, int batch) => new()
    {
        Examples = examples,
        Phases = phases,
        BatchSize = batch,
        LearningRate = LearningRateSchedule.Constant(Rate),
        Keep = KeptWeights.Last,
    };

    /// <summary>A network, its rules and its data.</summary>
    private sealed class Trained
    {
        private readonly string _optimizer;
        private readonly Dictionary<string, LearningRule> _rules = [];

        public Trained(string optimizer)
        {
            _optimizer = optimizer;
            Network = Network.Mlp("6-5-4-3", seed: 1);
            Setup = Some.Setup(Network);
        }

        public Network Network { get; }

        public RuleSetup Setup { get; }

        private DataSplit Data { get; } = Some.Split(37);

        public LearningRule Rule(string id)
            => _rules.TryGetValue(id, out var rule) ? rule : _rules[id] = RuleCatalog.Standard.Get(id).Create(Setup);

        public TrainingResult Train(
            TrainingOptions options, string rule = "feedback-alignment", TrainingObserver? observer = null, CancellationToken cancellation = default)
            => new Trainer(Rule(rule), EveryOptimizer.Create(_optimizer, Network.Parameters, Decay), Data, options, Setup.Streams).Run(observer, cancellation);

        public Batch Batch(int[] examples)
        {
            var (inputs, targets) = (new Matrix(examples.Length, 6), new Matrix(examples.Length, 3));
            foreach (var (row, example) in examples.Index())
            {
                Data.Train.Inputs.Row(example).CopyTo(inputs.Row(row));
                Data.Train.Targets.Row(example).CopyTo(targets.Row(row));
            }

            return new Batch(inputs, targets);
        }
    }
}
