using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Numerics;
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
            return; // Rules by position are refused there with all that need a chain; names are tried by OfNetwork.
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

    /// <summary>
    /// The mistakes of names in networks that are more than a chain. Each such mixture is made once, for only the network itself knows
    /// what gets an error, and where direct feedback has a site.
    /// </summary>
    /// <param name="spec">A complete spec, of which the network fits into the memory.</param>
    /// <param name="components">What the spec can name.</param>
    public static IEnumerable<SpecProblem> OfNetwork(ExperimentSpec spec, Components components)
    {
        var named = NamedRules.Of(spec).Where(rule => components.Rules.Find(rule.Id) is { PartNames.Count: > 0 }).ToList();
        if (named.Count == 0 || spec.Network.Plan(components).IsChain)
        {
            yield break;
        }

        var builder = new RunBuilder(spec, new RunKey(named[0].Id, spec.Seeds[0]), components);
        using var compute = new Compute();
        var network = builder.Drawn(compute);
        foreach (var (path, id) in named)
        {
            if (RefusedRule.Reason(id, network, builder, components) is { } objection)
            {
                yield return new(path, $"{ForeignText.Quoted(id)}: {objection}");
            }
        }
    }

    private static string Default => $"left out, so it is …-{SpecCompletion.HiddenLayers}-…";
}
