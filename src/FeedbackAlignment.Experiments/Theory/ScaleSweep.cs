using FeedbackAlignment.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>A moment of <see cref="ScaleSweep"/>.</summary>
/// <param name="Time">t = η · examples.</param>
/// <param name="Error">Normalized squared error, ‖E‖² ∕ ‖T‖².</param>
/// <param name="ToBackpropagation">Mean angle between B e and Wᵀ e, degrees.</param>
/// <param name="ToPseudobackprop">Mean angle between B e and W⁺ e, degrees.</param>
public sealed record ScalePoint(double Time, double Error, double ToBackpropagation, double ToPseudobackprop);

/// <summary>The course from one scale of initial weights.</summary>
/// <param name="Scale">ω, the half-width of W and A at the beginning.</param>
/// <param name="Course">From t = 0 on.</param>
public sealed record ScaleCourse(double Scale, IReadOnlyList<ScalePoint> Course);

/// <summary>
/// Fig. 4 in the limit of small steps and in <see cref="double"/>: the linear task 30–20–10 from weights uniform in ± ω. Training in
/// <see cref="float"/> shows the same until its error is rounding, which has no direction to agree on.
/// </summary>
public static class ScaleSweep
{
    private const int Inputs = 30, Hidden = 20, Outputs = 10, Directions = 100, StepsPerPoint = 50;
    private const double StepSize = 0.01, Degrees = 180 / Math.PI;

    /// <summary>Follows the flow from each scale.</summary>
    /// <param name="scales">The scales, each &gt; 0.</param>
    /// <param name="lastTime">Where to end: 20 is 20,000 examples at η = 10⁻³.</param>
    /// <param name="targetHalfWidth">Of T.</param>
    /// <param name="feedbackHalfWidth">Of B.</param>
    /// <param name="seed">
    /// Root seed; T, B, the initial directions and the inputs that angles are taken for are the same for all scales.
    /// </param>
    public static IReadOnlyList<ScaleCourse> Follow(
        IReadOnlyList<double> scales, double lastTime = 20, double targetHalfWidth = 0.5, double feedbackHalfWidth = 0.5, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(scales);
        var streams = new RandomStreams(seed);
        var target = streams.Stream($"{RandomStreams.Data}/theory").Uniform(Outputs, Inputs, targetHalfWidth);
        var feedback = streams.Stream($"{RandomStreams.Feedback}/theory").Uniform(Hidden, Outputs, feedbackHalfWidth);
        var output = streams.Stream($"{RandomStreams.Weights}/theory/output").Uniform(Outputs, Hidden, 1);
        var hidden = streams.Stream($"{RandomStreams.Weights}/theory/hidden").Uniform(Hidden, Inputs, 1);
        var random = streams.Stream($"{RandomStreams.Data}/theory/inputs");
        Vector<double>[] inputs = [.. Enumerable.Range(0, Directions).Select(_ => random.Normal(Inputs))];
        var flow = new LinearFlow(target, feedback);
        return [.. scales.AsParallel().AsOrdered().Select(scale => new ScaleCourse(scale, [.. Course(flow, LinearFlow.State(output * scale, hidden * scale), lastTime, state => Angles(flow, state, feedback, inputs), target)]))];
    }

    private static IEnumerable<ScalePoint> Course(
        LinearFlow flow, Vector<double> state, double lastTime, Func<Vector<double>, (double ToBackpropagation, double ToPseudobackprop)> angles, Matrix<double> target)
    {
        const double stretch = StepsPerPoint * StepSize;
        for (var point = 0; ; point++)
        {
            var (toBackpropagation, toPseudobackprop) = angles(state);
            yield return new ScalePoint(point * stretch, Math.Pow(flow.Error(state).FrobeniusNorm() / target.FrobeniusNorm(), 2), toBackpropagation, toPseudobackprop);
            if ((point + 0.5) * stretch > lastTime)
            {
                yield break;
            }

            state = flow.Integrate(state, StepSize, StepsPerPoint)[^1];
        }
    }

    private static (double ToBackpropagation, double ToPseudobackprop) Angles(LinearFlow flow, Vector<double> state, Matrix<double> feedback, Vector<double>[] inputs)
    {
        var (output, _) = flow.Weights(state);
        var error = flow.Error(state);
        var factors = output.Svd();
        var (toBackpropagation, toPseudobackprop) = (0.0, 0.0);
        foreach (var input in inputs)
        {
            var e = error * input;
            var sent = feedback * e;
            toBackpropagation += VectorAngle.Radians(sent, output.TransposeThisAndMultiply(e));
            toPseudobackprop += VectorAngle.Radians(sent, MinimumNorm.BySingularValues(factors, e));
        }

        return (toBackpropagation * Degrees / inputs.Length, toPseudobackprop * Degrees / inputs.Length);
    }
}
