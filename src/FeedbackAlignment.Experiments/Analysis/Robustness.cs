using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Analysis;

/// <summary>How well trained networks answer inputs that were changed. All networks get the same noise. It changes no network.</summary>
public sealed class Robustness
{
    private const int Portion = 256;
    private readonly DataSet _examples;
    private readonly ulong _seed;

    /// <summary>Takes the examples.</summary>
    /// <param name="examples">Examples with known answers, on the scale that the networks learned from.</param>
    /// <param name="perturbations">How to change them.</param>
    /// <param name="seed">The root seed of the noise.</param>
    /// <exception cref="ArgumentException">A strength is negative or not a number.</exception>
    public Robustness(DataSet examples, IReadOnlyList<Perturbation> perturbations, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(perturbations);
        if (perturbations.FirstOrDefault(one => !(one.Strength >= 0 && double.IsFinite(one.Strength))) is { Strength: not 0 } wrong)
        {
            throw new ArgumentException($"a strength must be a finite number from 0 on, was {wrong.Strength}", nameof(perturbations));
        }

        (_examples, Perturbations, _seed) = (examples, [.. perturbations], seed);
        Range = examples.Image is null ? null : Extremes(examples.Inputs);
    }

    /// <summary>How inputs are changed.</summary>
    public IReadOnlyList<Perturbation> Perturbations { get; }

    /// <summary>
    /// The least and the greatest number in the pictures, which changed ones stay within: a pixel cannot be darker than black. Null: the
    /// inputs are no pictures, and may take any value.
    /// </summary>
    public (float Low, float High)? Range { get; }

    /// <summary>The error of a network under each of <see cref="Perturbations"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">What it was trained on.</param>
    /// <returns>Share of wrong answers, or for numbers the relative squared error, as everywhere.</returns>
    /// <exception cref="ArgumentException">The network does not fit the examples, or is a spiking one.</exception>
    public IReadOnlyList<double> Errors(Network network, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        var evaluator = new Evaluator(network, loss);
        var gradient = new InputGradient(network, loss, Portion);
        return [.. Perturbations.Select(one => evaluator.Evaluate(Changed(one, gradient)).Error)];
    }

    private DataSet Changed(Perturbation perturbation, InputGradient gradient)
    {
        if (perturbation.Strength == 0)
        {
            return _examples;
        }

        var inputs = _examples.Inputs.Copy();
        switch (perturbation.Kind)
        {
            case PerturbationKind.Noise:
                AddNoise(inputs, perturbation.Strength);
                break;
            case PerturbationKind.Fgsm:
                StepUphill(inputs, perturbation.Strength, gradient);
                break;
            default:
                throw new ArgumentException($"{perturbation.Kind} has no strength", nameof(perturbation));
        }

        return _examples.Labels is { } labels
            ? new DataSet(inputs, labels, _examples.Targets.Columns) : new DataSet(inputs, _examples.Targets);
    }

    private void AddNoise(Matrix inputs, double strength)
    {
        // The same noise at every strength, so that only the strength differs.
        var noise = new RandomStreams(_seed).Stream(RandomStreams.Noise);
        for (var example = 0; example < inputs.Rows; example++)
        {
            foreach (ref var input in inputs.Row(example))
            {
                input = Bounded(input + strength * noise.NextNormal());
            }
        }
    }

    private void StepUphill(Matrix inputs, double strength, InputGradient gradient)
    {
        for (var start = 0; start < inputs.Rows; start += Portion)
        {
            var portion = inputs.Slice(start, Math.Min(Portion, inputs.Rows - start));
            var slopes = gradient.Evaluate(portion, _examples.Targets.Slice(start, portion.Rows));
            for (var example = 0; example < portion.Rows; example++)
            {
                Span<float> input = portion.Row(example), slope = slopes.Row(example);
                for (var i = 0; i < input.Length; i++)
                {
                    // Math.Sign refuses what is not a number, which a network that has diverged may give: such an input stays.
                    input[i] = slope[i] > 0 ? Bounded(input[i] + strength) : slope[i] < 0 ? Bounded(input[i] - strength) : input[i];
                }
            }
        }
    }

    private float Bounded(double value) => Range is { } range ? (float)Math.Clamp(value, range.Low, range.High) : (float)value;

    private static (float Low, float High) Extremes(Matrix inputs)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var example = 0; example < inputs.Rows; example++)
        {
            foreach (var input in inputs.Row(example))
            {
                (low, high) = (Math.Min(low, input), Math.Max(high, input));
            }
        }

        return (low, high);
    }
}
