namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The rules that a spec names, right or wrong, and where.</summary>
internal static class NamedRules
{
    /// <param name="spec">A spec, of which parts may be missing.</param>
    public static IEnumerable<(string Path, string Id)> Of(ExperimentSpec spec) =>
    [
        .. (spec.Rules ?? []).Index().Where(rule => rule.Item is not null).Select(rule => ($"rules[{rule.Index}]", rule.Item)),
        .. (spec.Training?.Phases ?? []).Index().Where(phase => phase.Item?.Rule is not null)
            .Select(phase => ($"training.phases[{phase.Index}].rule", phase.Item.Rule!)),
    ];
}
