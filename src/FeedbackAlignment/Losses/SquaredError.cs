namespace FeedbackAlignment.Losses;

internal sealed class SquaredError() : Loss("squared-error", "½‖e‖², on any output.", "½‖target − output‖²")
{
    protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            error[i] = output[i] - target[i];
            sum += (double)error[i] * error[i];
        }

        return 0.5 * sum;
    }

    protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            var error = (double)output[i] - target[i];
            sum += error * error;
        }

        return 0.5 * sum;
    }
}
