using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Benchmarks;

/// <summary>What is done number by number: activations of a batch, and an optimizer's step with two states a weight.</summary>
public class ElementwiseBenchmarks
{
    private const int Batch = 128, Width = 1024;
    private readonly Matrix _activations = Numbers.Matrix(Batch, Width);
    private readonly Adam _adam;
    private readonly Gradients _gradients;

    public ElementwiseBenchmarks()
    {
        var weights = new Parameter("weights", ParameterKind.Weights, Numbers.Matrix(Width, Width));
        (_adam, _gradients) = (new Adam([weights]), new Gradients([weights], new Compute()));
        _gradients[weights].Write().CopyFrom(Numbers.Matrix(Width, Width));
    }

    [Benchmark]
    public void Logistic() => Activation.Logistic.Apply(_activations);

    [Benchmark]
    public void Tanh() => Activation.Tanh.Apply(_activations);

    /// <summary>A million weights.</summary>
    [Benchmark]
    public void AdamStep() => _adam.Step(_gradients, 1e-3f);
}
