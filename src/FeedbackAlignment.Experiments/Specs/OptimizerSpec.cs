using FeedbackAlignment.Experiments.Specs.Fields;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>How a gradient becomes a step.</summary>
public sealed record OptimizerSpec
{
    /// <summary>The method.</summary>
    [InCatalog(nameof(Components.Optimizers))]
    public string Kind { get; init; } = OptimizerEntry.Sgd.Id;

    /// <summary>
    /// Learning rate η. Null, for <c>sgd</c> and <c>compensated-sgd</c>: 0.01 if the targets are numbers; for classes 0.05 with momentum
    /// and 0.1 without. Null, for the other methods: 0.001.
    /// </summary>
    [Bounds(Above = 0)]
    public float? LearningRate { get; init; }

    /// <summary>Momentum of <c>sgd</c> and <c>sign-sgd</c>.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public float Momentum { get; init; }

    /// <summary>Whether to use Nesterov's momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Decay of the mean of squares in <c>rmsprop</c>.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public float Rho { get; init; } = 0.99f;

    /// <summary>Decay of the first moment in <c>adam</c> and <c>adamw</c>.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the second moment in <c>adam</c> and <c>adamw</c>.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Number that <c>rmsprop</c>, <c>adam</c> and <c>adamw</c> add to the square root.</summary>
    [Bounds(Above = 0)]
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>
    /// Share λ by which weights shrink, see <c>weightDecayMode</c>. By default decay is decoupled from the gradient under every optimizer,
    /// as in AdamW. Biases and normalizations never decay. Null: 0.01 for <c>adamw</c>, else 0.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public float? WeightDecay { get; init; }

    /// <summary>What the weight decay does at each step. <c>adamw</c> stands for decoupled decay and refuses <c>coupled</c>.</summary>
    [OneOf(typeof(WeightDecayIds))]
    public string WeightDecayMode { get; init; } = WeightDecayIds.TimesLearningRate;

    /// <summary>Options of an optimizer of one's own, by name. Options that are not given have the optimizer's defaults.</summary>
    public IReadOnlyDictionary<string, double> Options { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Gradient clipping by norm: the greatest norm of the gradients of all the network's parameters together. Longer gradients are
    /// shortened to it, those of learned feedback weights by the same factor. Null: no clipping.
    /// </summary>
    [Bounds(Above = 0)]
    public float? ClipNorm { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary>How weights that a rule itself learns, such as feedback weights, move where they do not move like the network's.</summary>
    public LearnedFeedbackSpec Feedback { get; init; } = new();

    /// <summary>Whether a step takes the learning rate times the decay off a weight.</summary>
    internal bool DecaysTimesTheRate => WeightDecayMode != WeightDecayIds.PerStep;

    /// <summary>The weight decay, with its default filled in.</summary>
    internal float WeightDecayOrDefault(Components components) => WeightDecay ?? components.Optimizers.Find(Kind)?.DefaultWeightDecay ?? 0;

    /// <summary>The weight decay of learned feedback weights.</summary>
    internal float FeedbackWeightDecay(Components components) => Feedback.WeightDecay ?? WeightDecayOrDefault(components);

    /// <summary>The learning rate, with its default filled in.</summary>
    /// <param name="components">What the spec can name.</param>
    /// <param name="classification">Whether the targets are classes.</param>
    internal float LearningRateOrDefault(Components components, bool classification = true)
        => LearningRate ?? components.Optimizers.Get(Kind).DefaultLearningRate(classification, Momentum);

    /// <summary>What the optimizer is made from.</summary>
    /// <param name="groups">What it moves; none, where only settings are asked for.</param>
    internal OptimizerSetup Setup(params IEnumerable<ParameterGroup> groups) => new([.. groups])
    {
        DecayMode = WeightDecayMode switch
        {
            WeightDecayIds.PerStep => Optimizers.WeightDecayMode.PerStep,
            WeightDecayIds.Coupled => Optimizers.WeightDecayMode.Coupled,
            _ => Optimizers.WeightDecayMode.TimesLearningRate,
        },
        Momentum = Momentum,
        Nesterov = Nesterov,
        Rho = Rho,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        Options = Options,
    };
}

/// <summary>Learning rate and weight decay of the weights that a rule itself learns.</summary>
public sealed record LearnedFeedbackSpec
{
    /// <summary>
    /// Factor on the learning rate for learned feedback weights. Rules whose feedback weights follow the forward weights by equal steps,
    /// such as <c>kolen-pollack</c>, refuse any but 1.
    /// </summary>
    [Bounds(Above = 0)]
    public float LearningRateFactor { get; init; } = 1;

    /// <summary>
    /// Weight decay of learned feedback weights. The same rules refuse another one than the network's. Null:
    /// <c>optimizer.weightDecay</c>.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public float? WeightDecay { get; init; }
}

/// <summary>How the learning rate changes during training.</summary>
public sealed record ScheduleSpec
{
    /// <summary>
    /// The course of the learning rate, which begins after the warm-up. <c>exponential</c> and <c>cosine</c> cover the remaining
    /// examples; <c>step</c> counts from the end of the warm-up.
    /// </summary>
    [OneOf(typeof(ScheduleIds))]
    public string Kind { get; init; } = ScheduleIds.Constant;

    /// <summary>Examples over which the rate first rises linearly from 0 to the learning rate; 0: no warm-up.</summary>
    [Bounds(AtLeast = 0)]
    public long WarmUpExamples { get; init; }

    /// <summary>
    /// <c>step</c>: the factor at each step. <c>exponential</c>: the factor at the end. <c>cosine</c>: the factor at the end, too. By
    /// default the rate ends at 0.1 η, not at 0.
    /// </summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public float Factor { get; init; } = 0.1f;

    /// <summary>Examples between two steps. <c>step</c> needs it; for the others it is null.</summary>
    [Bounds(AtLeast = 1)]
    public long? StepExamples { get; init; }
}
