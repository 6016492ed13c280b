using FeedbackAlignment.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>A step of <see cref="TheoremTwo"/>: the weights before it, and what the rules would send.</summary>
/// <param name="Step">Steps made before, from 0.</param>
/// <param name="HiddenScale">s_h of the recursion: h = s_h B ỹ.</param>
/// <param name="OutputScale">s_w of the recursion: W = s_w ỹ (B ỹ)ᵀ.</param>
/// <param name="RelativeError">‖e‖ ∕ ‖ỹ‖ in the simulation.</param>
/// <param name="Deviation">The larger of ‖h − s_h B ỹ‖ ∕ ‖s_h B ỹ‖ and the same of W; 0 where both are 0.</param>
/// <param name="AngleToPseudobackprop">Radians between Δh_FA = B e and Δh_PBP = W⁺ e; null while W = 0.</param>
/// <param name="RankRatio">Second singular value of W ∕ the first: rounding, as W keeps rank 1; null while W = 0.</param>
public sealed record TheoremTwoPoint(
    int Step, double HiddenScale, double OutputScale, double RelativeError, double Deviation, double? AngleToPseudobackprop, double? RankRatio);

/// <summary>The simulation of a single pair against the scalars of Theorem 2.</summary>
/// <param name="Course">Step by step.</param>
public sealed record TheoremTwoResult(IReadOnlyList<TheoremTwoPoint> Course)
{
    // Math.Max rather than Max(), which passes over NaN: a number that is not one must not look like a small one.

    /// <summary>The largest deviation from the recursion.</summary>
    public double LargestDeviation => Course.Select(point => point.Deviation).Aggregate(Math.Max);

    /// <summary>The largest angle between the two signals, radians, of all steps with W ≠ 0.</summary>
    public double LargestAngle => Course.Select(point => point.AngleToPseudobackprop ?? 0).Aggregate(Math.Max);

    /// <summary>The first step with W ≠ 0, and so with an angle, counted from 0: 2, the third step.</summary>
    public int FirstAngleStep => Course.First(point => point.AngleToPseudobackprop is not null).Step;
}

/// <summary>
/// Feedback alignment on a single pair (x, ỹ) in a linear network, from W = A = 0, with η_A = η_W/(xᵀx): ΔW = η e hᵀ and Δh = η B e.
/// Theorem 2: h = s_h B ỹ and W = s_w ỹ (B ỹ)ᵀ at every step, with s_h ← s_h + η(1 − s_y), s_w ← s_w + η(1 − s_y) s_h, s_y = s_w s_h ‖B
/// ỹ‖², so B e is a positive multiple of W⁺ e. Lillicrap et al. (2014), "Proof #3" of the supplement, which the main text calls
/// supplementary proof 2.
/// </summary>
/// <remarks>(ỹ (B ỹ)ᵀ)⁺ ỹ = B ỹ ∕ ‖B ỹ‖²: the paper prints this scalar the other way up, which leaves the direction as it is.</remarks>
public static class TheoremTwo
{
    private const double Diverged = 1000;

    /// <summary>
    /// Learns until ‖e‖ ≤ 10⁻⁸ ‖ỹ‖ (nearer to 0 the direction of e is that of rounding), or until ‖e‖ ≥ 1000 ‖ỹ‖: it diverges.
    /// </summary>
    /// <param name="seed">
    /// Seed of x ~ N(0, I) and ỹ uniform in ±1 (stream <c>data/theory</c>), and of B uniform in ±0.5 (stream <c>feedback/theory</c>).
    /// </param>
    /// <param name="inputs">n_in, ≥ 1.</param>
    /// <param name="hidden">n_hid, ≥ 1.</param>
    /// <param name="outputs">n_out, ≥ 1.</param>
    /// <param name="rate">η, &gt; 0; at these sizes above about 0.3 it diverges.</param>
    /// <param name="mostSteps">Steps at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public static TheoremTwoResult Simulate(ulong seed = 1, int inputs = 30, int hidden = 20, int outputs = 10, double rate = 0.05, int mostSteps = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSteps, 1);
        var streams = new RandomStreams(seed);
        var data = streams.Stream($"{RandomStreams.Data}/theory");
        var input = data.Normal(inputs);
        var target = data.Uniform(outputs, 1, 1).Column(0);
        var feedback = streams.Stream($"{RandomStreams.Feedback}/theory").Uniform(hidden, outputs, 0.5);
        var sent = feedback * target;

        var outputWeights = Matrix<double>.Build.Dense(outputs, hidden);
        var hiddenWeights = Matrix<double>.Build.Dense(hidden, inputs);
        var (hiddenScale, outputScale) = (0.0, 0.0);
        List<TheoremTwoPoint> course = [];
        double relativeError;
        do
        {
            var activity = hiddenWeights * input;
            var error = target - outputWeights * activity;
            relativeError = error.L2Norm() / target.L2Norm();
            var deviation = Math.Max(
                Deviation(activity.ToColumnMatrix(), (hiddenScale * sent).ToColumnMatrix()),
                Deviation(outputWeights, outputScale * target.OuterProduct(sent)));
            var (angle, ratio) = Compare(outputWeights, error, feedback * error);
            course.Add(new TheoremTwoPoint(course.Count, hiddenScale, outputScale, relativeError, deviation, angle, ratio));

            outputWeights += rate * error.OuterProduct(activity);
            hiddenWeights += rate / input.DotProduct(input) * (feedback * error).OuterProduct(input);
            var missing = 1 - outputScale * hiddenScale * sent.DotProduct(sent);
            (hiddenScale, outputScale) = (hiddenScale + rate * missing, outputScale + rate * missing * hiddenScale);
        }
        while (relativeError is > 1e-8 and < Diverged && course.Count < mostSteps);
        return new TheoremTwoResult(course);
    }

    private static double Deviation(Matrix<double> simulated, Matrix<double> expected)
    {
        var difference = (simulated - expected).FrobeniusNorm();
        return difference == 0 ? 0 : difference / expected.FrobeniusNorm();
    }

    private static (double? Angle, double? RankRatio) Compare(Matrix<double> outputWeights, Vector<double> error, Vector<double> sent)
    {
        var factors = outputWeights.Svd();
        if (factors.S[0] == 0)
        {
            return (null, null);
        }

        var ratio = factors.S.Count > 1 ? factors.S[1] / factors.S[0] : 0;
        return (VectorAngle.Radians(sent, MinimumNorm.BySingularValues(factors, error)), ratio);
    }
}
