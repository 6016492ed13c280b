using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// Feedback that learns from noise x, which goes into each layer alone: its gradient is λ B − ρ (φ(W x) − φ(0)) xᵀ ∕ σ², the mean over as
/// many patterns as the batch has examples. A batch comes with such a phase, or does not.
/// </summary>
internal sealed class WeightMirror(Net net, IEnumerable<double[,]> feedback, RandomStreams streams, WeightMirror.Numbers numbers)
    : LearnedFeedback(net, feedback)
{
    private readonly RandomStream _phases = streams.Stream("noise/weight-mirror");
    private readonly RandomStream[] _noise =
        [.. Enumerable.Range(1, net.Hidden).Select(stage => streams.Stream($"noise/weight-mirror/{net.Matrix(stage).Name.Split('.')[0]}"))];

    /// <param name="Rate">ρ.</param>
    /// <param name="Decay">λ.</param>
    /// <param name="Deviation">σ.</param>
    /// <param name="Chance">The probability of a phase.</param>
    public readonly record struct Numbers(double Rate, double Decay, double Deviation, double Chance);

    protected override void Learn(double[,] outputError, double[,] targets)
    {
        Net.Backward(outputError, Feedback);
        if (_phases.NextDouble() >= numbers.Chance)
        {
            return;
        }

        for (var stage = 1; stage <= Net.Hidden; stage++)
        {
            var (weights, rule, mirror) = (Net.Matrix(stage).Values, Net.Activation(stage).Value, Weights[stage - 1]);
            var noise = Table.Make(outputError.Rows(), weights.Columns(), (_, _) => numbers.Deviation * _noise[stage - 1].NextNormal());
            var response = noise.Times(weights.Transposed()).Map(z => rule(z) - rule(0));
            var correlation = response.Transposed().Times(noise).Scaled(1 / (noise.Rows() * numbers.Deviation * numbers.Deviation));
            mirror.Learn(mirror.Values.Scaled(numbers.Decay).Minus(correlation.Scaled(numbers.Rate)));
        }
    }
}
