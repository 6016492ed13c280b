using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Tries all rules of a spec on its network, so that none is refused after others have trained.</summary>
internal static class RuleTrials
{
    /// <summary>
    /// The rules that cannot be made. Each is made once, for only the rule knows what it can do with a network: what gets an error, where
    /// direct feedback has a site, and what a rule of one's own refuses.
    /// </summary>
    /// <param name="spec">A complete spec, of which the network fits into the memory.</param>
    /// <param name="components">What the spec can name.</param>
    public static IEnumerable<SpecProblem> Of(ExperimentSpec spec, Components components)
    {
        List<(string Path, string Id)> named = [.. NamedRules.Of(spec)];
        var builder = new RunBuilder(spec, new RunKey(named[0].Id, spec.Seeds[0]), components);
        using var compute = new Compute();
        var network = builder.Drawn(compute);
        foreach (var (path, id) in named)
        {
            if (Refusal(id, network, builder, components) is { } objection)
            {
                yield return new(path, $"{ForeignText.Quoted(id)}: {objection}");
            }
        }
    }

    /// <summary>Why a rule cannot be made, in one line without the name of a parameter, which no spec has; null: it can.</summary>
    private static string? Refusal(string id, Network network, RunBuilder builder, Components components)
    {
        try
        {
            components.Rules.Get(id).Create(builder.Setup(network, 1, id));
            return null;
        }
        catch (ArgumentException refused) when (refused is not ArgumentNullException)
        {
            return refused.Message.Split('\n')[0].Split(" (Parameter '")[0];
        }
    }
}
