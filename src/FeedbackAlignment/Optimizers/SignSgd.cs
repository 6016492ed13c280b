using System.Runtime.CompilerServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// Batch Manhattan: stochastic gradient descent on s = sign g of each number of the batch's gradient. w ← w − η s; with momentum
/// v ← μ v + s, w ← w − η v, and Nesterov's form steps by s + μ v. Liao, Leibo and Poggio, AAAI 2016; momentum and coupled decay, s + λw,
/// as in the code of Xiao et al. 2019 (<c>bm_sgd.py</c> of github.com/willwx/sign-symmetry).
/// </summary>
/// <remarks>
/// The sign of 0 is 0, so missing connections stay, and what is not a number stays so. Clipping has no effect on signs. Decay is decoupled
/// by default, as in <see cref="Sgd"/>; biases and normalizations are spared.
/// </remarks>
public sealed class SignSgd : Optimizer
{
    private readonly IReadOnlyList<Matrix> _velocities;
    private readonly float _momentum;
    private readonly bool _nesterov;

    /// <summary>Takes the parameters.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    /// <param name="nesterov">Whether to use Nesterov's form; needs momentum.</param>
    /// <param name="weightDecay">λ ≥ 0.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentException">Nesterov's form without momentum, or a number out of range.</exception>
    public SignSgd(
        IEnumerable<Parameter> parameters,
        float momentum = 0,
        bool nesterov = false,
        float weightDecay = 0,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : this([new ParameterGroup(parameters) { WeightDecay = weightDecay }], momentum, nesterov, decayMode)
    {
    }

    /// <summary>Takes parameters in groups.</summary>
    /// <param name="groups">What to move, each group with its factor on the learning rate and its weight decay.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    /// <param name="nesterov">Whether to use Nesterov's form; needs momentum.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentException">
    /// Nesterov's form without momentum, a number out of range, or a parameter in two groups.
    /// </exception>
    public SignSgd(
        IEnumerable<ParameterGroup> groups,
        float momentum = 0,
        bool nesterov = false,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : base("sign-sgd", groups, decayMode, CoupledDecaySupport.Linear)
    {
        MomentumStep.Require(momentum, nesterov);
        (_momentum, _nesterov) = (momentum, nesterov);
        _velocities = momentum == 0 ? [] : Remember("momentum_buffer");
    }

    private protected override void IdentifyKind(Identity identity)
    {
        identity.Add("momentum", _momentum);
        identity.Add("nesterov", _nesterov);
    }

    /// <inheritdoc/>
    protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
    {
        // Decay is added to the sign, not below it.
        if (_momentum == 0)
        {
            var kept = keptShare - learningRate * CoupledDecayOf(index);
            Step(gradient, gradient.Values, new PlainStep(learningRate, kept));
            return;
        }

        var step = new MomentumStep(_momentum, _nesterov, learningRate, keptShare);
        if (CoupledDecayOf(index) is not 0 and var decay)
        {
            Step(gradient, _velocities[index], new WithDecay<MomentumStep>(step, decay));
        }
        else
        {
            Step(gradient, _velocities[index], step);
        }
    }

    private static void Step<TStep>(Gradient gradient, Matrix state, TStep step)
        where TStep : struct, IStep
        => Elementwise.Step(gradient.Parameter.Read(), gradient.Values, state, state, new OfSign<TStep>(step));

    /// <summary>A step along the sign of the gradient.</summary>
    private readonly struct OfSign<TStep>(TStep step) : IStep
        where TStep : struct, IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T weight, T gradient, ref T state1, ref T state2)
            where T : struct, ILanes<T>
        {
            var zero = T.Broadcast(0);
            var sign = T.WhereLess(zero, gradient, T.Broadcast(1), T.WhereLess(gradient, zero, T.Broadcast(-1), gradient));
            step.Apply(ref weight, sign, ref state1, ref state2);
        }
    }

    /// <summary>A step without memory; what stands there for a state stays as it is.</summary>
    private readonly struct PlainStep(float rate, float kept) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T weight, T direction, ref T state1, ref T state2)
            where T : struct, ILanes<T>
            => weight = T.MultiplyAdd(direction, T.Broadcast(-rate), weight * T.Broadcast(kept));
    }
}
