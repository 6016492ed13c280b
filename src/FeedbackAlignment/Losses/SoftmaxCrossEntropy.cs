using System.Globalization;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Losses;

internal sealed class SoftmaxCrossEntropy() : Loss("softmax-cross-entropy", "−Σ t ln softmax(z)")
{
    /// <summary>Targets were often rounded to a few digits.</summary>
    private const double SumTolerance = 1e-3;

    public override string? Objection(Activation output) => RequireLinear(output, "softmax");

    internal override string? TargetObjection(ReadOnlySpan<float> targets)
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

    public override void Interpret(Matrix outputs)
    {
        outputs.RequireRowMajor(nameof(outputs));
        for (var example = 0; example < outputs.Rows; example++)
        {
            Softmax(outputs.PaddedLine(example), outputs.Columns);
        }
    }

    private protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        output.CopyTo(error);
        var logNormalizer = Softmax(error, output.Length);
        var loss = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            loss -= target[i] * (output[i] - logNormalizer);
            error[i] -= target[i];
        }

        return loss;
    }

    private protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
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
            loss -= target[i] * (output[i] - logNormalizer);
        }

        return loss;
    }

    /// <summary>Softmax in place; the greatest logit is taken off first, so e^z cannot overflow. Returns ln Σ e^z.</summary>
    private static double Softmax(Span<float> padded, int length)
    {
        var greatest = float.NegativeInfinity;
        foreach (var logit in padded[..length])
        {
            greatest = Math.Max(greatest, logit);
        }

        Elementwise.Map(padded, new ExpShifted(greatest));
        var sum = 0.0;
        for (var i = 0; i < length; i++)
        {
            sum += padded[i];
        }

        Elementwise.Map(padded, new Scale((float)(1 / sum)));
        return greatest + Math.Log(sum);
    }
}
