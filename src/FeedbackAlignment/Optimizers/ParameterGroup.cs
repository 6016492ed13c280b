using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// Parameters that an optimizer moves with the same learning rate and weight decay. So feedback weights that a rule learns can have
/// others than the network.
/// </summary>
/// <param name="parameters">What to move.</param>
/// <example>
/// Feedback weights that learn at a tenth of the network's rate, and do not decay:
/// <code>
/// var optimizer = new Adam(
///     [
///         new ParameterGroup(network.Parameters) { WeightDecay = 0.01f },
///         new ParameterGroup(rule.Parameters) { LearningRateFactor = 0.1f },
///     ]);
/// </code>
/// </example>
public sealed class ParameterGroup(IEnumerable<Parameter> parameters)
{
    /// <summary>What is moved.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = [.. parameters ?? throw new ArgumentNullException(nameof(parameters))];

    /// <summary>Factor on the learning rate of each step, a finite number &gt; 0. A factor of 1 changes no bit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is not. What is not to move is frozen by <c>TrainingPhase.Learns</c>; feedback weights that never move are those of another
    /// rule.
    /// </exception>
    public float LearningRateFactor
    {
        get;
        init => field = float.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a factor on the learning rate must be a finite number > 0");
    } = 1;

    /// <summary>λ, the share by which weights shrink; a finite number ≥ 0, and &lt; 1 if taken at every step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public float WeightDecay
    {
        get;
        init => field = float.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a weight decay must be a finite number ≥ 0");
    }
}
