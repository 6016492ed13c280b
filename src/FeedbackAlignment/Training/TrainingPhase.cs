using System.Diagnostics.CodeAnalysis;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// A stretch of a training that has a rule of its own, or in which only some parameters learn. One optimizer goes through all phases:
/// what it remembers of a parameter (momentum, means of squares) waits while that is frozen, and goes on from there.
/// </summary>
public sealed record TrainingPhase
{
    /// <summary>A phase that an object initializer sets.</summary>
    public TrainingPhase()
    {
    }

    /// <summary>Sets what must be set; for languages without required properties.</summary>
    /// <param name="examples">Examples to learn from in this phase, ≥ 1.</param>
    /// <param name="rule">The rule that trains.</param>
    [SetsRequiredMembers]
    public TrainingPhase(long examples, LearningRule rule) => (Examples, Rule) = (examples, rule);

    /// <summary>Examples to learn from in this phase, ≥ 1. No batch reaches into the next phase.</summary>
    public required long Examples { get; init; }

    /// <summary>The rule that trains; of the same network as all others.</summary>
    public required LearningRule Rule { get; init; }

    /// <summary>
    /// The parameters that learn, of those the rule learns; null: all. The others keep every bit: they neither move nor decay.
    /// </summary>
    public IReadOnlyCollection<Parameter>? Learns { get; init; }

    /// <summary>
    /// The learning rate in this phase, its time counted from the beginning of the training; null:
    /// <see cref="TrainingOptions.LearningRate"/>.
    /// </summary>
    public LearningRateSchedule? LearningRate { get; init; }
}
