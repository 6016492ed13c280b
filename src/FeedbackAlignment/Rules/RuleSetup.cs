using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>What a learning rule is made from.</summary>
public sealed class RuleSetup
{
    /// <summary>Collects it.</summary>
    /// <param name="network">The network whose gradients are wanted.</param>
    /// <param name="loss">How wrong an answer is.</param>
    /// <param name="maxBatch">
    /// The most examples in a batch, ≥ 1. Trainings need their batch size; a probe needs as many as it looks at.
    /// </param>
    /// <param name="streams">The run's random numbers; feedback weights and noise have streams of their own.</param>
    /// <param name="feedback">How feedback weights are drawn; null: as <see cref="FeedbackOptions"/> has it by default.</param>
    /// <param name="options">
    /// Options of the rule to make, by their ids; null or left out: their defaults. <see cref="RuleEntry.Create"/> and the trainer refuse
    /// unknown ones.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The loss does not suit the network's output layer, or the feedback options do not go together.
    /// </exception>
    public RuleSetup(
        Network network,
        Loss loss,
        int maxBatch,
        RandomStreams streams,
        FeedbackOptions? feedback = null,
        IReadOnlyDictionary<string, double>? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        if (loss.Objection(network.Layers[^1].Activation) is { } objection)
        {
            throw new ArgumentException($"{loss}: {objection}", nameof(loss));
        }

        (Network, Loss, MaxBatch, Streams) = (network, loss, maxBatch, streams);
        (Feedback, Options) = (feedback ?? new FeedbackOptions(), options ?? new Dictionary<string, double>());
        Sites = SitesAt(Feedback.Sites);
        if (Feedback.Objection is { } conflict)
        {
            throw new ArgumentException(conflict, nameof(feedback));
        }
    }

    /// <summary>The network whose gradients are wanted.</summary>
    public Network Network { get; }

    /// <summary>How wrong an answer is.</summary>
    public Loss Loss { get; }

    /// <summary>The most examples in a batch.</summary>
    public int MaxBatch { get; }

    /// <summary>The run's random numbers.</summary>
    public RandomStreams Streams { get; }

    /// <summary>How feedback weights are drawn.</summary>
    public FeedbackOptions Feedback { get; }

    /// <summary>The options that are set, by their ids.</summary>
    public IReadOnlyDictionary<string, double> Options { get; private set; }

    /// <summary>Options that a rule has asked for, with their values. Setups made from this one share it.</summary>
    private readonly SortedDictionary<string, double> _asked = new(StringComparer.Ordinal);

    /// <summary>
    /// What is wrong with the options, now that the rules are made; null if nothing is: each one that is set was asked for by some rule.
    /// </summary>
    internal string? UnknownOption => Options.Keys.FirstOrDefault(id => !_asked.ContainsKey(id)) is not { } unknown ? null
        : $"no rule that was made from the setup has an option \"{unknown}\"; "
            + $"{(_asked.Count == 0 ? "they have none" : $"there {(_asked.Count == 1 ? "is" : "are")} {string.Join(", ", _asked.Keys)}")}";

    /// <summary>Where direct feedback brings its errors, from the input up.</summary>
    internal IReadOnlyList<NetworkSite> Sites { get; }

    /// <summary>The forward pass that the rule reads; null: one of its own.</summary>
    internal ForwardPass? Pass { get; private set; }

    /// <summary>The entry whose rule is made; null: none makes it.</summary>
    internal RuleEntry? Entry { get; private set; }

    /// <summary>Whether the rule has drawn feedback weights.</summary>
    internal bool HasDrawnFeedback { get; private set; }

    /// <summary>The same for a part of a mixture, which reads the mixture's forward pass.</summary>
    internal RuleSetup ReadingFrom(ForwardPass pass)
    {
        var part = (RuleSetup)MemberwiseClone();
        (part.Pass, part.Entry) = (pass, null);
        return part;
    }

    /// <summary>The same for the rule of an entry.</summary>
    internal RuleSetup For(RuleEntry entry)
    {
        var own = (RuleSetup)MemberwiseClone();
        (own.Entry, own.HasDrawnFeedback) = (entry, false);
        return own;
    }

    /// <summary>The same with no other options set than these.</summary>
    internal RuleSetup WithOnly(IReadOnlyList<RuleOption> options)
    {
        var part = (RuleSetup)MemberwiseClone();
        part.Options = Options.Where(set => options.Any(option => option.Id == set.Key)).ToDictionary();
        return part;
    }

    /// <summary>The value of an option of the rule: what is set, or its default.</summary>
    /// <param name="option">The option.</param>
    /// <exception cref="ArgumentOutOfRangeException">What is set is out of its range.</exception>
    public double Option(RuleOption option)
    {
        ArgumentNullException.ThrowIfNull(option);
        var value = Options.GetValueOrDefault(option.Id, option.Default);
        _asked[option.Id] = value;
        return option.Objection(value) is { } objection
            ? throw new ArgumentOutOfRangeException(nameof(option), value, $"{option.Id} {objection}")
            : value;
    }

    /// <summary>
    /// Random weights for every layer but the first, of the shape of those they replace (outputs × inputs; of a convolution filters ×
    /// weights of a filter): kept, or drawn again at every step where the options say so. Entry i carries the error from layer i to layer i − 1; entry 0 is empty, for nothing lies below the
    /// first layer.
    /// </summary>
    /// <param name="options">How they are drawn; null: as the setup says.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public WeightSource[] DrawFeedback(FeedbackOptions? options = null)
        => [FixedWeights.None, .. Network.Layers.Skip(1).Select(layer => Draw(FeedbackShape.Of(layer.Map), layer.Name, options))];

