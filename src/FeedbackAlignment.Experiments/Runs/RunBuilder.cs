using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Makes the library's objects from a complete, valid spec, for one run.</summary>
/// <param name="spec">A spec that <see cref="SpecCompletion"/> has filled in.</param>
/// <param name="run">Rule and seed.</param>
/// <param name="components">What the spec can name.</param>
internal sealed class RunBuilder(ExperimentSpec spec, RunKey run, Components components)
{
    public RandomStreams Streams { get; } = new(run.Seed);

    /// <summary>The network with its initial weights: drawn, or those of the file that the spec names.</summary>
    /// <param name="compute">Does the products.</param>
    /// <param name="given">What that file holds, if it has been read; null: it is read.</param>
    public Network Network(Compute compute, GivenWeights? given = null)
    {
        var network = Drawn(compute);
        (given ?? GivenWeights.Of(spec.Network, components))?.CopyTo(network);
        return network;
    }

    /// <summary>The network with weights drawn at random.</summary>
    public Network Drawn(Compute compute)
    {
        var (network, plan) = (spec.Network, spec.Network.Plan(components));
        return plan.Build(
            run.Seed,
            new MlpOptions
            {
                Hidden = plan.HasActivations ? null : Activation.FromId(network.Activation, components.Activations),
                Output = plan.HasActivations ? null : Activation.FromId(network.OutputActivation, components.Activations),
                Weights = components.Initializations.Get(network.Initialization.Scheme).Create(network.Initialization.Scale),
                Bias = network.Bias,
                Connectivity = network.Connections.ToDictionary(layer => layer.Key, layer => Connectivity(layer.Value)),
                Dynamics = Dynamics(network.Spiking),
            },
            compute);
    }

    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="rule">The id of the rule to set up, for its settings.</param>
    /// <param name="redrawn">Name of the streams to draw feedback weights from, where they replace earlier ones; null: the first.</param>
    public RuleSetup Setup(Network network, int maxBatch, string rule, string? redrawn = null)
    {
        var feedback = spec.Feedback.Seed is { } seed ? new RandomStreams(seed) : Streams;
        var scale = Settings(rule)?.FeedbackScale ?? spec.Feedback.Scale;
        return new RuleSetup(
            network,
            components.Losses.Get(spec.Loss!).WithLabelSmoothing(spec.Training.LabelSmoothing),
            maxBatch,
            Streams,
            new FeedbackOptions
            {
                Distribution = components.Initializations.Get(spec.Feedback.Scheme).Create(scale),
                Normalization = Normalization(spec.Feedback.Normalization, scale),
                Streams = redrawn is null ? feedback : feedback.Child(redrawn),
                Share = spec.Feedback.Share,
                ErrorsPerUnit = spec.Feedback.ErrorsPerUnit,
                Rank = spec.Feedback.Rank,
                Regenerate = spec.Feedback.Regenerate,
                Sites = spec.Feedback.Sites switch
                {
                    FeedbackSiteIds.Block => FeedbackSites.Block,
                    FeedbackSiteIds.Pooled => FeedbackSites.Pooled,
                    _ => FeedbackSites.Module,
                },
            },
            Settings(rule)?.Options);
    }

    /// <summary>What an optimizer moves: the network's parameters.</summary>
    public ParameterGroup Forward(Network network)
        => new(network.Parameters) { WeightDecay = spec.Optimizer.WeightDecayOrDefault(components) };

    /// <summary>What an optimizer moves: the weights that a rule itself learns.</summary>
    /// <param name="id">The rule's id, for its settings.</param>
    /// <param name="rule">The rule.</param>
    public ParameterGroup Feedback(string id, LearningRule rule) => new(rule.Parameters)
    {
        LearningRateFactor = Settings(id)?.FeedbackLearningRateFactor ?? spec.Optimizer.Feedback.LearningRateFactor,
        WeightDecay = spec.Optimizer.FeedbackWeightDecay(components),
    };

    /// <param name="groups">What it moves.</param>
    public Optimizer Optimizer(IEnumerable<ParameterGroup> groups)
        => components.Optimizers.Get(spec.Optimizer.Kind).Create(spec.Optimizer.Setup(groups));

