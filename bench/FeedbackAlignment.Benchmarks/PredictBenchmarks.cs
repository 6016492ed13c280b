using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// One question to a small network: through a pass made for it, a pass used again, and <see cref="Network.Predict(Matrix)"/>.
/// </summary>
[MemoryDiagnoser]
public class PredictBenchmarks
{
    private readonly Network _network = Network.Mlp("4-16-3", seed: 1);
    private readonly Matrix _input = Numbers.Matrix(1, 4);
    private readonly Matrix _answers = new(1, 3);
    private ForwardPass _pass = null!;

    [GlobalSetup]
    public void Prepare() => _pass = _network.CreatePass(1);

    /// <summary>What <see cref="Network.Predict(Matrix)"/> did in 0.1.</summary>
    [Benchmark]
    public Matrix NewPass() => _network.CreatePass(1).Answer(_input);

    /// <summary>The least that it can take.</summary>
    [Benchmark(Baseline = true)]
    public Matrix ReusedPass() => _pass.Answer(_input);

    [Benchmark]
    public Matrix Predict() => _network.Predict(_input);

    [Benchmark]
    public void PredictInto() => _network.Predict(_input, _answers);
}
