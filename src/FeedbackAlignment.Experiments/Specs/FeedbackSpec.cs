using FeedbackAlignment.Experiments.Specs.Fields;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// How random feedback weights are drawn, for all rules that have some. Their scale acts as a learning rate of the hidden layers.
/// </summary>
public sealed record FeedbackSpec
{
    /// <summary>The distribution: the same as for initial weights, without <c>zero</c>.</summary>
    [InCatalog(nameof(Components.FeedbackInitializations))]
    public string Scheme { get; init; } = Initialization.Default;

    /// <summary>
    /// Half-width β of <c>uniform</c>, standard deviation of <c>normal</c>, factor on the others and on every
    /// <see cref="Normalization"/>.
    /// </summary>
    [Bounds(Above = 0)]
    public float Scale { get; init; } = 1;

    /// <summary>
    /// What sets the size of the weights. With a value other than <c>none</c>, only the shape of <see cref="Scheme"/> counts:
    /// <c>uniform</c> (the default then) or <c>normal</c>.
    /// </summary>
    [OneOf(typeof(FeedbackNormalizationIds))]
    public string Normalization { get; init; } = FeedbackNormalizationIds.None;

    /// <summary>
    /// Probability that a feedback connection exists, independently of the others. The rest stay missing. Cannot be combined with
    /// <see cref="ErrorsPerUnit"/>. Null: the rule's own value, which is 1 for all but the sparse rules.
    /// </summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double? Share { get; init; }

    /// <summary>
    /// Number of components of the error that each hidden unit gets, chosen at random. If there are fewer, it gets all. Cannot be
    /// combined with <see cref="Share"/>. Null: the rule's own value, which is all components for all but the sparse rules.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? ErrorsPerUnit { get; init; }

    /// <summary>
    /// Rank of every feedback matrix. If the highest possible rank is lower, that one is used. The variance of the entries does not
    /// change. Cannot be combined with missing connections. Null: the rule's own rank; all but the low-rank rules leave the rank of the
    /// drawn matrix as it is.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? Rank { get; init; }

    /// <summary>
    /// Whether feedback weights are redrawn from their seed at every step instead of being stored. Results are the same to the bit; it
    /// saves memory and costs time. Only for rules that just multiply with fixed feedback matrices. Cannot be combined with
    /// <see cref="Share"/> below 1, <see cref="ErrorsPerUnit"/>, <see cref="Rank"/> or the normalization <c>error-norm</c>.
    /// </summary>
    public bool Regenerate { get; init; }

    /// <summary>
    /// Where rules with direct feedback bring their errors. Below such a site nothing flows on from above, through shortcuts neither.
    /// Without residual blocks <c>block</c> is the same as <c>module</c>, and without pooling <c>pooled</c> is.
    /// </summary>
    [OneOf(typeof(FeedbackSiteIds))]
    public string Sites { get; init; } = FeedbackSiteIds.Module;

    /// <summary>
    /// A safetensors file with the feedback weights of every run, such as `fa export` writes. Those that the rule would draw are replaced;
    /// scheme, scale, normalization, rank, missing connections and seed then have no effect. Rules that form their feedback weights
    /// themselves are refused. A relative path counts from the folder of the spec file. Null: the weights are drawn at random.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// SHA-256 of that file, in lower-case hexadecimal. Any other file is refused. Null: any file is accepted, and the recorded spec has
    /// the value filled in.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>A seed for the feedback weights alone. Null: each run draws them from its root seed.</summary>
    [Bounds(AtLeast = 0)]
    public ulong? Seed { get; init; }
}
