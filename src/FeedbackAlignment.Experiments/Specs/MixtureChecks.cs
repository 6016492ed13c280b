using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What rules for single layers and blocks ask of the network: that it has them.</summary>
internal static class MixtureChecks
{
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("network.layers"))
        {
            return;
        }

        var plan = spec.Network.Plan(components);
        if (!plan.IsChain)
        {
            return; // Rules by position are refused there with all that need a chain; names are tried by RuleTrials.
        }

        foreach (var (path, id) in NamedRules.Of(spec))
        {
            if (components.Rules.Find(id) is { Parts.Count: > 0 } mixture
                && RuleMixture.ObjectionToChain(mixture, plan.HiddenLayers) is { } objection)
            {
                problems.Add(path, $"{ForeignText.Quoted(id)} {objection}; network.layers is {spec.Network.Layers ?? Default}");
            }
        }
    }

    private static string Default => $"left out, so it is …-{SpecCompletion.HiddenLayers}-…";
}
