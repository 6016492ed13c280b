using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>A phase of a training.</summary>
public sealed record PhaseSpec
{
    /// <summary>Examples to learn from in this phase, counting repetitions. Required.</summary>
    [Bounds(AtLeast = 1, AtMost = 1e12)]
    public required long Examples { get; init; }

    /// <summary>
    /// The layers that learn (<c>hidden1</c>, <c>hidden2</c> …, <c>output</c>). The others do not change. Null: all learn.
    /// </summary>
    [NotEmpty, Distinct]
    public IReadOnlyList<string>? Learns { get; init; }

    /// <summary>
    /// The rule of this phase, with its <c>ruleSettings</c>. Null: the run's own rule. The instruments measure the run's own rule in all
    /// phases.
    /// </summary>
    [RuleId]
    public string? Rule { get; init; }

    /// <summary>Whether the rule's feedback weights are redrawn when the phase begins. Later phases keep them.</summary>
    public bool RedrawFeedback { get; init; }
}
