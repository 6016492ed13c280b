using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Finds the mistakes of a spec, whether it was read, written in C# or put together from a command line.</summary>
public static class SpecValidator
{
    /// <summary>All mistakes that can be seen without the data; none if the spec is right.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="components">What it can name.</param>
    public static IReadOnlyList<SpecProblem> Validate(ExperimentSpec spec, Components components)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(components);
        var problems = new SpecProblems();
        Check(RuleNames.Canonical(spec, components.Rules, problems), components, problems);
        return problems.Found;
    }

    /// <summary>
    /// Whether a spec without mistakes fits the data, once they are loaded: sizes of input and output, and whether the loss suits the
    /// targets.
    /// </summary>
    /// <param name="spec">A spec in which <see cref="Validate"/> found nothing.</param>
    /// <param name="inputs">The shape of an input: a picture, or numbers in a row.</param>
    /// <param name="outputs">Numbers in a target (classes).</param>
    /// <param name="classification">Whether the targets are classes.</param>
    /// <param name="components">What the spec can name.</param>
    public static IReadOnlyList<SpecProblem> ValidateForData(
        ExperimentSpec spec, Shape inputs, int outputs, bool classification, Components components)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(components);
        var problems = new SpecProblems();
        SpecCombinations.CheckData(spec, inputs, outputs, classification, components, problems);
        return problems.Found;
    }

    /// <summary>Adds all mistakes of a spec, in which rules have their own ids, to those found already.</summary>
    internal static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        new SpecFieldCheck(problems, components).Check(spec, "");
        SpecCombinations.Check(spec, components, problems);
    }
}
