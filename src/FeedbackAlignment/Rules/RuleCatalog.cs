namespace FeedbackAlignment.Rules;

/// <summary>The learning rules there are: the table of contents that command line, specs, reports and contract tests read.</summary>
public static class RuleCatalog
{
    /// <summary>All rules, in the order in which they should be shown.</summary>
    public static IReadOnlyList<RuleEntry> All { get; } =
    [
        BackpropagationRule.Entry,
        FeedbackAlignmentRule.Entry,
        DirectFeedbackAlignmentRule.Entry,
        IndirectFeedbackAlignmentRule.Entry,
        LocalFeedbackAlignmentRule.Entry,
        SharedDirectFeedbackAlignmentRule.Entry,
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
    ];

    /// <summary>
    /// A small one of each rule is asked for its class: rules are also made without their entries. Of several entries with one class the
    /// first is the plain one.
    /// </summary>
    private static readonly Lazy<Dictionary<Type, RuleEntry>> _byClass =
        new(() => All.GroupBy(entry => entry.CreateSmall().GetType()).ToDictionary(same => same.Key, same => same.First()));

    /// <summary>The ids of all rules.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(rule => rule.Id)];

    /// <summary>
    /// The rule with a given id or alias, or the mixture of some, whose ids are joined by <c>+</c>; null if there is none.
    /// </summary>
    /// <param name="id">The id.</param>
    public static RuleEntry? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return All.FirstOrDefault(rule => rule.Id == id) ?? All.FirstOrDefault(rule => rule.Aliases.Contains(id)) ?? RuleMixture.Find(id);
    }

    /// <summary>The entry of a rule, however the rule was made; null if none has its class.</summary>
    internal static RuleEntry? Of(LearningRule rule) => _byClass.Value.GetValueOrDefault(rule.GetType());

    /// <summary>The rule with a given id or alias, or the mixture of some.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public static RuleEntry Get(string id)
        => Find(id) ?? throw new ArgumentException($"no rule is called \"{id}\"; there are {string.Join(", ", Ids)}", nameof(id));
}
