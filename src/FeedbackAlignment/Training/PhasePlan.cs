using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>A phase as the loop needs it.</summary>
/// <param name="Rule">The rule that trains.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="End">Examples learned from when the phase ends, those before it included.</param>
/// <param name="Frozen">The gradients that nobody may follow.</param>
internal sealed record PhasePlan(LearningRule Rule, LearningRateSchedule LearningRate, long End, Gradient[] Frozen)
{
    /// <summary>The phases of a training; without any, the one in which the rule trains everything.</summary>
    /// <exception cref="ArgumentException">The phases do not fit each other or the options.</exception>
    public static PhasePlan[] Of(LearningRule rule, TrainingOptions options, Gradients gradients)
    {
        var phases = options.Phases ?? [new TrainingPhase { Examples = options.Examples, Rule = rule }];
        var plans = new PhasePlan[phases.Count];
        var end = 0L;
        for (var i = 0; i < plans.Length; i++)
        {
            end = checked(end + phases[i].Examples);
            plans[i] = new PhasePlan(phases[i].Rule, phases[i].LearningRate ?? options.LearningRate, end, FrozenIn(phases[i], gradients));
        }

        return plans;
    }

    /// <summary>Adds its settings to the identity of a training, but for the rule's.</summary>
    /// <param name="identity">Receives them.</param>
    /// <param name="isLast">Whether the training ends with it: it may then go on longer than was planned once.</param>
    public void Identify(Identity identity, bool isLast)
    {
        LearningRate.Identify(identity.In("learningRate"));
        identity.Add("frozen", Frozen.Select(gradient => gradient.Parameter.Name));
        if (!isLast)
        {
            identity.Add("end", End);
        }
    }

    /// <summary>All parameters that the trainer's rule or a phase's learns.</summary>
    public static IReadOnlyList<Parameter> Learned(LearningRule rule, TrainingOptions options)
        => [.. rule.LearnedParameters.Union((options.Phases ?? []).SelectMany(phase => phase.Rule.LearnedParameters))];

    /// <exception cref="ArgumentException">The phases do not fit each other or the options.</exception>
    public static void Require(LearningRule rule, TrainingOptions options)
    {
        RequireRule(rule, options);
        if (options.Phases is not { } phases)
        {
            return;
        }

        foreach (var (index, phase) in phases.Index())
        {
            RequirePhase(rule, phase, index + 1);
            RequireRule(phase.Rule, options);
        }

        if (phases.Aggregate(0m, (sum, phase) => sum + phase.Examples) is var sum && sum != options.Examples)
        {
            throw new ArgumentException($"the phases have {sum} examples in all, must be as many as the training, {options.Examples}", nameof(options));
        }
    }

    private static void RequirePhase(LearningRule rule, TrainingPhase phase, int number)
    {
        if (phase.Examples < 1)
        {
            throw new ArgumentException($"phase {number} has {phase.Examples} examples, must be at least 1", nameof(phase));
        }

        if (phase.Rule.Network != rule.Network)
        {
            throw new ArgumentException($"the rule of phase {number} is of another network; make all rules for the one that is trained", nameof(phase));
        }

        if (phase.Learns is { Count: 0 })
        {
            throw new ArgumentException($"nothing learns in phase {number}; name parameters, or leave {nameof(TrainingPhase.Learns)} null for all", nameof(phase));
        }

        if (phase.Learns?.Except(phase.Rule.LearnedParameters).FirstOrDefault() is { } stranger)
        {
            throw new ArgumentException($"{stranger} cannot learn in phase {number}; name some of its rule's {nameof(LearningRule.LearnedParameters)}", nameof(phase));
        }
    }

    private static void RequireRule(LearningRule rule, TrainingOptions options)
    {
        if (options.BatchSize > rule.MaxBatch)
        {
            throw new ArgumentException($"the batch size is {options.BatchSize}, must be at most {rule.MaxBatch}, what the rule was set up for", nameof(options));
        }
    }

    private static Gradient[] FrozenIn(TrainingPhase phase, Gradients gradients)
        => phase.Learns is null ? [] : [.. gradients.All.ToArray().Where(gradient => !phase.Learns.Contains(gradient.Parameter))];
}
