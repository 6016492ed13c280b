using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>A learning rule as the catalog knows it; every rule's file has its own.</summary>
/// <param name="Id">Its name in specs, files and on the command line.</param>
/// <param name="Name">Its name in prose.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Make">Makes one; <see cref="Create"/> checks first.</param>
public sealed record RuleEntry(string Id, string Name, string Summary, string Paper, Func<RuleSetup, LearningRule> Make)
{
    /// <summary>What a reader should know of it.</summary>
    public required RuleNotes Notes { get; init; }

    /// <summary>Other names it goes by in the literature, in kebab case: the catalog finds it by them too.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The numbers of its own that can be set.</summary>
    public IReadOnlyList<RuleOption> Options { get; init; } = [];

    /// <summary>
    /// The rules of its hidden layers, from the lowest up, if it is a mixture; else empty. It then needs as many hidden layers.
    /// </summary>
    public IReadOnlyList<RuleEntry> Parts { get; init; } = [];

    /// <summary>Whether it gives hidden layers a gradient.</summary>
    public bool TeachesHiddenLayers { get; init; } = true;

    /// <summary>Whether it has feedback weights, drawn at random, fixed or learned.</summary>
    public bool HasFeedback { get; init; }

    /// <summary>
    /// Whether its feedback weights cannot be given a rank because they are sparse, have the signs of other weights, or learn.
    /// </summary>
    public bool RefusesFeedbackRank { get; init; }

    /// <summary>Whether none of its feedback connections can be missing, for the weights are kept as factors.</summary>
    public bool RefusesSparseFeedback { get; init; }

    /// <summary>
    /// Whether its feedback weights can be drawn again at every step instead of being kept, for they are fixed and it only multiplies
    /// with them.
    /// </summary>
    public bool CanRegenerateFeedback { get; init; }

    /// <summary>Whether its feedback weights are parameters that the optimizer moves.</summary>
    public bool LearnsFeedback { get; init; }

    /// <summary>Whether its feedback weights are drawn anew for every batch.</summary>
    public bool RedrawsFeedback { get; init; }

    /// <summary>Whether what it promises needs weight decay: without, it learns, but as another rule would.</summary>
    public bool NeedsWeightDecay { get; init; }

    /// <summary>Whether the output layer's gradient is the exact one.</summary>
    public bool OutputGradientIsExact { get; init; } = true;

    /// <summary>
    /// Whether the gradient of a hidden layer is δₗᵀ hₗ₋₁: the layer's local error times its inputs in the forward pass. Only looked at
    /// where <see cref="TeachesHiddenLayers"/> is true.
    /// </summary>
    public bool GradientIsErrorTimesInput { get; init; } = true;

    /// <summary>Whether it draws noise while it learns.</summary>
    public bool DrawsNoise { get; init; }

    /// <summary>Whether its fixed feedback weights are made from the forward weights that the network begins with.</summary>
    public bool FeedbackFollowsInitialWeights { get; init; }

    /// <summary>
    /// Whether one draw of noise serves a whole batch, so that the estimate for a batch is not the mean of those for its examples.
    /// </summary>
    public bool DrawsOncePerBatch { get; init; }

    /// <summary>
    /// Whether it has an error at every hidden layer that can be compared with the exact one; false for a rule whose hidden gradients
    /// come from nothing of the kind.
    /// </summary>
    public bool HasHiddenErrors { get; init; } = true;

    /// <summary>
    /// Whether it puts labels into the inputs: the targets must be classes, two at least, and the inputs as many as the classes at least.
    /// </summary>
    public bool NeedsLabels { get; init; }

    /// <summary>Whether a step allocates memory; the others' steps allocate nothing.</summary>
    public bool Allocates { get; init; }

    /// <summary>Whether it needs a network that answers at once, and so cannot teach a spiking one.</summary>
    public bool NeedsAnswersAtOnce { get; init; }

    /// <summary>
    /// Whether it needs a network of dense layers one after another and refuses any other. A small one of another kind is tried, so that no
    /// entry can say what its rule does not do.
    /// </summary>
    public bool NeedsChain()
    {
        try
        {
            var network = NetworkPlan.Parse("4, dense 4, layer-norm, tanh, residual(dense 4), dense 4").Build(seed: 0);
            Create(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(0)));
            return false;
        }
        catch (ChainNeededException)
        {
            return true;
        }
    }

    /// <summary>Makes the rule.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, feedback weights, and options of this rule.</param>
    /// <exception cref="ArgumentException">
    /// It has not all the options that are set, or they are out of range, or it cannot teach such a network, or has no such feedback
    /// weights.
    /// </exception>
    public LearningRule Create(RuleSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        foreach (var id in setup.Options.Keys)
        {
            var option = Options.FirstOrDefault(option => option.Id == id)
                ?? throw new ArgumentException($"{Name} has no option \"{id}\"; it has {(Options.Count == 0 ? "none" : string.Join(", ", Options.Select(option => option.Id)))}", nameof(setup));
            _ = setup.Option(option);
        }

        return FeedbackObjection(setup.Feedback) is { } objection ? throw new ArgumentException(objection, nameof(setup))
            : Make(setup.For(this));
    }

    /// <summary>Makes the rule of a network that every rule can teach, to see what it is.</summary>
    internal LearningRule CreateSmall() => Create(new RuleSetup(Network.Mlp("4-4-4", seed: 0), Loss.SquaredError, 1, new RandomStreams(0)));

    /// <summary>What is wrong with feedback options for this rule, beside what is wrong with them for all; null if nothing is.</summary>
    /// <param name="feedback">The options.</param>
    public string? FeedbackObjection(FeedbackOptions feedback)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        return RefusesFeedbackRank && feedback.Rank is not null
            ? $"the feedback weights of {Name} cannot be given a rank because they are sparse, have the signs of other weights, or learn"
            : RefusesSparseFeedback && feedback.IsSparse ? $"the feedback weights of {Name} are a product of two matrices, so none of their connections can be missing"
            : feedback.Regenerate && HasFeedback && !CanRegenerateFeedback ? $"the feedback weights of {Name} must be kept and cannot be regenerated"
            : null;
    }
}
