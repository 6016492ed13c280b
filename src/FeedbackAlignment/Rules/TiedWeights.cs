using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Feedback weights that tend to forward weights, or to what these give through a fixed matrix, because both take the same steps. With
/// another learning rate or decay they would tend to nothing.
/// </summary>
/// <param name="Feedback">The feedback weights, one of the rule's parameters.</param>
/// <param name="Weights">The forward weights, one of the network's.</param>
public readonly record struct TiedWeights(Parameter Feedback, Parameter Weights);
