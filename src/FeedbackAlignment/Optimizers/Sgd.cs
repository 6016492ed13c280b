using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// Stochastic gradient descent. Without momentum w ← w − η g, and the gradient is never formed: it is added straight into the weights.
/// With momentum v ← μ v + g, w ← w − η v; Nesterov's form steps by g + μ v (Sutskever et al. 2013, as in PyTorch).
/// Weight decay is decoupled unless <see cref="WeightDecayMode.Coupled"/> is asked for, which adds λw to g, as PyTorch's <c>SGD</c> does.
/// Biases and normalizations are spared.
/// </summary>
public sealed class Sgd : Optimizer
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
    public Sgd(
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
    public Sgd(
        IEnumerable<ParameterGroup> groups,
        float momentum = 0,
        bool nesterov = false,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : base("sgd", groups, decayMode, CoupledDecaySupport.Linear)
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
        if (_momentum == 0)
        {
            // λw in a gradient that is followed at once is a share of the weight.
            gradient.Descend(-learningRate, keptShare - learningRate * CoupledDecayOf(index));
            return;
        }

        Take(index, gradient, _velocities[index], _velocities[index], new MomentumStep(_momentum, _nesterov, learningRate, keptShare));
    }
}
