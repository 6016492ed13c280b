using BenchmarkDotNet.Attributes;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Benchmarks;

/// <summary>What it costs to draw feedback weights anew at every step instead of keeping them.</summary>
public class RegeneratedFeedbackBenchmarks : IDisposable
{
    private Compute _compute = new();
    private LearningRule _rule = null!;
    private Gradients _gradients = null!;
    private Sgd _optimizer = null!;
    private Batch _batch;

    [Params("784-1000-10", "784-1024-1024-1024-1024-10")]
    public string Network { get; set; } = "";

    [Params("feedback-alignment", "direct-feedback-alignment")]
    public string Rule { get; set; } = "";

    [Params(1, 128)]
    public int BatchSize { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(false, true)]
    public bool Regenerate { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(Threads);
        var network = Networks.Network.Mlp(Network, 1, new() { Hidden = Activation.Tanh }, _compute);
        _rule = RuleCatalog.Standard.Get(Rule)
            .Create(new RuleSetup(network, Loss.SoftmaxCrossEntropy, BatchSize, new RandomStreams(1),
                new FeedbackOptions { Regenerate = Regenerate }));
        (_gradients, _optimizer) = (new Gradients(_rule.LearnedParameters, _compute), new Sgd(_rule.LearnedParameters));
        var targets = new Matrix(BatchSize, network.Outputs);
        for (var example = 0; example < BatchSize; example++)
        {
            targets[example, example % network.Outputs] = 1;
        }

        _batch = new Batch(Numbers.Matrix(BatchSize, network.Inputs), targets);
    }

    [Benchmark]
    public void Step()
    {
        _rule.EstimateGradients(_batch, _gradients);
        _optimizer.Step(_gradients, 1e-3f);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _compute.Dispose();
        GC.SuppressFinalize(this);
    }
}
