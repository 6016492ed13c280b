using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>
/// Whole trainings whose final weights are known to the bit. They must be the same for every number of threads, every vector width
/// (CI runs the suite again with DOTNET_EnableAVX512=0 and DOTNET_EnableAVX2=0), processor and operating system; so nothing here comes from
/// the platform's libm. A change that means to change the arithmetic approves new ones and says so.
/// </summary>
public sealed class GoldenRunTests
{
    [Fact]
    public void FinalWeightsOfASmallNetworkAreKnownToTheBit()
    {
        var text = new StringBuilder("rule, optimizer, SHA-256 of the final weights: 20-16-12-5 tanh, softmax cross-entropy, batch 8, 300 steps\n");
        foreach (var rule in RuleCatalog.Ids)
        {
            foreach (var optimizer in EveryOptimizer.Names)
            {
                var weights = Train(rule, optimizer, "20-16-12-5", Activation.Tanh, Loss.SoftmaxCrossEntropy, batch: 8, steps: 300, threads: 1);
                text.Append(CultureInfo.InvariantCulture, $"{rule}, {optimizer}, {weights}\n");
            }
        }

        Approved.Matches("tests/FeedbackAlignment.Tests/Approved/GoldenRun.txt", text.ToString());
    }

    /// <summary>Large enough for every product to be shared among threads and to span several blocks of the kernel.</summary>
    [Fact]
    public void FinalWeightsOfAWideNetworkAreKnownToTheBitForOneTwoAndThreeThreads()
    {
        var text = new StringBuilder("rule, optimizer, SHA-256 of the final weights: 132-96-64-70 logistic, logistic cross-entropy, batch 64, 3 steps\n");
        foreach (var rule in RuleCatalog.Ids)
        {
            foreach (var optimizer in (string[])["sgd", "adam"])
            {
                var weights = ((int[])[1, 2, 3])
                    .Select(threads => Train(rule, optimizer, "132-96-64-70", Activation.Logistic, Loss.LogisticCrossEntropy, batch: 64, steps: 3, threads))
                    .Distinct();
                text.Append(CultureInfo.InvariantCulture, $"{rule}, {optimizer}, {Assert.Single(weights)}\n");
            }
        }

        Approved.Matches("tests/FeedbackAlignment.Tests/Approved/GoldenRunWide.txt", text.ToString());
    }

    /// <summary>
    /// Feedback that is drawn again at every step, and no more kept, changes no bit: alone and in a mixture, in batches and one example
    /// at a time.
    /// </summary>
    [Fact]
    public void RegeneratedFeedbackGivesTheSameWeights()
    {
        string[] rules = [.. RuleCatalog.All.Where(rule => rule.CanRegenerateFeedback).Select(rule => rule.Id), "feedback-alignment+direct-feedback-alignment+backpropagation"];
        Assert.Contains("feedback-alignment", rules);
        Assert.Contains("direct-feedback-alignment", rules);
        foreach (var rule in rules)
        {
            foreach (var (activation, batch) in ((Activation, int)[])[(Activation.Logistic, 64), (Activation.Relu, 64), (Activation.Relu, 1)])
            {
                string Run(bool regenerate, int threads) => Train(
                    rule, "sgd", "145-150-97-131-140", activation, Loss.LogisticCrossEntropy, batch, steps: 3, threads, new() { Regenerate = regenerate });
                var kept = Run(regenerate: false, threads: 1);
                Assert.All((int[])[1, 2, 3], threads => Assert.Equal(kept, Run(regenerate: true, threads)));
            }
        }
    }

    private static string Train(
        string rule, string optimizerName, string sizes, Activation hidden, Loss loss, int batch, int steps, int threads, FeedbackOptions? feedback = null)
    {
        using var compute = new Compute(threads);
        var network = Network.Mlp(sizes, seed: 1, new() { Hidden = hidden }, compute);
        var setup = new RuleSetup(network, loss, batch, new RandomStreams(1), feedback);
        var learner = RuleCatalog.Get(rule).Create(setup);
        var data = Some.Split(batch * 10 + 3, network.Inputs, network.Outputs);
        var options = new TrainingOptions
        {
            Examples = (long)batch * steps,
            BatchSize = batch,
            LearningRate = LearningRateSchedule.Constant(0.01f).WithWarmUp(100),
            Keep = KeptWeights.Last,
        };
        var optimizer = EveryOptimizer.Create(optimizerName, learner.LearnedParameters, 0.001f);
        var result = new Trainer(learner, optimizer, data, options, setup.Streams).Run();
        Assert.Equal(TrainingStatus.Completed, result.Status);
        return Hash(network);
    }

    private static string Hash(Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in network.Parameters)
        {
            var rows = new Matrix(parameter.Read().Rows, parameter.Read().Columns);
            rows.CopyFrom(parameter.Read());
            for (var row = 0; row < rows.Rows; row++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(rows.Row(row)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
