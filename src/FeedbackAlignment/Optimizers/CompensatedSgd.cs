using System.Runtime.CompilerServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// Stochastic gradient descent that loses nothing to rounding: w ← w − η g, where what a sum in <see cref="float"/> leaves over is kept
/// and added to the next step (Kahan 1965). For errors that fall by many powers of ten: plain steps stop where η g is below half of a
/// weight's last bit.
/// </summary>
public sealed class CompensatedSgd : Optimizer
{
    private readonly IReadOnlyList<Matrix> _left;

    /// <summary>Takes the parameters.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="weightDecay">λ ≥ 0.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentException">The decay is out of range.</exception>
    public CompensatedSgd(IEnumerable<Parameter> parameters, float weightDecay = 0, WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : this([new ParameterGroup(parameters) { WeightDecay = weightDecay }], decayMode)
    {
    }

    /// <summary>Takes parameters in groups.</summary>
    /// <param name="groups">What to move, each group with its factor on the learning rate and its weight decay.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <exception cref="ArgumentException">A weight decay is out of range, or a parameter is in two groups.</exception>
    public CompensatedSgd(IEnumerable<ParameterGroup> groups, WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate)
        : base("compensated-sgd", groups, decayMode, CoupledDecaySupport.Linear)
        => _left = Remember("compensation");

    /// <inheritdoc/>
    protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
    {
        // λw in a gradient that is followed at once is a share of the weight.
        var step = new CompensatedStep(learningRate, keptShare - learningRate * CoupledDecayOf(index));
        Elementwise.Step(gradient.Parameter.Read(), gradient.Values, _left[index], _left[index], step);
    }

    private readonly struct CompensatedStep(float rate, float kept) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(ref T weight, T gradient, ref T left, ref T sameLeft)
            where T : struct, ILanes<T>
        {
            var step = T.MultiplyAdd(gradient, T.Broadcast(-rate), T.MultiplyAdd(weight, T.Broadcast(kept - 1), left));
            var moved = weight + step;
            left = sameLeft = step - (moved - weight);
            weight = moved;
        }
    }
}