    /// <param name="trainExamples">Training examples there are.</param>
    /// <param name="phases">The phases; null: one.</param>
    /// <param name="measures">Whether instruments are to be read at all.</param>
    /// <param name="checkpointEvery">Examples from one checkpoint to the next; null: none.</param>
    /// <param name="tests">Whether to look at the test examples at the end.</param>
    public TrainingOptions Options(int trainExamples, IReadOnlyList<TrainingPhase>? phases, bool measures, long? checkpointEvery, bool tests)
    {
        var t = spec.Training;
        var examples = SpecCompletion.TotalExamples(t, trainExamples);
        return new TrainingOptions
        {
            Examples = examples,
            Phases = phases,
            Test = tests,
            BatchSize = t.BatchSize,
            Groups = t.Groups,
            Parallel = Parallelism(t.Parallel),
            Augmentation = t.Augmentation.ToAugmentation(),
            LearningRate = LearningRate(run.Rule, examples),
            ClipNorm = spec.Optimizer.ClipNorm,
            Patience = t.Patience,
            Keep = t.Keep == KeepIds.Last ? KeptWeights.Last : KeptWeights.BestOnValidation,
            Evaluate = Moments.EveryWithEarlyOnes(t.EvaluateEvery ?? trainExamples, t.EarlyEvaluations),
            Measure = measures ? Moments.EveryWithEarlyOnes(t.MeasureEvery ?? trainExamples) : null,
            Checkpoint = checkpointEvery is { } every ? Moments.Every(every) : null,
        };
    }

    /// <param name="rule">The id of the rule, for its settings.</param>
    /// <param name="examples">Examples of the whole training; what a warm-up leaves of them is the schedule's.</param>
    public LearningRateSchedule LearningRate(string rule, long examples)
    {
        var rate = Settings(rule)?.LearningRate ?? spec.Optimizer.LearningRateOrDefault(components);
        var schedule = spec.Optimizer.Schedule;
        var length = Math.Max(1, examples - schedule.WarmUpExamples);
        var course = schedule.Kind switch
        {
            ScheduleIds.Constant => LearningRateSchedule.Constant(rate),
            ScheduleIds.Step => LearningRateSchedule.Step(rate, schedule.Factor, schedule.StepExamples!.Value),
            ScheduleIds.Exponential => LearningRateSchedule.Exponential(rate, schedule.Factor, length),
            ScheduleIds.Cosine => LearningRateSchedule.Cosine(rate, schedule.Factor, length),
            _ => throw new ArgumentException($"no schedule is called \"{schedule.Kind}\""),
        };
        return course.WithWarmUp(schedule.WarmUpExamples);
    }

    private static Connectivity Connectivity(ConnectionsSpec connections) => connections.InputsPerUnit is { } inputs
        ? Networks.Connectivity.InputsPerUnit(inputs)
        : Networks.Connectivity.Random(connections.Share!.Value);

    private RuleSettings? Settings(string rule) => spec.RuleSettings.GetValueOrDefault(rule);

    private SpikingDynamics? Dynamics(SpikingSpec? spiking) => spiking is null ? null : new()
    {
        Steps = spiking.Steps,
        TimeConstant = spiking.TimeConstant,
        InputRate = spiking.InputRate,
        TonicRate = spiking.TonicRate,
        ErrorGain = spiking.ErrorGain,
        Settle = spiking.Settle,
        Seed = run.Seed,
    };

    /// <summary>What processes divide.</summary>
    /// <param name="id">Its id.</param>
    public static Parallelism Parallelism(string id) => id switch
    {
        ParallelIds.Batches => Training.Parallelism.Batches,
        ParallelIds.Layers => Training.Parallelism.Layers,
        ParallelIds.Pipeline => Training.Parallelism.Pipeline,
        _ => throw new ArgumentException($"processes cannot divide \"{id}\""),
    };

    private static FeedbackNormalization Normalization(string id, float scale) => id switch
    {
        FeedbackNormalizationIds.None => FeedbackNormalization.None,
        FeedbackNormalizationIds.FanIn => FeedbackNormalization.FanIn(scale),
        FeedbackNormalizationIds.FanOut => FeedbackNormalization.FanOut(scale),
        FeedbackNormalizationIds.ErrorNorm => FeedbackNormalization.ErrorNorm(scale),
        _ => throw new ArgumentException($"no normalization of feedback weights is called \"{id}\""),
    };
}
