using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The mistakes that a training in phases can have beyond its single values.</summary>
internal static class PhaseChecks
{
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (spec.Training?.Phases is not { Count: > 0 } phases)
        {
            return;
        }

        CheckLength(spec.Training, problems);
        foreach (var (index, phase) in phases.Index().Where(phase => phase.Item is not null).TakeWhile(_ => !problems.TooMany))
        {
            var path = $"training.phases[{index}]";
            CheckLayers(spec, phase, path, components, problems);
            CheckLearning(spec, phase, path, components, problems);
            CheckRedrawing(spec, phase, index, path, components, problems);
        }
    }

    private static void CheckLength(TrainingSpec training, SpecProblems problems)
    {
        if (training.Epochs is not null)
        {
            problems.Add("training.epochs", "cannot be combined with training.phases; every phase has its own examples");
        }

        if (training.Examples is not null)
        {
            problems.Add("training.examples", "cannot be combined with training.phases; every phase has its own examples");
        }

        if (training.Patience is not null)
        {
            problems.Add("training.patience", "cannot be combined with training.phases; a run that stops early would leave out phases");
        }
    }

    private static void CheckLayers(ExperimentSpec spec, PhaseSpec phase, string path, Components components, SpecProblems problems)
    {
        if (phase.Learns is null || !problems.Sound($"{path}.learns", "network.layers"))
        {
            return;
        }

        IReadOnlyList<string> layers = [.. spec.Network.Plan(components).ThatLearn];
        foreach (var (index, name) in phase.Learns.Index().Where(layer => !layers.Contains(layer.Item)))
        {
            var hint = DidYouMean.Hint(name, layers);
            problems.Add($"{path}.learns[{index}]",
                $"there is no layer {ForeignText.Quoted(name)}{(hint.Length > 0 ? hint : $"; the layers are {string.Join(", ", layers)}")}");
        }
    }

    private static void CheckLearning(ExperimentSpec spec, PhaseSpec phase, string path, Components components, SpecProblems problems)
    {
        if (phase.Learns is { } layers && problems.Sound($"{path}.learns", $"{path}.rule", "rules") && !layers.Contains("output")
            && RulesOf(spec, phase).All(rule => components.Rules.Find(rule) is { TeachesHiddenLayers: false }))
        {
            problems.Add($"{path}.learns",
                $"nothing learns in this phase because {Names(spec, phase)} only trains the output layer; add \"output\"");
        }
    }

    private static void CheckRedrawing(
        ExperimentSpec spec, PhaseSpec phase, int index, string path, Components components, SpecProblems problems)
    {
        if (!phase.RedrawFeedback)
        {
            return;
        }

        if (index == 0)
        {
            problems.Add($"{path}.redrawFeedback", "the first phase begins with new feedback weights in any case; leave it out here");
        }
        else if (problems.Sound($"{path}.rule", "rules")
            && RulesOf(spec, phase).All(rule => components.Rules.Find(rule) is { HasFeedback: false }))
        {
            problems.Add($"{path}.redrawFeedback", $"there are no feedback weights to redraw under {Names(spec, phase)}; leave it out");
        }
    }

    /// <summary>The rules that train in a phase, one in each run.</summary>
    private static IEnumerable<string> RulesOf(ExperimentSpec spec, PhaseSpec phase) => phase.Rule is { } rule ? [rule] : spec.Rules;

    private static string Names(ExperimentSpec spec, PhaseSpec phase) => string.Join(" and ", RulesOf(spec, phase));
}
