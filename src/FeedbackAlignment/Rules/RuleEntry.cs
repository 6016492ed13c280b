using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A learning rule as a catalog knows it; every rule's file has its own. What a rule is (has it feedback weights, does it draw noise) is
/// seen from small ones of it; the entry itself only promises what nobody can see, and contract tests hold it to that.
/// </summary>
/// <param name="id">Its name in specs, files and on the command line: lower-case words joined by hyphens.</param>
/// <param name="name">Its name in prose.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="paper">Where it comes from.</param>
/// <param name="make">Makes one; <see cref="Create"/> checks first.</param>
public sealed class RuleEntry(string id, string name, string summary, string paper, Func<RuleSetup, LearningRule> make)
{
    private RuleTraits? _traits;

    /// <summary>Its name in specs, files and on the command line.</summary>
    public string Id { get; } = id;

    /// <summary>Its name in prose.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, in one line.</summary>
    public string Summary { get; } = summary;

    /// <summary>Where it comes from.</summary>
    public string Paper { get; } = paper;

    /// <summary>What a reader should know of it.</summary>
    public required RuleNotes Notes { get; init; }

    /// <summary>Other names it goes by in the literature, in kebab case: the catalog finds it by them too.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The numbers of its own that can be set.</summary>
    public IReadOnlyList<RuleOption> Options { get; init; } = [];

    /// <summary>
    /// The rules of its layers and blocks, if it is a mixture; else empty. Where <see cref="PartNames"/> has no names for them, they are
    /// those of the hidden layers, from the lowest up, and it needs as many.
    /// </summary>
    public IReadOnlyList<RuleEntry> Parts { get; internal init; } = [];

    /// <summary>What each of its <see cref="Parts"/> serves, by the names that <see cref="MixtureRule"/> knows; else empty.</summary>
    public IReadOnlyList<string> PartNames { get; internal init; } = [];

    /// <summary>Promise: whether it gives hidden layers a gradient.</summary>
    public bool TeachesHiddenLayers { get; init; } = true;

    /// <summary>Promise: whether the output layer's gradient is the exact one.</summary>
    public bool OutputGradientIsExact { get; init; } = true;

    /// <summary>
    /// Promise: whether the gradient of a hidden layer is δₗᵀ hₗ₋₁: the layer's local error times its inputs in the forward pass. Only
    /// looked at where <see cref="TeachesHiddenLayers"/> is true.
    /// </summary>
    public bool GradientIsErrorTimesInput { get; init; } = true;

    /// <summary>
    /// Promise: whether it has an error at every hidden layer that can be compared with the exact one; false for a rule whose hidden
    /// gradients come from nothing of the kind.
    /// </summary>
    public bool HasHiddenErrors { get; init; } = true;

    /// <summary>
    /// Promise: whether one draw of noise serves a whole batch, so that the estimate for a batch is not the mean of those for its examples.
    /// </summary>
    public bool DrawsOncePerBatch { get; init; }

    /// <summary>Promise: whether a step allocates memory; the others' steps allocate nothing.</summary>
    public bool Allocates { get; init; }

    /// <summary>Promise: whether what it promises needs weight decay: without, it learns, but as another rule would.</summary>
    public bool NeedsWeightDecay { get; init; }

    /// <summary>Promise: whether without a convolution it is another rule, so that a spec with such a network is refused.</summary>
    public bool NeedsConvolution { get; init; }

    /// <summary>Whether a network has no convolution although the rule needs one.</summary>
    /// <param name="network">The network's plan.</param>
    public bool MissesConvolution(NetworkPlan network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return NeedsConvolution && !network.Layers.Any(layer => layer.IsConvolution);
    }

    /// <summary>Whether it has feedback weights, drawn at random, fixed or learned: <see cref="LearningRule.Feedback"/>.</summary>
    public bool HasFeedback => Traits.HasFeedback;

    /// <summary>
    /// Whether its feedback weights are parameters that the optimizer moves: <see cref="FeedbackPath.Parameters"/>.
    /// </summary>
    public bool LearnsFeedback => Traits.LearnsFeedback;

    /// <summary>
    /// Whether feedback weights that it learns must have the learning rate and weight decay of forward weights:
    /// <see cref="LearningRule.Ties"/>.
    /// </summary>
    public bool TiesFeedback => Traits.TiesFeedback;

