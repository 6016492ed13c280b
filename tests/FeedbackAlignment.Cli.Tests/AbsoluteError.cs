using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>√(e² + 0.01) of each output's error.</summary>
internal sealed class AbsoluteError()
    : Loss("absolute-error", "The absolute value of each error, rounded at 0.", "Σ √(e² + 0.01)")
{
    public override string? Objection(Activation output)
        => output == Activation.Relu ? $"it needs outputs of both signs, not {output}" : null;

    public override string? Objection(int outputs) => outputs > 100 ? $"{Id} takes at most 100 outputs" : null;

    protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        for (var i = 0; i < output.Length; i++)
        {
            var e = output[i] - target[i];
            error[i] = e / MathF.Sqrt((e * e) + 0.01f);
        }

        return ExampleLoss(output, target);
    }

    protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            var e = (double)output[i] - target[i];
            sum += Math.Sqrt((e * e) + 0.01);
        }

        return sum;
    }
}
