using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;
using FeedbackAlignment.Training;

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
        var groups = spec.Training.Groups;
        if (groups > 1 && GroupChecks.Objection(network) is { } mixed)
        {
            yield return new("training.groups", $"must be 1 here, because {mixed}; was {groups}");
            yield break;
        }

        var given = GivenFeedback.Of(spec.Feedback);
        foreach (var (path, id) in named)
        {
            if (Refusal(id, network, builder, spec.Training, given, components) is { } objection)
            {
                yield return new(path, $"{ForeignText.Quoted(id)}: {objection}");
            }
        }
    }

    /// <summary>Why so many processes cannot share the layers; null: they can.</summary>
    /// <param name="spec">A complete spec, of which all rules can be made.</param>
    /// <param name="components">What the spec can name.</param>
    /// <param name="size">The number of processes.</param>
    public static SpecProblem? Of(ExperimentSpec spec, Components components, int size)
    {
        var named = NamedRules.Of(spec).Select(rule => rule.Id).ToArray();
        var builder = new RunBuilder(spec, new RunKey(named[0], spec.Seeds[0]), components);
        using var compute = new Compute();
        var network = builder.Drawn(compute);
        foreach (var id in named)
        {
            var rule = components.Rules.Get(id).Create(builder.Setup(network, 1, id));
            var most = LayerPlan.MostRanks(network, [rule], RunBuilder.Parallelism(spec.Training.Parallel));
            if (size > most)
            {
                return new("training.parallel",
                    $"{spec.Training.Parallel}: the network can be divided among at most {most} processes under {id}; there are {size}");
            }
        }

        return null;
    }

    /// <summary>Why a rule cannot be made, in one line without the name of a parameter, which no spec has; null: it can.</summary>
    private static string? Refusal(
        string id, Network network, RunBuilder builder, TrainingSpec training, GivenFeedback? given, Components components)
    {
        try
        {
            var rule = components.Rules.Get(id).Create(builder.Setup(network, 1, id));
            given?.CopyTo(rule);
            return training.Groups > 1 && GroupChecks.Objection(rule) is { } objection
                ? $"training.groups must be 1 under it, because {objection}; was {training.Groups}"
                : LayerPlan.Objection(rule, RunBuilder.Parallelism(training.Parallel)) is { } reason
                ? $"training.parallel must not be {training.Parallel} under it: {reason}" : null;
        }
        catch (ArgumentException refused) when (refused is not ArgumentNullException)
        {
            return refused.Message.Split('\n')[0].Split(" (Parameter '")[0];
        }
    }
}
