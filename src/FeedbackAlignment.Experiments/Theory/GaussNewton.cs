using FeedbackAlignment.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>What many random networks say about pseudobackprop and Gauss–Newton.</summary>
public sealed record GaussNewtonResult
{
    /// <summary>Random networks, inputs and targets.</summary>
    public required int Draws { get; init; }

    /// <summary>The largest |Δh_i − η σ′_i² (xᵀx) Δh_GN,i| ∕ |η σ′_i² (xᵀx) Δh_GN,i| over all components and draws.</summary>
    public required double LargestDeviation { get; init; }

    /// <summary>The smallest and the largest Δh_i ∕ Δh_GN,i at η = 1/(xᵀx): σ′_i², never negative, at most 1.</summary>
    public required (double Smallest, double Largest) Factor { get; init; }

    /// <summary>Share of the draws with eᵀ W W⁺ e &gt; 0: what feedback needs in order to be of use.</summary>
    public required double PositiveShare { get; init; }
}

/// <summary>
/// Pseudobackprop is Gauss–Newton on the hidden activity, each component by a factor of its own ≥ 0. In y = W σ(A x) with σ = tanh, the
/// step ΔA = η (σ′ ∘ W⁺ e) xᵀ changes h, to first order, by Δh_i = η σ′_i² (xᵀx) Δh_GN,i, where Δh_GN is the least Δh that minimizes ‖e −
/// W Δh‖. Lillicrap et al. (2014), "Proof #2" of the supplement, which the main text calls supplementary proof 3; there e = y − y*, here
/// y* − y.
/// </summary>
/// <remarks>
/// The two sides share no code beyond the network. Left: W⁺ by singular values, and the derivative of h under the change of A, with nothing
/// dropped but rounding, as Im σ((A + iε ΔA) x)/ε with ε = 10⁻²⁰. Right: Δh_GN by orthogonal factors.
/// </remarks>
public static class GaussNewton
{
    private const double Epsilon = 1e-20;

    /// <summary>Compares the two on random networks: A uniform in ±0.3, W in ±1, x and y* standard normal.</summary>
    /// <param name="seed">Seed of all (streams <c>weights/theory</c> and <c>data/theory</c>).</param>
    /// <param name="draws">How many, ≥ 1.</param>
    /// <param name="inputs">n_in, ≥ 1.</param>
    /// <param name="hidden">n_hid, ≥ 1.</param>
    /// <param name="outputs">n_out, ≥ 1.</param>
    /// <param name="rate">η, &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public static GaussNewtonResult Compare(ulong seed = 1, int draws = 200, int inputs = 30, int hidden = 20, int outputs = 10, double rate = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        var streams = new RandomStreams(seed);
        var weights = streams.Stream($"{RandomStreams.Weights}/theory");
        var data = streams.Stream($"{RandomStreams.Data}/theory");
        var (deviation, smallest, largest, positive) = (0.0, double.PositiveInfinity, double.NegativeInfinity, 0);
        for (var draw = 0; draw < draws; draw++)
        {
            var hiddenWeights = weights.Uniform(hidden, inputs, 0.3);
            var outputWeights = weights.Uniform(outputs, hidden, 1);
            var input = data.Normal(inputs);
            var activity = (hiddenWeights * input).PointwiseTanh();
            var error = data.Normal(outputs) - outputWeights * activity;
            var slope = 1 - activity.PointwisePower(2);

            var signal = MinimumNorm.BySingularValues(outputWeights.Svd(), error);
            var change = rate * slope.PointwiseMultiply(signal).OuterProduct(input);
            var moved = ActivityChange(hiddenWeights, change, input);

            var scale = rate * input.DotProduct(input);
            var gaussNewton = MinimumNorm.ByOrthogonalFactor(outputWeights, error);
            for (var unit = 0; unit < hidden; unit++)
            {
                var expected = scale * slope[unit] * slope[unit] * gaussNewton[unit];
                deviation = Math.Max(deviation, Math.Abs(moved[unit] - expected) / Math.Abs(expected));
                var factor = moved[unit] / (scale * gaussNewton[unit]);
                (smallest, largest) = (Math.Min(smallest, factor), Math.Max(largest, factor));
            }

            positive += error.DotProduct(outputWeights * signal) > 0 ? 1 : 0;
        }

        return new GaussNewtonResult
        {
            Draws = draws,
            LargestDeviation = deviation,
            Factor = (smallest, largest),
            PositiveShare = positive / (double)draws,
        };
    }

    /// <summary>The derivative of tanh(A x) in the direction of a change of A.</summary>
    private static Vector<double> ActivityChange(Matrix<double> hiddenWeights, Matrix<double> change, Vector<double> input)
    {
        var moved = (hiddenWeights.ToComplex() + change.ToComplex() * new Complex(0, Epsilon)) * input.ToComplex();
        return moved.Map(Complex.Tanh).Imaginary() / Epsilon;
    }
}
