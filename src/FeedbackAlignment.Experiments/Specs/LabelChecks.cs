namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a rule that puts labels into the inputs asks of the data.</summary>
internal static class LabelChecks
{
    public static void Check(
        ExperimentSpec spec, int inputs, int outputs, bool classification, Components components, SpecProblems problems)
    {
        var objection = classification
            ? outputs < 2 || inputs < outputs ? $"puts labels into the inputs and needs at least 2 classes and as many inputs; these data have {outputs} and {inputs}" : null
            : "puts labels into the inputs, but the targets of these data are numbers";
        if (objection is null)
        {
            return;
        }

        if (problems.Sound("rules"))
        {
            CheckRules(spec.Rules.Select((id, index) => ($"rules[{index}]", (string?)id)), objection, components, problems);
        }

        if (problems.Sound("training.phases"))
        {
            CheckRules(
                (spec.Training.Phases ?? []).Select((phase, index) => ($"training.phases[{index}].rule", phase.Rule)),
                objection, components, problems);
        }
    }

    private static void CheckRules(
        IEnumerable<(string Path, string? Id)> rules, string objection, Components components, SpecProblems problems)
    {
        foreach (var (path, id) in rules.Where(rule => rule.Id is not null && components.Rules.Find(rule.Id) is { NeedsLabels: true }))
        {
            problems.Add(path, $"{id} {objection}; leave it out");
        }
    }
}
