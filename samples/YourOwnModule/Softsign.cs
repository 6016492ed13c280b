using FeedbackAlignment.Networks;

namespace YourOwnModule;

/// <summary>An example of an activation: h = z ∕ (1 + |z|), whose derivative (1 − |h|)² is taken from h.</summary>
internal static class Softsign
{
    public static Activation Activation { get; } = Activation.Create(
        "softsign",
        "z ∕ (1 + |z|).",
        function: z => z / (1 + MathF.Abs(z)),
        derivative: h => (1 - MathF.Abs(h)) * (1 - MathF.Abs(h)),
        onnx: new OnnxOperator("Softsign"));
}
