using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a rule for every hidden layer asks of the rest of a spec: that there are as many.</summary>
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
            return; // Such a network has no mixture at all, which others say.
        }

        foreach (var (path, id) in NamedRules.Of(spec))
        {
            if (components.Rules.Find(id) is { Parts.Count: > 0 and var parts } && parts != plan.HiddenLayers)
            {
                var network = spec.Network.Layers ?? $"the default network, …-{SpecCompletion.HiddenLayers}-…,";
                problems.Add(path,
                    $"{ForeignText.Quoted(id)} names rules for {Layers(parts)}, but {network} has {Layers(plan.HiddenLayers)}; name "
                        + "one rule "
                    + "for each, from the lowest layer up");
            }
        }
    }

    private static string Layers(int count) => count == 1 ? "1 hidden layer" : $"{count} hidden layers";
}
