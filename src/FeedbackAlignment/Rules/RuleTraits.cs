using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What a rule is, as against what its entry promises. Nobody says it: small ones of the rule are made and looked at, each when it is
/// first asked for. What a mixture is follows from its parts.
/// </summary>
/// <param name="entry">The rule.</param>
internal sealed class RuleTraits(RuleEntry entry)
{
    /// <summary>Two hidden layers: some rules need one above another to have feedback weights at all.</summary>
    private const string Small = "4-4-4-4";

    /// <summary>
    /// Of the trial of a rank: wide enough that what is made of weights of that rank, as their signs, does not have it by chance.
    /// </summary>
    private const string Wide = "16-16-16-16";

    /// <summary>Of the same trial: signs of a matrix of rank 1 have rank 1 too.</summary>
    private const int Rank = 2;

    private readonly Lazy<Look> _look = new(() => Smallest(entry));
    private readonly Lazy<bool> _keepsRank = new(() => Makes(entry, new() { Rank = Rank }, HasRank, Wide));
    private readonly Lazy<bool> _keepsSparse = new(() => Makes(entry, new() { Share = 0.5 }, HasZero));
    private readonly Lazy<bool> _regenerates = new(() => Makes(entry, new() { Regenerate = true }, path => path.IsRegenerated));
    private readonly Lazy<bool> _followsWeights = new(() => FollowsWeights(entry));
    private readonly Lazy<bool> _needsAnswersAtOnce = new(() => Refuses(() => Make(
        entry,
        Network.Mlp(Small, seed: 0, new() { Hidden = Activation.Logistic, Dynamics = new SpikingDynamics() }),
        Loss.LogisticCrossEntropy)));
    private readonly Lazy<bool> _needsLabels = new(() => Refuses(() => Make(entry, Network.Mlp("1-4-4", seed: 0))));
    private readonly Lazy<bool> _needsChain = new(() => Refuses(() => Make(
        entry, NetworkPlan.Parse("4, dense 4, layer-norm, tanh, residual(dense 4), dense 4").Build(seed: 0))));
    private readonly Lazy<bool> _refusesConvolution = new(() => Refuses(() => Make(entry, Convolutions())));

    /// <summary>Its class.</summary>
    public Type Class => _look.Value.Class;

    /// <summary>Whether it is a rule that can serve a single hidden layer.</summary>
    public bool SendsErrorBack => _look.Value.SendsErrorBack;

    /// <inheritdoc cref="RuleEntry.HasFeedback"/>
    public bool HasFeedback => Any(part => part.HasFeedback) ?? _look.Value.HasFeedback;

    /// <inheritdoc cref="RuleEntry.LearnsFeedback"/>
    public bool LearnsFeedback => Any(part => part.LearnsFeedback) ?? _look.Value.LearnsFeedback;

    /// <inheritdoc cref="RuleEntry.TiesFeedback"/>
    public bool TiesFeedback => Any(part => part.TiesFeedback) ?? _look.Value.TiesFeedback;

    /// <inheritdoc cref="RuleEntry.RedrawsFeedback"/>
    public bool RedrawsFeedback => Any(part => part.RedrawsFeedback) ?? _look.Value.RedrawsFeedback;

    /// <inheritdoc cref="RuleEntry.DrawsNoise"/>
    public bool DrawsNoise => Any(part => part.DrawsNoise) ?? _look.Value.DrawsNoise;

    /// <inheritdoc cref="RuleEntry.RefusesFeedbackRank"/>
    public bool RefusesFeedbackRank => Any(part => part.RefusesFeedbackRank) ?? (HasFeedback && (LearnsFeedback || !_keepsRank.Value));

    /// <inheritdoc cref="RuleEntry.RefusesSparseFeedback"/>
    public bool RefusesSparseFeedback => Any(part => part.RefusesSparseFeedback) ?? (HasFeedback && !_keepsSparse.Value);

    /// <inheritdoc cref="RuleEntry.CanRegenerateFeedback"/>
    public bool CanRegenerateFeedback
        => HasFeedback && (Any(part => part.HasFeedback && !part.CanRegenerateFeedback) is { } keeps ? !keeps : _regenerates.Value);

    /// <inheritdoc cref="RuleEntry.FeedbackFollowsInitialWeights"/>
    public bool FeedbackFollowsInitialWeights => Any(part => part.FeedbackFollowsInitialWeights) ?? (HasFeedback && _followsWeights.Value);

    /// <inheritdoc cref="RuleEntry.NeedsLabels"/>
    public bool NeedsLabels => Any(part => part.NeedsLabels) ?? _needsLabels.Value;

    /// <inheritdoc cref="RuleEntry.NeedsAnswersAtOnce"/>
    public bool NeedsAnswersAtOnce => Any(part => part.NeedsAnswersAtOnce) ?? _needsAnswersAtOnce.Value;

    /// <inheritdoc cref="RuleEntry.NeedsChain"/>
    public bool NeedsChain
        => (entry.Parts.Count > 0 && entry.PartNames.Count == 0) || (Any(part => part.NeedsChain) ?? _needsChain.Value);

    /// <inheritdoc cref="RuleEntry.RefusesConvolution"/>
    public bool RefusesConvolution => NeedsChain || (Any(part => part.RefusesConvolution) ?? _refusesConvolution.Value);

    /// <inheritdoc cref="RuleEntry.SplitObjection"/>
    public string? SplitObjection => entry.Parts.Count > 0
        ? entry.Parts.Select(part => part.SplitObjection).FirstOrDefault(reason => reason is not null) : _look.Value.SplitObjection;

