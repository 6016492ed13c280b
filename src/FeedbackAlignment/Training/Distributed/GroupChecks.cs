using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>What must hold where batches are divided into groups.</summary>
internal static class GroupChecks
{
    /// <summary>Why the gradient of a batch is not the sum of those of its groups, whatever the rule; null: it may be.</summary>
    /// <param name="network">The network.</param>
    public static string? Objection(Network network)
        => network.Dynamics is not null ? "the units of a spiking network remember a batch by the places of its examples"
        : FirstMixing(network.Root) is { } module
            ? $"{module.Name} ({module.Kind}) computes an example's outputs from the whole batch, of which a group has only a part"
        : network.Buffers.Count > 0
            ? $"{network.Buffers[0].Name} changes with each batch that runs through the network, and would with each group"
        : null;

    /// <summary>The same of a rule.</summary>
    /// <param name="rule">The rule.</param>
    public static string? Objection(LearningRule rule)
        => rule.Memory.Count > 0 ? "it remembers numbers from batch to batch, and would from group to group" : rule.SplitObjection;

    /// <exception cref="ArgumentException">Batches are to be divided, and something does not let them.</exception>
    public static void Require(TrainingOptions options, IEnumerable<LearningRule> rules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Groups, 1);
        if (options.Parallel != Parallelism.Batches)
        {
            foreach (var rule in rules)
            {
                if (LayerPlan.Objection(rule, options.Parallel) is { } objection)
                {
                    throw new ArgumentException(
                        $"{nameof(TrainingOptions.Parallel)} must not be {options.Parallel} under {rule.Id}: {objection}", nameof(options));
                }
            }
        }
        else if (options.Ranks is { } ranks && ranks.Size > options.Groups)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Groups)} is {options.Groups}, must be at least {ranks.Size}, a group for each rank",
                    nameof(options));
        }

        if (options.Groups == 1)
        {
            return;
        }

        if (options.Groups > options.BatchSize)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Groups)} is {options.Groups}, must be at most {options.BatchSize}, the examples of a batch",
                    nameof(options));
        }

        foreach (var rule in rules)
        {
            if (Objection(rule.Network) is { } network)
            {
                throw new ArgumentException($"{nameof(TrainingOptions.Groups)} must be 1: {network}", nameof(options));
            }

            if (Objection(rule) is { } objection)
            {
                throw new ArgumentException($"{nameof(TrainingOptions.Groups)} must be 1 under {rule.Id}: {objection}", nameof(options));
            }
        }
    }

    private static Module? FirstMixing(Module module)
        => !module.MixesExamples ? null
        : module.Children.Select(FirstMixing).FirstOrDefault(child => child is not null) ?? module;
}
