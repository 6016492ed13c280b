using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// Mistakes in how feedback weights learn: rules that learn none, and rules that break where these go steps of their own.
/// </summary>
internal static class LearnedFeedbackChecks
{
    private const string Shared = "optimizer.feedback", Factor = "learningRateFactor", Decay = "weightDecay";

    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("rules", "ruleSettings", "training.phases", "optimizer") || spec.Optimizer?.Feedback is not { } feedback)
        {
            return;
        }

        var rules = NamedRules.Of(spec).Select(rule => components.Rules.Find(rule.Id)).OfType<RuleEntry>().Distinct().ToList();
        var decay = spec.Optimizer.WeightDecayOrDefault(components);
        CheckShared(Factor, feedback.LearningRateFactor != 1, feedback.LearningRateFactor, "1");
        CheckShared(Decay, feedback.WeightDecay is { } given && given != decay, feedback.WeightDecay ?? decay, Display.Value(decay));
        if (spec.Optimizer is { WeightDecayMode: WeightDecayIds.Coupled, Kind: var kind } && decay > 0
            && components.Optimizers.Get(kind).CoupledDecay(spec.Optimizer.Setup()) == CoupledDecaySupport.Nonlinear
            && rules.Find(rule => rule.TiesFeedback) is { } parted)
        {
            problems.Add("optimizer.weightDecayMode",
                $"must not be {WeightDecayIds.Coupled} with {parted.Id} under {kind}: its feedback weights would no longer follow the "
                + $"forward weights; write {WeightDecayIds.TimesLearningRate}, or take {OptimizerEntry.Sgd.Id}");
        }

        foreach (var rule in rules)
        {
            var path = $"ruleSettings.{SpecProblem.Key(rule.Id)}.{Tunable.FeedbackLearningRateFactor}";
            if (spec.RuleSettings.GetValueOrDefault(rule.Id)?.FeedbackLearningRateFactor is not { } own || !problems.Sound(path))
            {
                continue;
            }

            if (!rule.LearnsFeedback)
            {
                problems.Add(path, "this rule learns no feedback weights; leave it out");
            }
            else if (rule.TiesFeedback && own != 1)
            {
                problems.Add(path, Broken(rule, "1", own));
            }
        }

        void CheckShared(string key, bool isSet, float value, string right)
        {
            var path = $"{Shared}.{key}";
            if (isSet && !rules.Exists(rule => rule.LearnsFeedback))
            {
                problems.Add(path, "none of the rules of the spec learns feedback weights; leave it out");
            }
            else if (isSet && rules.Find(rule => rule.TiesFeedback && !IsOwn(rule, key)) is { } tied)
            {
                problems.Add(path, Broken(tied, right, value));
            }
        }

        bool IsOwn(RuleEntry rule, string key)
            => key == Factor && spec.RuleSettings.GetValueOrDefault(rule.Id)?.FeedbackLearningRateFactor is not null;
    }

    private static string Broken(RuleEntry rule, string right, float value)
        => $"must be {right} with {rule.Id}, was {Display.Value(value)}: its feedback weights follow the forward weights only by the same "
            + "learning rate and decay";
}
