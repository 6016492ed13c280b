using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Benchmarks;

/// <summary>The three matrix products of a step, in the memory orders that a layer uses.</summary>
public class ProductBenchmarks : IDisposable
{
    private Compute _compute = new();
    private Matrix _input, _output, _error, _below, _weights, _feedback;

    [Params(1, 128)]
    public int Batch { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(1024)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(Threads);
        (_input, _output) = (Numbers.Matrix(Batch, Width), Numbers.Matrix(Batch, Width));
        (_error, _below) = (Numbers.Matrix(Batch, Width), Numbers.Matrix(Batch, Width));
        (_weights, _feedback) = (Numbers.Matrix(Width, Width, MatrixOrder.ColumnMajor), Numbers.Matrix(Width, Width));
    }

    /// <summary>output = input · Wᵀ.</summary>
    [Benchmark]
    public void Forward() => _compute.Product(_input, _weights.Transposed, _output);

    /// <summary>below = error · W: backpropagation.</summary>
    [Benchmark]
    public void BackwardThroughWeights() => _compute.Product(_error, _weights, _below);

    /// <summary>below = error · B: feedback alignment.</summary>
    [Benchmark]
    public void BackwardThroughFeedback() => _compute.Product(_error, _feedback, _below);

    /// <summary>W += errorᵀ · input: the gradient, straight into the weights.</summary>
    [Benchmark]
    public void GradientIntoWeights() => _compute.Product(_error.Transposed, _input, _weights, accumulate: true);

    [GlobalCleanup]
    public void Dispose()
    {
        _compute.Dispose();
        GC.SuppressFinalize(this);
    }
}
