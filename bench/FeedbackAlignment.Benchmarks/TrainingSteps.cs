using System.Diagnostics;
using System.Globalization;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// Steps of one network under one rule, for a profiler to look at, and their time. On one thread it is also told how much the processor
/// would do in that time at its peak, measured in turns: of that, other programs on the machine change little.
/// </summary>
internal static class TrainingSteps
{
    private const int Batches = 8, PeakRounds = 2000;
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

        using var peak = new Calibration(threads);
        List<double> times = [], worth = [];
        var all = Stopwatch.StartNew();
        while (times.Count < Batches || all.Elapsed.TotalSeconds < seconds)
        {
            var start = times.Count % Batches * batch;
            var (one, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            learning.EstimateGradients(new Batch(inputs.Slice(start, batch), targets.Slice(start, batch)), gradients);
            optimizer.Step(gradients, LearningRate);
            var spent = Environment.CpuUsage.TotalTime - busy;
            times.Add(Stopwatch.GetElapsedTime(one).TotalMicroseconds);
            busy = Environment.CpuUsage.TotalTime;
            var operations = peak.MultiplyAdds(PeakRounds);
            worth.Add(operations / 1e6 * (spent / (Environment.CpuUsage.TotalTime - busy)));
        }

        times.Sort();
        worth.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rule}, batch {batch}, {threads} threads: fastest {times[0]:F0}, median {times[times.Count / 2]:F0} µs a step, "
                + $"worth {worth[worth.Count / 10]:F0} ... {worth[worth.Count / 2]:F0} MFLOP at the peak"));
    }

    private static int Number(ReadOnlySpan<string> arguments, int place, int otherwise)
        => arguments.Length > place ? int.Parse(arguments[place], CultureInfo.InvariantCulture) : otherwise;
}
