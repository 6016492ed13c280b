using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// The settings that change nothing for some rules. Only rules of the library are here, for a test changes each of these settings for each
/// of those rules and finds equal weights and metrics; what a rule of one's own does with a setting, nobody knows.
/// </summary>
internal static class SettingsWithoutEffect
{
    /// <summary>Whether <c>feedback.*</c> has no effect: none of the rules has feedback weights.</summary>
    public static bool IsFeedback(IEnumerable<string> rules, Components components) => All(rules, components, rule => !rule.HasFeedback);

    /// <summary>Whether <c>optimizer.feedback.*</c> has no effect: none of the rules learns feedback weights.</summary>
    public static bool IsFeedbackRate(IEnumerable<string> rules, Components components)
        => All(rules, components, rule => !rule.LearnsFeedback);

    private static bool All(IEnumerable<string> rules, Components components, Func<RuleEntry, bool> isSo)
        => rules.All(id => components.Rules.Find(id) is { } rule && IsKnown(rule) && isSo(rule));

    private static bool IsKnown(RuleEntry rule)
        => rule.Parts.Count > 0 ? rule.Parts.All(IsKnown) : ReferenceEquals(RuleCatalog.Standard.Find(rule.Id), rule);
}
