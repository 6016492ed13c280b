using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// One example at a time in a layer of 784-1000: the step that is put off and the next forward product, in one walk or in two.
/// </summary>
public class OneExampleBenchmarks : IDisposable
{
    private Compute _compute = new();
    private WeightedLayer _layer = null!;
    private Gradients _gradients = null!;
    private Sgd _optimizer = null!;
    private Matrix _input, _error, _output;

    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Share of the inputs that are not 0; MNIST's is 0.19.</summary>
    [Params(1, 0.5, 0.19)]
    public double NonzeroInputs { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(Threads);
        _layer = WeightedLayer.Dense("layer", 784, 1000, Activation.Linear, bias: false, _compute);
        (_gradients, _optimizer) = (new Gradients([_layer.Weights], _compute), new Sgd([_layer.Weights]));
        (_input, _error, _output) = (Numbers.Matrix(1, 784), Numbers.Matrix(1, 1000), Numbers.Matrix(1, 1000));

        // One run of inputs for each row of an image, as pixels have.
        const int Row = 28;
        for (var i = 0; i < _input.Columns; i++)
        {
            _input[0, i] = i % Row < NonzeroInputs * Row ? _input[0, i] : 0;
        }
    }

    /// <summary>The forward pass takes the step on its way.</summary>
    [Benchmark(Baseline = true)]
    public void StepAndProduct()
    {
        Step();
        _layer.Forward(_input, _output);
    }

    /// <summary>Looking at the weights in between makes two walks of it.</summary>
    [Benchmark]
    public Matrix StepThenProduct()
    {
        Step();
        var weights = _layer.Weights.Read();
        _layer.Forward(_input, _output);
        return weights;
    }

    /// <summary>The forward pass alone.</summary>
    [Benchmark]
    public void Product() => _layer.Forward(_input, _output);

    [GlobalCleanup]
    public void Dispose()
    {
        _compute.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Step()
    {
        _gradients[_layer.Weights].SetMeanOuterProduct(_error, _input);
        _optimizer.Step(_gradients, 1e-3f);
    }
}
