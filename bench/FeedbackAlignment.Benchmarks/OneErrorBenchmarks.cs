using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// One example at a time in a layer of 1024-1024: its step, the next forward product, and the error on its way back through the weights.
/// </summary>
public class OneErrorBenchmarks : IDisposable
{
    private const int Width = 1024;
    private Compute _compute = new();
    private WeightedLayer _layer = null!;
    private Gradients _gradients = null!;
    private Sgd _optimizer = null!;
    private Matrix _input, _error, _output, _below;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(Threads);
        _layer = WeightedLayer.Dense("layer", Width, Width, Activation.Linear, bias: false, _compute);
        (_gradients, _optimizer) = (new Gradients([_layer.Weights], _compute), new Sgd([_layer.Weights]));
        (_input, _error, _output, _below) = (Numbers.Matrix(1, Width), Numbers.Matrix(1, Width), Numbers.Matrix(1, Width), Numbers.Matrix(1, Width));
    }

    /// <summary>Through the weights as they lie, which is in panels.</summary>
    [Benchmark(Baseline = true)]
    public void ThroughLearnedWeights()
    {
        StepAndForward();
        _layer.Backward(_error, _layer.Weights, _below);
    }

    /// <summary>Asking for the weights keeps them in lines.</summary>
    [Benchmark]
    public void ThroughTheirValues()
    {
        StepAndForward();
        _compute.Product(_error, _layer.Weights.Read(), _below);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _compute.Dispose();
        GC.SuppressFinalize(this);
    }

    private void StepAndForward()
    {
        _gradients[_layer.Weights].SetMeanOuterProduct(_error, _input);
        _optimizer.Step(_gradients, 1e-6f);
        _layer.Forward(_input, _output);
    }
}
