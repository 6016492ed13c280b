using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A table of learning rules, which whoever names rules is handed: specs, command line, reports and contract tests. It never changes;
/// <see cref="With"/> gives another one with more rules.
/// </summary>
public sealed class RuleCatalog
{
    /// <summary>What stands for all rules where some are named, so that no rule is called so.</summary>
    internal const string NameOfAll = "all";

    private readonly CatalogNames<RuleEntry> _names;
    private readonly Lazy<Dictionary<Type, RuleEntry>> _byClass;
    private readonly Lazy<IReadOnlyList<RuleEntry>> _possibleParts;

    /// <summary>Makes a catalog of some rules.</summary>
    /// <param name="entries">The rules, in the order in which they should be shown.</param>
    /// <exception cref="ArgumentException">An id or alias cannot be one, or two rules have the same.</exception>
    public RuleCatalog(params IEnumerable<RuleEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = [.. entries];
        Ids = [.. Entries.Select(rule => rule.Id)];
        _names = new("rule", Entries, entry => entry.Aliases.Prepend(entry.Id), entry => entry.Name, NameOfAll);
        _byClass = new(() => Entries.GroupBy(entry => entry.Traits.Class).ToDictionary(same => same.Key, same => same.First()));
        _possibleParts = new(() => [.. Entries.Where(RuleMixture.CanBePart)]);
    }

    /// <summary>The rules of this library.</summary>
    public static RuleCatalog Standard { get; } = new(
        BackpropagationRule.Entry,
        FeedbackAlignmentRule.Entry,
        DirectFeedbackAlignmentRule.Entry,
        IndirectFeedbackAlignmentRule.Entry,
        LocalFeedbackAlignmentRule.Entry,
        SharedDirectFeedbackAlignmentRule.Entry,
        RepeatedDirectFeedbackAlignmentRule.Entry,
        SparseFeedbackAlignment.Entry,
        SparseDirectFeedbackAlignment.Entry,
        LowRankFeedbackAlignment.Entry,
        LowRankDirectFeedbackAlignment.Entry,
        ErrorSignDirectFeedbackAlignment.Entry,
        DirectRandomTargetProjection.Entry,
        UniformSignSymmetry.Entry,
        BatchRandomSignSymmetry.Entry,
        FixedRandomSignSymmetry.Entry,
        ConcordantFeedbackAlignment.Entry,
        KolenPollackRule.Entry,
        DirectKolenPollackRule.Entry,
        ProductFeedbackAlignmentRule.Entry,
        WeightMirrorRule.Entry,
        PseudobackpropRule.Entry,
        DifferenceTargetPropagationRule.Entry,
        NodePerturbationRule.Entry,
        WeightPerturbationRule.Entry,
        ForwardForwardRule.Entry,
        PepitaRule.Entry,
        ShallowRule.Entry,
        FrozenConvolutionsRule.Entry,
        FrozenFeatures.Entry);

    /// <summary>All rules, in the order in which they should be shown.</summary>
    public IReadOnlyList<RuleEntry> Entries { get; }

    /// <summary>The ids of all rules, in the same order.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>
    /// The rules that can serve a single hidden layer: those that send an error back layer by layer, or to each layer.
    /// </summary>
    internal IReadOnlyList<RuleEntry> PossibleParts => _possibleParts.Value;

    /// <summary>A catalog of these rules and some more, which come last.</summary>
    /// <param name="entries">The rules to add.</param>
    /// <exception cref="ArgumentException">An id or alias cannot be one, or is there already.</exception>
    public RuleCatalog With(params IEnumerable<RuleEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new([.. Entries, .. entries]);
    }

    /// <summary>
    /// The rule with a given id or alias, or the mixture of some; null if there is none. The ids of a mixture are joined by <c>+</c>, from
    /// the lowest hidden layer up, or each stands behind the name that it serves: <c>hidden1=backpropagation+*=feedback-alignment</c>.
    /// </summary>
    /// <param name="id">The id.</param>
    public RuleEntry? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _names.Find(id) ?? RuleMixture.Find(id, this);
    }

    /// <summary>The rule with a given id or alias, or the mixture of some.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public RuleEntry Get(string id)
        => Find(id) ?? throw new ArgumentException($"no rule is called \"{id}\"; there are {string.Join(", ", Ids)}", nameof(id));

    /// <summary>The rule with a given id or alias, which is no mixture; null if there is none.</summary>
    internal RuleEntry? FindSingle(string id) => _names.Find(id);

    /// <summary>
    /// The entry of a rule that was made without one; null if none has its class. A small one of each entry is asked for its class. Of
    /// several entries with one class the first is the plain one.
    /// </summary>
    internal RuleEntry? Of(LearningRule rule) => _byClass.Value.GetValueOrDefault(rule.GetType());
}
