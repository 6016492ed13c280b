using FeedbackAlignment.Rules;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The mistakes that a tuning can have beyond its single values.</summary>
internal static class TuningChecks
{
    /// <summary>The most settings that one rule's search can have: each has a prime number of its own.</summary>
    private const int MostSettings = 8;

    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (spec.Tuning is not { } tuning)
        {
            return;
        }

        CheckHalving(spec, tuning, problems);
        var rules = problems.Sound("rules") ? spec.Rules : null;
        CheckSpace(
            spec,
            tuning.Space,
            [.. (rules ?? components.Rules.Ids).Select(components.Rules.Find).OfType<RuleEntry>()],
            "tuning.space",
            ofOneRule: false,
            components,
            problems);
        foreach (var (id, own) in tuning.Rules ?? new Dictionary<string, RuleTuningSpec>())
        {
            var path = $"tuning.rules.{SpecProblem.Key(id)}";
            if (rules?.Contains(id) == false)
            {
                problems.Add(path, "this rule is not among the rules of the spec; add it there or leave its tuning out");
            }
            else if (components.Rules.Find(id) is { } rule)
            {
                CheckSpace(spec, own?.Space, [rule], $"{path}.space", ofOneRule: true, components, problems);
            }
        }

        if (rules is not null && tuning.Rules is not null)
        {
            CheckSizes(rules, tuning, components, problems);
        }
    }

    private static void CheckHalving(ExperimentSpec spec, TuningSpec tuning, SpecProblems problems)
    {
        if (!problems.Sound("tuning.method", "tuning.trials", "tuning.rungs") || tuning.Method != TuningMethodIds.SuccessiveHalving)
        {
            return;
        }

        if (tuning.Trials < tuning.Rungs)
        {
            problems.Add("tuning.trials",
                $"must be ≥ tuning.rungs ({tuning.Rungs}) with {tuning.Method}, so that every rung gets at least one full training; was "
                + $"{tuning.Trials}");
        }

        if (spec.Training?.Phases is not null)
        {
            problems.Add("tuning.method", $"{tuning.Method} shortens trainings, but training.phases fixes their lengths; write {TuningMethodIds.Random}");
        }
    }

    private static void CheckSpace(
        ExperimentSpec spec, IReadOnlyDictionary<string, RangeSpec>? space, List<RuleEntry> rules, string path, bool ofOneRule,
        Components components, SpecProblems problems)
    {
        foreach (var (name, range) in space ?? new Dictionary<string, RangeSpec>())
        {
            var at = $"{path}.{SpecProblem.Key(name)}";
            if (problems.TooMany || !problems.Sound(at) || range is null)
            {
                continue;
            }

            if (Tunable.Of(name, components.Rules) is not { } setting)
            {
                var hint = DidYouMean.Hint(name, Tunable.NamesFor(components.Rules.Entries));
                problems.Add(at, $"there is no setting {ForeignText.Quoted(name)} to search{(hint.Length > 0 ? hint : $"; here there are {string.Join(", ", Tunable.NamesFor(rules))}")}");
            }
            else if (!rules.Any(setting.IsOf))
            {
                problems.Add(at, $"{(ofOneRule ? "this rule does not have" : "none of the rules of the spec has")} this setting; leave it out");
            }
            else
            {
                CheckRange(spec, range, setting, name, rules.First(setting.IsOf), at, components, problems);
            }
        }

        CheckFeedbackDecay(spec, space, path, components, problems);
    }

    /// <summary>The highest learning rate of learned feedback weights is the product of the ends of two ranges.</summary>
    private static void CheckFeedbackDecay(
        ExperimentSpec spec, IReadOnlyDictionary<string, RangeSpec>? space, string path, Components components, SpecProblems problems)
    {
        var searched = (string[])[Tunable.FeedbackLearningRateFactor, Tunable.LearningRate];
        if (Array.Find(searched, name => space?.GetValueOrDefault(name) is not null) is not { } name
            || !problems.Sound(path, "optimizer") || !spec.Optimizer.DecaysTimesTheRate)
        {
            return;
        }

        var rate = space!.GetValueOrDefault(Tunable.LearningRate)?.To
            ?? spec.Optimizer.LearningRate ?? spec.Optimizer.LearningRateOrDefault(components, classification: false);
        var factor = space!.GetValueOrDefault(Tunable.FeedbackLearningRateFactor)?.To ?? spec.Optimizer.Feedback.LearningRateFactor;
        if (rate * factor * spec.Optimizer.FeedbackWeightDecay(components) is >= 1 and var share)
        {
            problems.Add($"{path}.{name}.to",
                "times the highest learning rate, or the factor on it, and optimizer.feedback.weightDecay must be < 1, or one step removes "
                + $"all feedback weights; was {Display.Value((float)share)}");
        }
    }

    private static void CheckRange(
        ExperimentSpec spec, RangeSpec range, Tunable setting, string name, RuleEntry rule, string path, Components components,
        SpecProblems problems)
    {
        foreach (var (end, value) in ((string, double)[])[("from", range.From), ("to", range.To)])
        {
            if (setting.Mistake(rule, value) is { } mistake)
            {
                problems.Add($"{path}.{end}", mistake);
            }
        }

        if (!problems.Sound(path))
        {
            return;
        }

        if (range.From >= range.To)
        {
            problems.Add($"{path}.to", $"must be > from ({Display.Value(range.From)}), was {Display.Value(range.To)}");
        }
        else if (range.Scale == RangeScaleIds.Log && range.From <= 0)
        {
            problems.Add($"{path}.from", $"must be > 0 on the scale {RangeScaleIds.Log}, was {Display.Value(range.From)}; write {RangeScaleIds.Linear} to search from there");
        }
        else if (name == Tunable.LearningRate && problems.Sound("optimizer.weightDecay", "optimizer.weightDecayMode")
            && spec.Optimizer.DecaysTimesTheRate
            && spec.Optimizer.WeightDecayOrDefault(components) * range.To >= 1)
        {
            problems.Add($"{path}.to",
                "times optimizer.weightDecay must be < 1, or one step removes all weights; was "
                + $"{Display.Value(spec.Optimizer.WeightDecayOrDefault(components) * range.To)}");
        }
    }

    /// <summary>Rules that search nothing have no equal budget to spend.</summary>
    private static void CheckSizes(IReadOnlyList<string> rules, TuningSpec tuning, Components components, SpecProblems problems)
    {
        foreach (var rule in rules.Where(rule => components.Rules.Find(rule) is not null))
        {
            var own = tuning.Rules.ContainsKey(rule);
            var path = own ? $"tuning.rules.{SpecProblem.Key(rule)}.space" : "tuning.space";
            if ((!own && tuning.Space is null) || !problems.Sound(path))
            {
                continue;
            }

            var settings = TuningSpace.Of(tuning, rule, components.Rules).Count;
            if (settings == 0)
            {
                problems.Add(path, own ? "is empty; add a setting to search, e.g. learningRate" : $"has nothing to search for {rule}; add a setting that it has, e.g. learningRate");
            }
            else if (settings > MostSettings)
            {
                problems.Add(path, $"must have at most {MostSettings} settings for a rule, has {settings} for {rule}");
            }
        }
    }
}
