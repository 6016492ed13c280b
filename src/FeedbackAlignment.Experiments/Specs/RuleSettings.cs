using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Settings of one rule in an experiment. Keys that are not given have the values of the experiment.</summary>
public sealed record RuleSettings
{
    /// <summary>Learning rate. Null: <c>optimizer.learningRate</c>.</summary>
    [Bounds(Above = 0)]
    public float? LearningRate { get; init; }

    /// <summary>Scale of the feedback weights. Null: <c>feedback.scale</c>.</summary>
    [Bounds(Above = 0)]
    public float? FeedbackScale { get; init; }

    /// <summary>
    /// Factor on the learning rate for the feedback weights that the rule learns. Null: <c>optimizer.feedback.learningRateFactor</c>.
    /// </summary>
    [Bounds(Above = 0)]
    public float? FeedbackLearningRateFactor { get; init; }

    /// <summary>The rule's own options, by name (see <c>fa rules RULE</c>). Options that are not given have the rule's defaults.</summary>
    public IReadOnlyDictionary<string, double> Options { get; init; } = new Dictionary<string, double>();
}
