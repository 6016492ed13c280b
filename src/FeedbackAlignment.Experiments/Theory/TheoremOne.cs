using FeedbackAlignment.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>
/// Feedback alignment in a linear network y = W A x with target T x, x standard normal, all examples at once and η → 0:
/// dW/dt = E Aᵀ, dA/dt = B E with E = T − W A, from W = A = 0. Theorem 1: if B⁺B = I, then E → 0.
/// Lillicrap et al. (2014), supplementary proof 1.
/// </summary>
/// <remarks>
/// What the proof rests on, followed here: B W + WᵀBᵀ = A Aᵀ + C with C = 0 from this start, and V = ‖B E‖² never rises. Slips of
/// the paper, none of which touches the conclusion: the printed tr(AAᵀAAᵀ) = ‖AAᵀ‖ lacks a square, and the bound derived from it, s &gt;
/// 2 n_h² for s = tr(AAᵀ), can be s &gt; 2 n_h, by tr((AAᵀ)²) ≥ s²/n_h.
/// </remarks>
public sealed class TheoremOne
{
    private const int StepsPerStretch = 25;

    /// <summary>Where V is no more than this share of its start, rounding decides whether it rises.</summary>
    private const double Rounding = 1e-20;

    private readonly TheoremOneSetup _setup;
    private readonly Matrix<double> _target;
    private readonly Matrix<double> _feedback;
    private readonly LinearFlow _flow;
    private readonly double _sentAtFirst;

    /// <summary>Draws T, n_out × n_in, and B, n_hid × n_out.</summary>
    /// <param name="setup">Sizes, scales and seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size, scale or step is not positive.</exception>
    public TheoremOne(TheoremOneSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentOutOfRangeException.ThrowIfLessThan(setup.Inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(setup.Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(setup.Outputs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(setup.TargetHalfWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(setup.FeedbackHalfWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(setup.StepSize);
        var streams = new RandomStreams(setup.Seed);
        _setup = setup;
        _target = streams.Stream($"{RandomStreams.Data}/theory").Uniform(setup.Outputs, setup.Inputs, setup.TargetHalfWidth);
        _feedback = streams.Stream($"{RandomStreams.Feedback}/theory").Uniform(setup.Hidden, setup.Outputs, setup.FeedbackHalfWidth);
        _flow = new LinearFlow(_target, _feedback);
        _sentAtFirst = Math.Pow((_feedback * _target).FrobeniusNorm(), 2);
    }

    /// <summary>Integrates until the error is small enough or the time is over, by fourth-order Runge–Kutta steps.</summary>
    public TheoremOneResult Integrate()
    {
        var state = _flow.Zero;
        List<TheoremOnePoint> course = [At(0, state)];
        var (last, rise, drift) = (course[0], double.NegativeInfinity, 0.0);
        while (last.RelativeError > _setup.EnoughError && last.Time < _setup.LastTime)
        {
            var from = last.Time;
            var steps = _flow.Integrate(state, _setup.StepSize, StepsPerStretch);
            for (var step = 1; step < steps.Length; step++)
            {
                var next = At(from + step * _setup.StepSize, steps[step]);
                rise = last.SentError > Rounding ? Math.Max(rise, next.SentError / last.SentError - 1) : rise;
                drift = Math.Max(drift, next.InvariantDrift);
                last = next;
            }

            state = steps[^1];
            course.Add(last);
        }

        return new TheoremOneResult
        {
            Setup = _setup,
            Course = course,
            LargestRise = rise,
            LargestInvariantDrift = drift,
            LeastRelativeError = LeastRelativeError(),
            FeedbackCondition = FeedbackCondition(),
        };
    }

    private TheoremOnePoint At(double time, Vector<double> state)
    {
        var (output, hidden) = _flow.Weights(state);
        var error = _flow.Error(state);
        var aligned = _feedback * output;
        var square = hidden.TransposeAndMultiply(hidden);
        var size = square.FrobeniusNorm();
        return new TheoremOnePoint(
            time,
            error.FrobeniusNorm() / _target.FrobeniusNorm(),
            Math.Pow((_feedback * error).FrobeniusNorm(), 2) / _sentAtFirst,
            size == 0 ? 0 : (aligned + aligned.Transpose() - square).FrobeniusNorm() / size);
    }

    /// <summary>By Eckart and Young: no product through n_hid units is nearer to T.</summary>
    private double LeastRelativeError()
        => Math.Sqrt(_target.Svd(computeVectors: false).S.Skip(_setup.Hidden).Sum(value => value * value)) / _target.FrobeniusNorm();

    private double FeedbackCondition()
    {
        var values = _feedback.Svd(computeVectors: false).S;
        return _setup.Outputs > _setup.Hidden || values[^1] <= 1e-12 * values[0] ? 0 : values[^1] / values[0];
    }
}
