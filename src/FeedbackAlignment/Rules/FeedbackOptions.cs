using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>How feedback weights are drawn, for all rules that have some.</summary>
/// <remarks>
/// Their scale is a learning rate in disguise and belongs to a rule's result: in a network of one hidden layer under plain SGD, c times
/// the feedback weights <em>is</em> c times the learning rate of the hidden layer. With more layers a layer's factor is c to the number
/// of feedback matrices on the way to it: c in direct feedback, more and more towards the input where errors go layer by layer.
/// </remarks>
public sealed record FeedbackOptions
{
    /// <summary>What each weight is drawn from; by default Glorot's uniform, as the forward weights' default.</summary>
    public WeightDistribution Distribution { get; init; } = WeightDistribution.GlorotUniform();

    /// <summary>What sets the weights' size; by default the distribution alone.</summary>
    public FeedbackNormalization Normalization { get; init; } = FeedbackNormalization.None;

    /// <summary>The random numbers they are drawn from; null: the run's.</summary>
    public RandomStreams? Streams { get; init; }

    /// <summary>
    /// The share of feedback connections that are there: each is, with this probability in (0, 1], independently of the forward
    /// connections. The weights of those that are left are the ones they would have if none were missing, unless they are normalized.
    /// Null: the rule's own, which is 1 for all rules but the sparse ones.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1].</exception>
    public double? Share
    {
        get;
        init => field = value is null or (> 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "the share of feedback connections must be in (0, 1]");
    }

    /// <summary>
    /// How many components of the error every hidden unit gets, chosen at random for each unit, ≥ 1: exactly so many, or all where there
    /// are fewer. Not together with <see cref="Share"/>. Null: the rule's own, which is all for all rules but the sparse ones.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? ErrorsPerUnit
    {
        get;
        init => field = AtLeastOne(value, "the errors per unit must be ≥ 1");
    }

    /// <summary>
    /// The rank of every feedback matrix, ≥ 1: B = Q P of random Q, errors × rank, and P, rank × units, whose entries have the variance
    /// they would have anyway; or the highest rank that a matrix can have, where that is less. Not together with missing connections.
    /// Null: the rule's own, which is whatever comes out for all rules but the low-rank ones.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? Rank
    {
        get;
        init => field = AtLeastOne(value, "the rank of feedback weights must be ≥ 1");
    }

    /// <summary>
    /// Whether the weights are not kept but drawn again from their stream wherever an error goes through them: the same weights to the
    /// bit, which take time instead of memory. Not for all rules (<see cref="RuleEntry.CanRegenerateFeedback"/>), and not together with a
    /// rank, missing connections, or a normalization that looks at the whole matrix.
    /// </summary>
    public bool Regenerate { get; init; }

    /// <summary>Where rules with direct feedback bring their errors; by default after each hidden activation.</summary>
    public FeedbackSites Sites { get; init; }

    /// <summary>What is wrong with the combination; null if nothing is.</summary>
    public string? Objection
        => Share is not null && ErrorsPerUnit is not null
            ? "share and errors per unit both set the feedback connections; keep one of the two"
        : Rank is not null && IsSparse ? "feedback weights of a given rank have all connections; leave out the rank, or share and errors per unit"
        : Regenerate && Rank is not null ? "feedback weights of a given rank are thin factors and kept; leave out the rank, or do not regenerate"
        : Regenerate && IsSparse ? "which feedback connections are missing would have to be kept; leave out share and errors per unit, or do not regenerate"
        : Regenerate && Normalization.NeedsNorm ? "normalization by error-norm must see all feedback weights first; choose another, or do not regenerate"
        : null;

    /// <summary>Whether connections are missing.</summary>
    internal bool IsSparse => Share < 1 || ErrorsPerUnit is not null;

    /// <summary>These options, with connections missing where nothing is said of connections.</summary>
    /// <param name="share">The share that is there; null: said by the other.</param>
    /// <param name="errorsPerUnit">The errors that a unit gets; null: said by the other.</param>
    public FeedbackOptions SparseUnlessGiven(double? share = null, int? errorsPerUnit = null)
        => Share is null && ErrorsPerUnit is null ? this with { Share = share, ErrorsPerUnit = errorsPerUnit } : this;

    /// <summary>Adds its settings to the identity of a training. Regenerated weights have the same bits as those that are kept.</summary>
    internal void Identify(Identity identity, RandomStreams runs)
    {
        Distribution.Identify(identity.In("distribution"));
        Normalization.Identify(identity.In("normalization"));
        identity.Add("seed", (Streams ?? runs).Seed);
        identity.Add("share", Share);
        identity.Add("errorsPerUnit", ErrorsPerUnit);
        identity.Add("rank", Rank);
    }

    private static int? AtLeastOne(int? value, string demand)
        => value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, demand);
}
