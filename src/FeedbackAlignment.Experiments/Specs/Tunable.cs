using FeedbackAlignment.Experiments.Specs.Fields;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>A setting of rules that can be searched.</summary>
internal sealed class Tunable
{
    public const string LearningRate = "learningRate", FeedbackScale = "feedbackScale",
        FeedbackLearningRateFactor = "feedbackLearningRateFactor";

    private const string OptionPrefix = "options.";

    private static readonly Bounds _positive = new() { Above = 0 };

    private readonly string _name;

    private Tunable(string name) => _name = name;

    /// <summary>The settings that some rules have.</summary>
    public static IEnumerable<string> NamesFor(IEnumerable<RuleEntry> rules)
        => rules.SelectMany(rule => rule.Options).Select(option => OptionPrefix + option.Id)
            .Prepend(FeedbackLearningRateFactor).Prepend(FeedbackScale).Prepend(LearningRate).Distinct();

    /// <summary>The setting of a name; null if no rule of a catalog has it.</summary>
    public static Tunable? Of(string name, RuleCatalog rules) => NamesFor(rules.Entries).Contains(name) ? new Tunable(name) : null;

    /// <summary>Whether a rule has it.</summary>
    public bool IsOf(RuleEntry rule) => _name switch
    {
        LearningRate => true,
        FeedbackScale => rule.HasFeedback,
        FeedbackLearningRateFactor => rule is { LearnsFeedback: true, TiesFeedback: false },
        _ => Option(rule) is not null,
    };

    /// <summary>Whether its values are whole numbers under a rule that has it.</summary>
    public bool IsWhole(RuleEntry rule) => Option(rule) is { IsWhole: true };

    /// <summary>What is wrong with a value under a rule that has it; null if nothing is.</summary>
    public string? Mistake(RuleEntry rule, double value)
        => Option(rule) is { } option ? option.Objection(value) : _positive.Mistake((float)value, Components.Standard);

    /// <summary>What a rule that has it trains with where nothing is tuned, in as few digits as a <c>float</c> has.</summary>
    /// <param name="spec">A complete spec.</param>
    /// <param name="rule">The rule.</param>
    public double Own(ExperimentSpec spec, RuleEntry rule)
    {
        var own = spec.RuleSettings.GetValueOrDefault(rule.Id);
        return _name switch
        {
            LearningRate => Rounding.Shortest(own?.LearningRate ?? spec.Optimizer.LearningRate!.Value),
            FeedbackScale => Rounding.Shortest(own?.FeedbackScale ?? spec.Feedback.Scale),
            FeedbackLearningRateFactor
                => Rounding.Shortest(own?.FeedbackLearningRateFactor ?? spec.Optimizer.Feedback.LearningRateFactor),
            _ => Option(rule) is { } option && own?.Options.TryGetValue(option.Id, out var given) == true ? given : Option(rule)!.Default,
        };
    }

    /// <summary>A rule's settings with this one set.</summary>
    public RuleSettings Set(RuleSettings settings, double value) => _name switch
    {
        LearningRate => settings with { LearningRate = (float)value },
        FeedbackScale => settings with { FeedbackScale = (float)value },
        FeedbackLearningRateFactor => settings with { FeedbackLearningRateFactor = (float)value },
        _ => settings with { Options = new Dictionary<string, double>(settings.Options) { [_name[OptionPrefix.Length..]] = value } },
    };

    private RuleOption? Option(RuleEntry rule) => rule.Options.FirstOrDefault(option => OptionPrefix + option.Id == _name);
}
