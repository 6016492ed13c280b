using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>One thing that an optimizer remembers of every parameter.</summary>
/// <param name="Name">As PyTorch's optimizers call it, e.g. <c>exp_avg</c>.</param>
/// <param name="Values">
/// A matrix like each parameter, in the order of <see cref="Optimizer.Parameters"/>; it changes with every step.
/// </param>
public sealed record OptimizerMemory(string Name, IReadOnlyList<Matrix> Values);
