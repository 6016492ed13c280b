using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a rule has of its own in an experiment; what is not given is as for all.</summary>
public sealed record RuleSettings
{
    /// <summary>Learning rate; null: <c>optimizer.learningRate</c>.</summary>
    [Bounds(Above = 0)]
    public float? LearningRate { get; init; }

    /// <summary>Scale of the feedback weights; null: <c>feedback.scale</c>.</summary>
    [Bounds(Above = 0)]
    public float? FeedbackScale { get; init; }

    /// <summary>Standard deviation of the noise, for a rule that draws some (<c>node-perturbation</c>); null: 0.01.</summary>
    [Bounds(Above = 0)]
    public double? Noise { get; init; }
}
