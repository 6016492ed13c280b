using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// All rules of the catalog that can teach a spec's network from its data; remembers which cannot, and why. What <c>--rules all</c>
/// means.
/// </summary>
/// <param name="components">What specs can name.</param>
public sealed class EveryRule(Components components)
{
    private const string Path = "rules[";

    private readonly List<(string Rule, string Reason)> _leftOut = [];

    /// <summary>The rules that cannot, each with the reason.</summary>
    public IReadOnlyList<(string Rule, string Reason)> LeftOut => _leftOut;

    /// <summary>Reads a spec with all rules that its other keys allow.</summary>
    /// <param name="read">Reads it with the rules that it is given.</param>
    /// <exception cref="SpecException">The spec is wrong, whatever the rules.</exception>
    public ExperimentSpec Read(Func<IReadOnlyList<string>, ExperimentSpec> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return WithoutThoseRefused(components.Rules.Ids, read);
    }

    /// <summary>
    /// Completes a spec that has all rules, without those that cannot be made for its network or cannot learn from its data.
    /// </summary>
    /// <param name="asked">A valid spec.</param>
    /// <param name="data">The data it has named.</param>
    /// <exception cref="SpecException">The spec does not fit the data, whatever the rules.</exception>
    public ExperimentSpec Complete(ExperimentSpec asked, DataRecord data)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var spec = WithoutThoseRefused(asked.Rules, rules => SpecCompletion.Complete(asked with { Rules = rules }, data, components));
        var left = _leftOut.Select(rule => rule.Rule).ToHashSet();
        return spec with { RuleSettings = spec.RuleSettings.Where(settings => !left.Contains(settings.Key)).ToDictionary() };
    }

    private ExperimentSpec WithoutThoseRefused(IReadOnlyList<string> rules, Func<IReadOnlyList<string>, ExperimentSpec> make)
    {
        try
        {
            return make(rules);
        }
        catch (SpecException mistakes) when (mistakes.Problems.All(problem => problem.Path.StartsWith(Path, StringComparison.Ordinal)))
        {
            // The first check that finds something ends a completion, so there may be more to leave out.
            var reasons = mistakes.Problems.ToDictionary(problem => problem.Path, problem => problem.Message);
            var left = rules.Index().ToLookup(rule => reasons.ContainsKey($"{Path}{rule.Index}]"));
            _leftOut.AddRange(left[true].Select(rule => (rule.Item, WithoutName(rule.Item, reasons[$"{Path}{rule.Index}]"]))));
            return WithoutThoseRefused([.. left[false].Select(rule => rule.Item)], make);
        }
    }

    /// <summary>A reason stands behind the rule's name already.</summary>
    private static string WithoutName(string rule, string reason)
    {
        var name = $"{ForeignText.Quoted(rule)}: ";
        return reason.StartsWith(name, StringComparison.Ordinal) ? reason[name.Length..] : reason;
    }
}
