using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Losses;

internal sealed class LogisticCrossEntropy() : Loss(
    "logistic-cross-entropy",
    "Logistic outputs with cross-entropy: the error is output − target, with no output derivative, as in the paper.",
    "−Σ [t ln σ(z) + (1 − t) ln(1 − σ(z))]",
    OutputFunction.Logistic)
{
    public override string? TargetObjection(ReadOnlySpan<float> targets)
    {
        foreach (var target in targets)
        {
            if (!(target >= 0 && target <= 1))
            {
                return $"one is {target}, must be 0 … 1: they are probabilities";
            }
        }

        return null;
    }

    protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        output.CopyTo(error);
        Elementwise.Map(Padded(error), default(TakeLogistic));
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            // −t ln σ(z) − (1 − t) ln(1 − σ(z)) = max(z, 0) − z t + ln(1 + e^−|z|), which no z can overflow.
            double z = output[i];
            sum += Math.Max(z, 0) - z * target[i] + double.LogP1(Math.Exp(-Math.Abs(z)));
            error[i] -= target[i];
        }

        return sum;
    }

    protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            double z = output[i];
            sum += Math.Max(z, 0) - z * target[i] + Logarithm.Of(1 + Exponential.Of(-Math.Abs(z)));
        }

        return sum;
    }
}
