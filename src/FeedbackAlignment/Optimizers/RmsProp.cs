using System.Runtime.CompilerServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// RMSProp: s ← ρ s + (1 − ρ) g², w ← w − η g ∕ (√s + ε). Tieleman and Hinton, Coursera lecture 6.5 (2012). Weight decay spares
/// biases and normalizations. It is decoupled unless <see cref="WeightDecayMode.Coupled"/> is asked for, which adds λw to g, as PyTorch's
/// <c>RMSprop</c> does.
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly IReadOnlyList<Matrix> _squares;
    private readonly float _rho, _epsilon;

    /// <summary>Takes the parameters.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="rho">ρ in [0, 1).</param>
    /// <param name="epsilon">ε &gt; 0.</param>
    /// <param name="weightDecay">λ ≥ 0.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RmsProp(
        IEnumerable<Parameter> parameters,
        float rho = 0.99f,
        float epsilon = 1e-8f,
        float weightDecay = 0,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : this([new ParameterGroup(parameters) { WeightDecay = weightDecay }], rho, epsilon, decayMode)
    {
    }

    /// <summary>Takes parameters in groups.</summary>
    /// <param name="groups">What to move, each group with its factor on the learning rate and its weight decay.</param>
    /// <param name="rho">ρ in [0, 1).</param>
    /// <param name="epsilon">ε &gt; 0.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or a parameter is in two groups.</exception>
    public RmsProp(
        IEnumerable<ParameterGroup> groups,
        float rho = 0.99f,
        float epsilon = 1e-8f,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : base("rmsprop", groups, decayMode, CoupledDecaySupport.Nonlinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rho);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rho, 1f);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (_rho, _epsilon) = (rho, epsilon);
        _squares = Remember("square_avg");
    }

    private protected override void IdentifyKind(Identity identity)
    {
        identity.Add("rho", _rho);
        identity.Add("epsilon", _epsilon);
    }

    /// <inheritdoc/>
    protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
        => Take(index, gradient, _squares[index], _squares[index], new RmsStep(_rho, _epsilon, learningRate, keptShare));

    private readonly struct RmsStep(float rho, float epsilon, float rate, float kept) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T weight, T gradient, ref T square, ref T sameSquare)
            where T : struct, ILanes<T>
        {
            square = T.MultiplyAdd(square, T.Broadcast(rho), gradient * gradient * T.Broadcast(1 - rho));
            var direction = gradient / (T.SquareRoot(square) + T.Broadcast(epsilon));
            weight = T.MultiplyAdd(direction, T.Broadcast(-rate), weight * T.Broadcast(kept));
            sameSquare = square;
        }
    }
}
