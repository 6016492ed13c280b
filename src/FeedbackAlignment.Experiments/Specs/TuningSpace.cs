using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a tuning searches where a spec leaves it open, and for each rule.</summary>
internal static class TuningSpace
{
    private const double LeastRate = 0.02, MostRate = 20, LeastScale = 0.1, MostScale = 10;

    /// <summary>A tuning with nothing left open.</summary>
    /// <param name="spec">A spec in which the learning rate is filled in.</param>
    /// <param name="rules">The rules there are.</param>
    /// <param name="asIn01">Whether it goes on as version 0.1 began it.</param>
    public static TuningSpec Complete(ExperimentSpec spec, RuleCatalog rules, bool asIn01)
    {
        var tuning = TuningSeeds.Complete(spec.Tuning ?? new TuningSpec(), spec.Seeds, asIn01);
        var space = new Dictionary<string, RangeSpec> { [Tunable.LearningRate] = Around(spec.Optimizer.LearningRate!.Value, LeastRate, MostRate) };
        if (spec.Rules.Any(rule => rules.Get(rule).HasFeedback))
        {
            space[Tunable.FeedbackScale] = Around(spec.Feedback.Scale, LeastScale, MostScale);
        }

        return tuning with { Space = tuning.Space ?? space };
    }

    /// <summary>What is searched for a rule, by setting.</summary>
    /// <param name="tuning">A tuning whose shared space is known.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="rules">The rules there are.</param>
    public static IReadOnlyDictionary<string, RangeSpec> Of(TuningSpec tuning, string rule, RuleCatalog rules)
        => tuning.Rules.TryGetValue(rule, out var own)
        ? own.Space
        : tuning.Space!.Where(range => Tunable.Of(range.Key, rules)!.IsOf(rules.Get(rule))).ToDictionary();

    private static RangeSpec Around(float center, double least, double most)
        => new() { From = Rounding.ToDigits(center * least, 6), To = Rounding.ToDigits(center * most, 6) };
}
