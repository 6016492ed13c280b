using System.Runtime.CompilerServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − η m̂ ∕ (√v̂ + ε) with m̂ = m ∕ (1 − β₁ᵗ), v̂ = v ∕ (1 − β₂ᵗ). Kingma and
/// Ba, ICLR 2015. Weight decay is decoupled by default: with a decay it is AdamW (Loshchilov and Hutter, ICLR 2019), but biases and
/// normalizations are spared. <see cref="WeightDecayMode.Coupled"/> adds λw to g, as PyTorch's <c>Adam</c> does.
/// </summary>
public sealed class Adam : Optimizer
{
    /// <summary>The weight decay that PyTorch's <c>AdamW</c> has by default; here it must be given.</summary>
    public const float DecayOfAdamW = 0.01f;

    private readonly IReadOnlyList<Matrix> _means, _squares;
    private readonly float _beta1, _beta2, _epsilon;

    /// <summary>Takes the parameters.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="beta1">β₁ in [0, 1).</param>
    /// <param name="beta2">β₂ in [0, 1).</param>
    /// <param name="epsilon">ε &gt; 0.</param>
    /// <param name="weightDecay">λ ≥ 0.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adam(
        IEnumerable<Parameter> parameters,
        float beta1 = 0.9f,
        float beta2 = 0.999f,
        float epsilon = 1e-8f,
        float weightDecay = 0,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : this([new ParameterGroup(parameters) { WeightDecay = weightDecay }], beta1, beta2, epsilon, decayMode)
    {
    }

    /// <summary>Takes parameters in groups.</summary>
    /// <param name="groups">What to move, each group with its factor on the learning rate and its weight decay.</param>
    /// <param name="beta1">β₁ in [0, 1).</param>
    /// <param name="beta2">β₂ in [0, 1).</param>
    /// <param name="epsilon">ε &gt; 0.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or a parameter is in two groups.</exception>
    public Adam(
        IEnumerable<ParameterGroup> groups,
        float beta1 = 0.9f,
        float beta2 = 0.999f,
        float epsilon = 1e-8f,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : base("adam", groups, decayMode, CoupledDecaySupport.Nonlinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beta1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta1, 1f);
        ArgumentOutOfRangeException.ThrowIfNegative(beta2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta2, 1f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        (_means, _squares) = (Remember("exp_avg"), Remember("exp_avg_sq"));
        CountStepsOfEach();
    }

    private protected override void IdentifyKind(Identity identity)
    {
        identity.Add("beta1", _beta1);
        identity.Add("beta2", _beta2);
        identity.Add("epsilon", _epsilon);
    }

    /// <inheritdoc/>
    protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
    {
        // The corrections for starting at zero go into η and ε, so that the inner loop has neither. Steps are counted for each parameter:
        // one that had no gradient until now starts from zero now.
        var step = StepsOf(index);
        var meanCorrection = 1 - IntegerPower(_beta1, step);
        var squareCorrection = Math.Sqrt(1 - IntegerPower(_beta2, step));
        var rate = (float)(learningRate * squareCorrection / meanCorrection);
        var epsilon = (float)(_epsilon * squareCorrection);
        Take(index, gradient, _means[index], _squares[index], new AdamStep(_beta1, _beta2, epsilon, rate, keptShare));
    }

    /// <summary>By squaring, so that the bits do not depend on the platform's pow.</summary>
    private static double IntegerPower(double value, long exponent)
    {
        var power = 1.0;
        for (; exponent > 0; exponent >>= 1, value *= value)
        {
            if ((exponent & 1) == 1)
            {
                power *= value;
            }
        }

        return power;
    }

    private readonly struct AdamStep(float beta1, float beta2, float epsilon, float rate, float kept) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T weight, T gradient, ref T mean, ref T square)
            where T : struct, ILanes<T>
        {
            mean = T.MultiplyAdd(mean, T.Broadcast(beta1), gradient * T.Broadcast(1 - beta1));
            square = T.MultiplyAdd(square, T.Broadcast(beta2), gradient * gradient * T.Broadcast(1 - beta2));
            var direction = mean / (T.SquareRoot(square) + T.Broadcast(epsilon));
            weight = T.MultiplyAdd(direction, T.Broadcast(-rate), weight * T.Broadcast(kept));
        }
    }
}
