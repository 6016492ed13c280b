using System.Diagnostics;
using System.Globalization;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// Steps of one network under one rule, for a profiler to look at, and their time. The fastest is told beside the median: other programs
/// on the machine only add to it.
/// </summary>
internal static class TrainingSteps
{
    private const int Batches = 8;
    private const float LearningRate = 1e-3f;

    /// <param name="arguments">Network, rule, batch size, threads and seconds; what is missing is as by default.</param>
    public static void Run(ReadOnlySpan<string> arguments)
    {
        var plan = NetworkPlan.Parse(arguments.Length > 0 ? arguments[0] : "lenet5");
        var rule = arguments.Length > 1 ? arguments[1] : "backpropagation";
        var (batch, threads, seconds) = (Number(arguments, 2, 64), Number(arguments, 3, 1), Number(arguments, 4, 5));
        using var compute = new Compute(threads);
        var network = plan.Build(seed: 1, compute: compute);
        var learning = RuleCatalog.Standard.Get(rule)
            .Create(new RuleSetup(network, Loss.SoftmaxCrossEntropy, batch, new RandomStreams(1), feedback: null));
        var (gradients, optimizer) = (new Gradients(learning.LearnedParameters, compute), new Sgd(learning.LearnedParameters));
        var random = new RandomStreams(1).Stream("benchmark");
        var (inputs, targets) = (new Matrix(Batches * batch, network.Inputs), new Matrix(Batches * batch, network.Outputs));
        for (var example = 0; example < inputs.Rows; example++)
        {
            foreach (ref var value in inputs.Row(example))
            {
                value = random.NextSingle();
            }

            targets[example, random.NextInt32(network.Outputs)] = 1;
        }

        List<double> times = [];
        var all = Stopwatch.StartNew();
        while (times.Count < Batches || all.Elapsed.TotalSeconds < seconds)
        {
            var start = times.Count % Batches * batch;
            var one = Stopwatch.GetTimestamp();
            learning.EstimateGradients(new Batch(inputs.Slice(start, batch), targets.Slice(start, batch)), gradients);
            optimizer.Step(gradients, LearningRate);
            times.Add(Stopwatch.GetElapsedTime(one).TotalMicroseconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rule}, batch {batch}, {threads} threads: fastest {times[0]:F0}, median {times[times.Count / 2]:F0} µs a step"));
    }

    private static int Number(ReadOnlySpan<string> arguments, int place, int otherwise)
        => arguments.Length > place ? int.Parse(arguments[place], CultureInfo.InvariantCulture) : otherwise;
}
