using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// The three products of a convolution, beside as many multiply-adds in registers: the ratio is how many times longer than at the peak a
/// product takes. Padding keeps the size.
/// </summary>
public class ConvolutionBenchmarks : IDisposable
{
    private const int Batch = 64;
    private Compute _compute = new();
    private Calibration _peak = new();
    private Convolution? _convolution;
    private Matrix _input, _output, _error, _below, _weights, _biases, _gradient;
    private int _rounds;

    [ParamsAllValues]
    public ConvolutionCase Case { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Whether the channels and filters are at least two of the widest vectors, without a stride.</summary>
    internal bool IsWide { get; private set; }

    [GlobalSetup]
    public void Prepare()
    {
        var (size, channels, filters, kernel, stride) = Case switch
        {
            ConvolutionCase.K5From1To6On28 => (28, 1, 6, 5, 1),
            ConvolutionCase.K5From6To16On14 => (14, 6, 16, 5, 1),
            ConvolutionCase.K5From1To32On28 => (28, 1, 32, 5, 1),
            ConvolutionCase.K5From32To64On14 => (14, 32, 64, 5, 1),
            ConvolutionCase.K5From3To32On32 => (32, 3, 32, 5, 1),
            ConvolutionCase.K5From32To64On16 => (16, 32, 64, 5, 1),
            ConvolutionCase.K5From64To64On8 => (8, 64, 64, 5, 1),
            ConvolutionCase.K5From32To64On8 => (8, 32, 64, 5, 1),
            ConvolutionCase.K3From16To16On32 => (32, 16, 16, 3, 1),
            ConvolutionCase.K3From32To32On16 => (16, 32, 32, 3, 1),
            ConvolutionCase.K3From64To64On8 => (8, 64, 64, 3, 1),
            _ => (32, 16, 32, 3, 2),
        };
        IsWide = channels >= 32 && filters >= 32 && stride == 1;
        var geometry = new ConvolutionGeometry(
            Extent.Square(size), channels, filters, Extent.Square(kernel), Extent.Square(stride), padding: Extent.Square(kernel / 2),
            dilation: Extent.Square(1), groups: 1);
        (_compute, _peak) = (new Compute(Threads), new Calibration(Threads));
        _convolution = new Convolution(geometry, _compute);
        (_input, _below) = (Numbers.Matrix(Batch, geometry.InputSize), Numbers.Matrix(Batch, geometry.InputSize));
        (_output, _error) = (Numbers.Matrix(Batch, geometry.OutputSize), Numbers.Matrix(Batch, geometry.OutputSize));
        _biases = Numbers.Matrix(1, filters);
        (_weights, _gradient) = (Weights(), Weights());
        var multiplyAdds = (long)Batch * geometry.OutputSize * geometry.FilterSize;
        _rounds = (int)(multiplyAdds * 2 / _peak.MultiplyAdds(rounds: 1));

        Matrix Weights() => Numbers.Matrix(filters, geometry.FilterSize, MatrixOrder.ColumnMajor);
    }

    /// <summary>As many multiply-adds as a product has, in registers.</summary>
    [Benchmark(Baseline = true)]
    public long AtPeak() => _peak.MultiplyAdds(_rounds);

    /// <summary>output = biases + input ∗ W.</summary>
    [Benchmark]
    public void Forward() => _convolution!.Forward(_input, _weights, _biases, _output, finish: null);

    /// <summary>below = the error, back through W.</summary>
    [Benchmark]
    public void Backward() => _convolution!.Backward(_error, _weights, _below);

    /// <summary>The gradient of W.</summary>
    [Benchmark]
    public void Gradient() => _convolution!.Gradient(_error, _input, _gradient);

    [GlobalCleanup]
    public void Dispose()
    {
        _compute.Dispose();
        _peak.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Kernel, channels, filters and size of the pictures.</summary>
public enum ConvolutionCase
{
    K5From1To6On28,
    K5From6To16On14,
    K5From1To32On28,
    K5From32To64On14,
    K5From3To32On32,
    K5From32To64On16,
    K5From64To64On8,
    K5From32To64On8,
    K3From16To16On32,
    K3From32To32On16,
    K3From64To64On8,

    /// <summary>With stride 2.</summary>
    K3From16To32On32By2,
}
