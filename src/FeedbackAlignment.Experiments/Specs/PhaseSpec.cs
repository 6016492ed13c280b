using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>A stretch of a training.</summary>
public sealed record PhaseSpec
{
    /// <summary>Examples to learn from in this phase, counting repetitions. Must be given.</summary>
    [Bounds(AtLeast = 1, AtMost = 1e12)]
    public required long Examples { get; init; }

    /// <summary>The layers that learn (<c>hidden1</c>, <c>hidden2</c> …, <c>output</c>); the others keep every bit. Null: all.</summary>
    [NotEmpty, Distinct]
    public IReadOnlyList<string>? Learns { get; init; }

    /// <summary>The rule that trains in this phase, with its <c>ruleSettings</c>; null: the run's own. The instruments look at the run's own in all phases.</summary>
    [RuleId]
    public string? Rule { get; init; }

    /// <summary>Whether the rule's feedback weights are drawn anew when the phase begins, to stay for the later ones.</summary>
    public bool RedrawFeedback { get; init; }
}
