using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Writes down what the catalog knows of rules.</summary>
public static class RuleRecords
{
    /// <summary>All rules of a catalog, in its order.</summary>
    /// <param name="rules">The catalog.</param>
    public static IReadOnlyList<RuleRecord> Of(RuleCatalog rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return [.. rules.Entries.Select(Of)];
    }

    /// <summary>A rule of a catalog, or a mixture of some.</summary>
    /// <param name="rule">The rule.</param>
    public static RuleRecord Of(RuleEntry rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new RuleRecord
        {
            Id = rule.Id,
            Name = rule.Name,
            Summary = rule.Summary,
            Paper = rule.Paper,
            Formula = rule.Notes.Formula,
            Route = Enum.Parse<RuleRoute>(rule.Notes.Route.ToString()),
            SendsTarget = rule.Notes.SendsTarget,
            Carrier = rule.Notes.Carrier,
            Frozen = Enum.Parse<RuleFrozen>(rule.Notes.Frozen.ToString()),
            Operations = rule.Notes.Operations,
            Memory = rule.Notes.Memory,
            Aliases = rule.Aliases,
            Options = [.. rule.Options.Select(option => new RuleOptionRecord(option.Id, option.Default, option.Range, option.Summary))],
            Pitfalls = rule.Notes.Pitfalls,
            Choices = rule.Notes.Choices,
            Unverified = rule.Notes.Unverified,
            TeachesHiddenLayers = rule.TeachesHiddenLayers,
            HasFeedback = rule.HasFeedback,
            HasFixedFeedback = rule is { HasFeedback: true, LearnsFeedback: false, RedrawsFeedback: false },
            OutputGradientIsExact = rule.OutputGradientIsExact,
            GradientIsErrorTimesInput = rule.GradientIsErrorTimesInput,
            CanBePart = RuleMixture.CanBePart(rule),
            Parts = [.. rule.Parts.Select(Of)],
            PartNames = rule.PartNames,
        };
    }

    /// <summary>
    /// The rules that an experiment trains with, and backpropagation, which all are measured against, in the catalog's order; mixtures
    /// come last. A rule that this version does not know is left out.
    /// </summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="rules">The rules there are.</param>
    public static IReadOnlyList<RuleRecord> Of(ExperimentSpec spec, RuleCatalog rules)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(rules);
        string[] trained = [.. spec.Rules, .. (spec.Training.Phases ?? []).Select(phase => phase.Rule).OfType<string>()];
        RuleEntry[] known =
            [.. trained.Select(rules.Find).OfType<RuleEntry>().Prepend(BackpropagationRule.Entry).DistinctBy(rule => rule.Id)];
        var inOrder = rules.Entries.Where(rule => known.Any(other => other.Id == rule.Id));
        return [.. inOrder.Concat(known.Where(rule => rule.Parts.Count > 0)).Select(Of)];
    }
}