    /// <summary>
    /// Random weights for every site (<see cref="FeedbackOptions.Sites"/>; in a chain every hidden layer), from the network's outputs
    /// straight to it (outputs × units there): kept, or drawn again at every step where the options say so. For the last hidden layer they
    /// are those that <see cref="DrawFeedback"/> gives.
    /// </summary>
    /// <param name="options">How they are drawn; null: as the setup says.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public WeightSource[] DrawDirectFeedback(FeedbackOptions? options = null)
        => [.. Sites.Select(site => Draw(ToSite(site), site.FeedbackName, options))];

    /// <summary>Random weights for every site, of the shape of maps.</summary>
    /// <param name="maps">One for each site.</param>
    internal WeightSource[] DrawFeedbackThrough(IReadOnlyList<LinearMap> maps)
        => [.. Sites.Zip(maps, (site, map) => Draw(FeedbackShape.Of(map), site.FeedbackName, options: null))];

    /// <summary>
    /// One random matrix for all hidden layers (network's outputs × units of the widest): that of direct feedback to the last hidden
    /// layer, and more columns of the kind where another is wider. Empty where there is no hidden layer.
    /// </summary>
    public Matrix DrawSharedFeedback() => Sites.Count == 0
        ? default
        : Keep(FeedbackShape.Dense(Network.Outputs, Sites.Max(site => site.Module.To.Size)), Sites[^1].FeedbackName, Feedback);

    /// <summary>The weights of <see cref="DrawFeedback"/> as the product of two thin matrices, which is never formed.</summary>
    /// <param name="rank">Their rank where <see cref="FeedbackOptions.Rank"/> says nothing, ≥ 1.</param>
    /// <exception cref="ArgumentException">The setup has missing feedback connections.</exception>
    public WeightSource[] DrawLowRankFeedback(int rank)
        => [FixedWeights.None, .. Network.Layers.Skip(1).Select(layer => DrawLowRank(FeedbackShape.Of(layer.Map), layer.Name, rank))];

    /// <summary>The weights of <see cref="DrawDirectFeedback"/> as the product of two thin matrices, which is never formed.</summary>
    /// <param name="rank">Their rank where <see cref="FeedbackOptions.Rank"/> says nothing, ≥ 1.</param>
    /// <exception cref="ArgumentException">The setup has missing feedback connections.</exception>
    public WeightSource[] DrawLowRankDirectFeedback(int rank)
        => [.. Sites.Select(site => DrawLowRank(ToSite(site), site.FeedbackName, rank))];

    /// <summary>One random matrix from the network's outputs to its inputs, outputs × inputs.</summary>
    public Matrix DrawInputFeedback() => Keep(FeedbackShape.Dense(Network.Outputs, Network.Inputs), "input", Feedback);

    /// <summary>Adds to the identity of a training what a rule was made from.</summary>
    /// <param name="identity">Receives it.</param>
    /// <param name="entry">The rule's entry, which knows its options; null: all options count that were asked for.</param>
    internal void Identify(Identity identity, RuleEntry? entry)
    {
        identity.Add("seed", Streams.Seed);
        Feedback.Identify(identity.In("feedback"), Streams);

        // Where there is no block, or no pooling, kinds of sites are the same.
        identity.In("feedback").Add("sites", Sites.SequenceEqual(SitesAt(FeedbackSites.Module)) ? "module"
            : Feedback.Sites == FeedbackSites.Block ? "block" : "pooled");
        var options = entry?.Options.Select(
            option => KeyValuePair.Create(option.Id, Options.GetValueOrDefault(option.Id, option.Default))) ?? _asked;
        foreach (var (id, value) in options)
        {
            identity.In("options").Add(id, value);
        }
    }

    private IReadOnlyList<NetworkSite> SitesAt(FeedbackSites kind) =>
    [
        .. Network.Index.Sites.Where(site => kind switch
        {
            FeedbackSites.Block => !site.IsInBlock && site.Pooling != SitePooling.After,
            FeedbackSites.Pooled => site.Pooling != SitePooling.Before,
            _ => site.Pooling != SitePooling.After,
        }),
    ];

    private FeedbackShape ToSite(NetworkSite site) => FeedbackShape.Dense(Network.Outputs, site.Module.To.Size);

    private WeightSource Draw(in FeedbackShape shape, string layer, FeedbackOptions? options)
    {
        var how = options ?? Feedback;
        return how.Regenerate
            ? new DrawnWeights(Drawing(how).Regenerate(shape, layer))
            : new FixedWeights(Keep(shape, layer, how));
    }

    private Matrix Keep(in FeedbackShape shape, string layer, FeedbackOptions options)
        => Drawing(options).Draw(shape, layer, Network.Compute);

    private ProductWeights DrawLowRank(in FeedbackShape shape, string layer, int rank)
    {
        var options = Feedback with { Rank = Feedback.Rank ?? rank };
        var (left, right) = Drawing(options).DrawLowRank(shape, layer, options.Rank.Value);
        return new ProductWeights(new FixedWeights(left), right, MaxBatch, Network.Compute);
    }

    /// <summary>What draws feedback weights; that the rule has some is noted here alone.</summary>
    private FeedbackDraw Drawing(FeedbackOptions options)
    {
        HasDrawnFeedback = true;
        return new FeedbackDraw(options, Streams);
    }
}
