using System.Globalization;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Losses;

/// <param name="smoothing">ε of label smoothing; 0: none.</param>
internal sealed class SoftmaxCrossEntropy(float smoothing = 0) : Loss(
    "softmax-cross-entropy", "Softmax outputs with cross-entropy.", "−Σ t ln softmax(z)", OutputFunction.Softmax)
{
    /// <summary>Targets were often rounded to a few digits.</summary>
    private const double SumTolerance = 1e-3;

    public override IReadOnlyDictionary<string, double> Settings => smoothing == 0 ? base.Settings
        : new Dictionary<string, double> { ["labelSmoothing"] = smoothing };

    public override Loss ForEvaluation => WithLabelSmoothing(0);

    public override Loss WithLabelSmoothing(float share)
        => share is not (>= 0 and < 1)
            ? throw new ArgumentOutOfRangeException(nameof(share), share, "label smoothing must be at least 0 and less than 1")
            : share == smoothing ? this : share == 0 ? Loss.SoftmaxCrossEntropy : new SoftmaxCrossEntropy(share);

    public override string? TargetObjection(ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        foreach (var target in targets)
        {
            if (!(target >= 0))
            {
                return $"one is {target}, must be at least 0: they are probabilities";
            }

            sum += target;
        }

        return Math.Abs(sum - 1) <= SumTolerance ? null : string.Create(CultureInfo.InvariantCulture, $"they sum to {sum:g6}, must sum to 1");
    }

    protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        output.CopyTo(error);
        var logNormalizer = Softmax(Padded(error), output.Length);
        var loss = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            var smoothed = Smoothed(target[i], output.Length);
            loss -= smoothed * (output[i] - logNormalizer);
            error[i] -= smoothed;
        }

        return loss;
    }

    protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        double greatest = float.NegativeInfinity, normalizer = 0, loss = 0;
        foreach (var logit in output)
        {
            greatest = Math.Max(greatest, logit);
        }

        foreach (var logit in output)
        {
            normalizer += Exponential.Of(logit - greatest);
        }

        var logNormalizer = greatest + Logarithm.Of(normalizer);
        for (var i = 0; i < output.Length; i++)
        {
            loss -= Smoothed(target[i], output.Length) * (output[i] - logNormalizer);
        }

        return loss;
    }

    /// <summary>A target as it is learned; without smoothing the very same.</summary>
    private float Smoothed(float target, int outputs) => (1 - smoothing) * target + smoothing / outputs;
}
