using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// Gradient clipping by norm: where ‖g‖, the norm of the gradients of all forward parameters together, is above a limit c, every gradient
/// is multiplied by c ∕ ‖g‖. Pascanu, Mikolov and Bengio, ICML 2013.
/// </summary>
/// <remarks>
/// The factor is one for all gradients, those of learned feedback weights included, but these have no part in the norm. So Kolen–Pollack
/// keeps its promise: W and B go the same steps. And a rule is clipped as its forward weights are, however many others it learns.
/// PyTorch's <c>clip_grad_norm_</c> divides by ‖g‖ + 10⁻⁶.
/// </remarks>
public sealed class GradientClipping
{
    private readonly Parameter[] _measured;
    private readonly float _limit;
    private readonly double[] _squares;

    /// <summary>Sets the limit.</summary>
    /// <param name="measured">What the norm goes over: the network's parameters.</param>
    /// <param name="limit">c, a finite number &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public GradientClipping(IEnumerable<Parameter> measured, float limit)
    {
        ArgumentNullException.ThrowIfNull(measured);
        if (!float.IsFinite(limit) || limit <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "the limit of the gradients' norm must be a finite number > 0");
        }

        (_measured, _limit) = ([.. measured], limit);
        _squares = new double[_measured.Length];
    }

    /// <summary>Steps whose gradients were clipped.</summary>
    public long ClippedSteps { get; private set; }

    /// <summary>Clips the gradients of one step. Where their norm is not finite, it leaves them as they are.</summary>
    /// <param name="gradients">The gradients of the mean loss; those without a gradient count as 0.</param>
    /// <returns>Their norm before, summed in double and in a fixed order. Not finite: no step should be taken.</returns>
    public double Clip(Gradients gradients) => Clip(gradients, share: null);

    /// <summary>The same where ranks share the layers, so that each has some of the gradients.</summary>
    /// <param name="gradients">This rank's.</param>
    /// <param name="share">Gets a number for each parameter, 0 where the gradient is another rank's, and fills in those.</param>
    internal double Clip(Gradients gradients, Action<double[]>? share)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        for (var i = 0; i < _squares.Length; i++)
        {
            _squares[i] = gradients[_measured[i]].SquaredNorm();
        }

        share?.Invoke(_squares);
        var square = 0.0;
        foreach (var part in _squares)
        {
            square += part;
        }

        var norm = Math.Sqrt(square);
        if (double.IsFinite(norm) && norm > _limit)
        {
            ClippedSteps++;
            foreach (var gradient in gradients.All)
            {
                gradient.Shorten((float)(_limit / norm));
            }
        }

        return norm;
    }

    /// <summary>Carries what goes on to the next step.</summary>
    internal void Carry(StateCarrier state) => ClippedSteps = state.Carry("clipped-steps", ClippedSteps);
}
