using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The names of rules in specs: some rules go by several, and a spec that is kept has one.</summary>
internal static class RuleNames
{
    /// <summary>The longest id: a run's folder has it in its name.</summary>
    public const int Longest = 200;

    private const int ShortList = 8;

    /// <summary>The id of a rule in a catalog; what is no rule stays as it is.</summary>
    public static string Canonical(string id, RuleCatalog rules) => rules.Find(id)?.Id ?? id;

    /// <summary>The spec with every rule by its id. Where that makes one of two settings, it is a mistake.</summary>
    public static ExperimentSpec Canonical(ExperimentSpec spec, RuleCatalog rules, SpecProblems problems)
    {
        bool IsOther(string? id) => id is not null && Canonical(id, rules) != id;

        if (spec.Rules?.Any(IsOther) == true)
        {
            spec = spec with { Rules = [.. spec.Rules.Select(id => id is null ? id! : Canonical(id, rules))] };
        }

        if (spec.Training?.Phases?.Any(phase => IsOther(phase?.Rule)) == true)
        {
            spec = spec with
            {
                Training = spec.Training with
                {
                    Phases =
                    [
                        .. spec.Training.Phases.Select(
                            phase => IsOther(phase?.Rule) ? phase! with { Rule = Canonical(phase.Rule!, rules) } : phase!),
                    ],
                },
            };
        }

        if (spec.Tuning?.Rules?.Keys.Any(IsOther) == true)
        {
            spec = spec with { Tuning = spec.Tuning with { Rules = Canonical(spec.Tuning.Rules, "tuning.rules", rules, problems) } };
        }

        return spec.RuleSettings?.Keys.Any(IsOther) == true
            ? spec with { RuleSettings = Canonical(spec.RuleSettings, "ruleSettings", rules, problems) }
            : spec;
    }

    /// <summary>The end of a message that lists ids, if they are not too many to read.</summary>
    public static string List(string before, IReadOnlyCollection<string> ids)
        => ids.Count > ShortList ? "; `fa rules` lists them" : $"; {before} {string.Join(", ", ids)}";

    private static Dictionary<string, T> Canonical<T>(
        IReadOnlyDictionary<string, T> settings, string path, RuleCatalog rules, SpecProblems problems)
    {
        var renamed = new Dictionary<string, T>();
        foreach (var (id, own) in settings)
        {
            var canonical = Canonical(id, rules);
            if (canonical != id && settings.ContainsKey(canonical))
            {
                problems.Add($"{path}.{SpecProblem.Key(id)}", $"is another name of {canonical}, which has settings here too; keep one of the two");
            }
            else if (!renamed.TryAdd(canonical, own))
            {
                problems.Add($"{path}.{SpecProblem.Key(id)}", $"is another name of {canonical}, as is a key before it; keep one of the two");
            }
        }

        return renamed;
    }
}
