namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Finds the mistakes of a spec, whether it was read, written in C# or put together from a command line.</summary>
public static class SpecValidator
{
    /// <summary>All mistakes that can be seen without the data; none if the spec is right.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="ruleIds">The ids of the learning rules that there are.</param>
    public static IReadOnlyList<SpecProblem> Validate(ExperimentSpec spec, IReadOnlyCollection<string> ruleIds)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(ruleIds);
        var problems = new SpecProblems();
        Check(RuleNames.Canonical(spec, problems), ruleIds, problems);
        return problems.Found;
    }

    /// <summary>
    /// Whether a spec without mistakes fits the data, once they are loaded: sizes of input and output, and whether the loss suits the
    /// targets.
    /// </summary>
    /// <param name="spec">A spec in which <see cref="Validate"/> found nothing.</param>
    /// <param name="inputs">Numbers in an input.</param>
    /// <param name="outputs">Numbers in a target (classes).</param>
    /// <param name="classification">Whether the targets are classes.</param>
    public static IReadOnlyList<SpecProblem> ValidateForData(ExperimentSpec spec, int inputs, int outputs, bool classification)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var problems = new SpecProblems();
        SpecCombinations.CheckData(spec, inputs, outputs, classification, problems);
        return problems.Found;
    }

    /// <summary>Adds all mistakes of a spec, in which rules have their own ids, to those found already.</summary>
    internal static void Check(ExperimentSpec spec, IReadOnlyCollection<string> ruleIds, SpecProblems problems)
    {
        new SpecFieldCheck(problems, ruleIds).Check(spec, "");
        SpecCombinations.Check(spec, problems);
    }
}