    /// <summary>Whether its feedback weights are drawn anew for every batch: <see cref="WeightSource.IsRedrawn"/>.</summary>
    public bool RedrawsFeedback => Traits.RedrawsFeedback;

    /// <summary>Whether it draws noise while it learns: <see cref="LearningRule.Noise"/>.</summary>
    public bool DrawsNoise => Traits.DrawsNoise;

    /// <summary>
    /// Whether its feedback weights cannot be given a rank because they are sparse, have the signs of other weights, or learn.
    /// </summary>
    public bool RefusesFeedbackRank => Traits.RefusesFeedbackRank;

    /// <summary>
    /// Whether none of its feedback connections can be missing: the weights are kept as factors, or made so that none is 0.
    /// </summary>
    public bool RefusesSparseFeedback => Traits.RefusesSparseFeedback;

    /// <summary>
    /// Whether its feedback weights can be drawn again at every step instead of being kept, for they are fixed and it only multiplies
    /// with them.
    /// </summary>
    public bool CanRegenerateFeedback => Traits.CanRegenerateFeedback;

    /// <summary>Whether its fixed feedback weights are made from the forward weights that the network begins with.</summary>
    public bool FeedbackFollowsInitialWeights => Traits.FeedbackFollowsInitialWeights;

    /// <summary>
    /// Whether it puts labels into the inputs: the targets must be classes, two at least, and the inputs as many as the classes at least.
    /// It refuses a network with fewer inputs.
    /// </summary>
    public bool NeedsLabels => Traits.NeedsLabels;

    /// <summary>Whether it needs a network that answers at once, and so refuses a spiking one.</summary>
    public bool NeedsAnswersAtOnce => Traits.NeedsAnswersAtOnce;

    /// <summary>Whether it needs a network of dense layers one after another and refuses any other.</summary>
    public bool NeedsChain => Traits.NeedsChain;

    /// <summary>Whether it refuses a network in which a layer behind the first is a convolution.</summary>
    public bool RefusesConvolution => Traits.RefusesConvolution;

    /// <summary>
    /// Why batches cannot be divided into groups under it (<see cref="LearningRule.SplitObjection"/>); null: they can.
    /// </summary>
    public string? SplitObjection => Traits.SplitObjection;

    /// <summary>What it is; small ones are made when it is asked for the first time.</summary>
    internal RuleTraits Traits => LazyInitializer.EnsureInitialized(ref _traits, () => new RuleTraits(this));

    /// <summary>Makes one, without checks.</summary>
    internal Func<RuleSetup, LearningRule> Make { get; } = make;

    /// <summary>Makes the rule.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, feedback weights, and options of this rule.</param>
    /// <exception cref="ArgumentException">
    /// It has not all the options that are set, or they are out of range, or it cannot teach such a network, or has no such feedback
    /// weights.
    /// </exception>
    /// <exception cref="InvalidOperationException">The rule draws feedback weights and does not show them.</exception>
    public LearningRule Create(RuleSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        foreach (var id in setup.Options.Keys)
        {
            var option = Options.FirstOrDefault(option => option.Id == id)
                ?? throw new ArgumentException($"{Name} has no option \"{id}\"; it has {(Options.Count == 0 ? "none" : string.Join(", ", Options.Select(option => option.Id)))}", nameof(setup));
            _ = setup.Option(option);
        }

        if (FeedbackObjection(setup.Feedback) is { } objection)
        {
            throw new ArgumentException(objection, nameof(setup));
        }

        Traits.RequireShownFeedback();
        return Make(setup.For(this));
    }

    /// <summary>What is wrong with feedback options for this rule, beside what is wrong with them for all; null if nothing is.</summary>
    /// <param name="feedback">The options.</param>
    public string? FeedbackObjection(FeedbackOptions feedback)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        return feedback.Rank is not null && RefusesFeedbackRank
            ? $"the feedback weights of {Name} cannot be given a rank because they are sparse, have the signs of other weights, or learn"
            : feedback.IsSparse && RefusesSparseFeedback
                ? $"the feedback weights of {Name} are a product of two matrices, or made in another way that leaves no connection out"
            : feedback.Regenerate && HasFeedback && !CanRegenerateFeedback ? $"the feedback weights of {Name} must be kept and cannot be regenerated"
            : null;
    }
}