    /// <exception cref="InvalidOperationException">The rule draws feedback weights and does not show them.</exception>
    public void RequireShownFeedback()
    {
        if (entry.Parts.Count == 0 && _look.Value.HidesFeedback)
        {
            throw new InvalidOperationException(
                $"{entry.Id} draws feedback weights, but {Class.Name}.Feedback is empty; return them from it, or instruments, records and "
                    + "settings of feedback pass them by");
        }
    }

    /// <summary>Whether some part of a mixture is so; null: it is none.</summary>
    private bool? Any(Func<RuleEntry, bool> isSo) => entry.Parts.Count > 0 ? entry.Parts.Any(isSo) : null;

    /// <summary>Without the checks of <see cref="RuleEntry.Create"/>, which ask for traits themselves.</summary>
    private static LearningRule Make(RuleEntry entry, Network? network = null, Loss? loss = null, FeedbackOptions? feedback = null)
        => entry.Make(Setup(entry, network, loss, feedback));

    private static RuleSetup Setup(RuleEntry entry, Network? network = null, Loss? loss = null, FeedbackOptions? feedback = null)
        => new RuleSetup(network ?? Network.Mlp(Small, seed: 0), loss ?? Loss.SquaredError, 1, new RandomStreams(0), feedback).For(entry);

    /// <summary>Two convolutions and an output layer.</summary>
    private static Network Convolutions()
    {
        var (compute, options) = (new Compute(), new ConvolutionOptions { Kernel = Extent.Square(1) });
        return new(
            [Layer("hidden1"), Layer("hidden2"), WeightedLayer.Dense("output", 4, 4, Activation.Linear, bias: true, compute)], compute);

        WeightedLayer Layer(string name)
            => new(name, new ConvolutionMap(new(1, 2, 2), 2, options, compute), Activation.Tanh, bias: true);
    }

    /// <exception cref="InvalidOperationException">It refuses the network that every rule must be able to teach.</exception>
    private static Look Smallest(RuleEntry entry)
    {
        try
        {
            var setup = Setup(entry);
            return Look.At(entry.Make(setup), setup);
        }
        catch (ArgumentException refused)
        {
            throw new InvalidOperationException(
                $"{entry.Id} cannot be made for a small network ({Small}), by which the catalog sees what it is: {refused.Message}",
                refused);
        }
    }

    /// <summary>Whether a rule refuses what it is made from.</summary>
    private static bool Refuses(Action make)
    {
        try
        {
            make();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>Whether a rule can be made with feedback options, and all its feedback weights are then as they say.</summary>
    private static bool Makes(RuleEntry entry, FeedbackOptions feedback, Func<FeedbackPath, bool> isSo, string sizes = Small)
    {
        try
        {
            return Make(entry, Network.Mlp(sizes, seed: 0), feedback: feedback).Feedback.All(isSo);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether Gaussian elimination with full pivots comes to an end after <see cref="Rank"/> steps, but for rounding.</summary>
    private static bool HasRank(FeedbackPath path)
    {
        var (size, rest) = (path.Weights.Rows, Numbers(path.Weights).Select(number => (double)number).Chunk(path.Weights.Columns).ToList());
        var greatest = rest.Max(row => row.Max(Math.Abs));
        for (var step = 0; step < Math.Min(Rank, size); step++)
        {
            var pivot = rest.MaxBy(row => row.Max(Math.Abs))!;
            var column = Array.FindIndex(pivot, number => Math.Abs(number) == pivot.Max(Math.Abs));
            rest.Remove(pivot);
            if (pivot[column] != 0)
            {
                rest = [.. rest.Select(row => row.Select((number, i) => number - (row[column] / pivot[column] * pivot[i])).ToArray())];
            }
        }

        return rest.TrueForAll(row => row.Max(Math.Abs) <= 1e-4 * greatest);
    }

    private static bool HasZero(FeedbackPath path) => Numbers(path.Weights).Contains(0);

    /// <summary>Whether weights that are fixed are others where the network begins with others.</summary>
    private static bool FollowsWeights(RuleEntry entry)
    {
        var (first, second) = (Fixed(0), Fixed(1));
        return !first.SequenceEqual(second);

        float[] Fixed(ulong seed) => [.. Make(entry, Network.Mlp(Small, seed)).Feedback.Where(path => path.Source is FixedWeights)
            .SelectMany(path => Numbers(path.Weights))];
    }

    private static IEnumerable<float> Numbers(Matrix weights) => Enumerable.Range(0, weights.Rows)
        .SelectMany(row => Enumerable.Range(0, weights.Columns).Select(column => weights[row, column]));

    /// <summary>What can be seen of a rule without another trial.</summary>
    private sealed record Look(
        Type Class, bool SendsErrorBack, bool HasFeedback, bool LearnsFeedback, bool TiesFeedback, bool RedrawsFeedback, bool DrawsNoise,
        bool HidesFeedback, string? SplitObjection)
    {
        public static Look At(LearningRule rule, RuleSetup setup) => new(
            rule.GetType(),
            rule is ErrorRule,
            rule.Feedback.Count > 0,
            rule.Feedback.Any(path => path.Parameters.Count > 0),
            rule.Ties.Count > 0,
            rule.Feedback.Any(path => path.Source.IsRedrawn),
            rule.Noise.Count > 0,
            setup.HasDrawnFeedback && rule.Feedback.Count == 0,
            rule.SplitObjection);
    }
}
