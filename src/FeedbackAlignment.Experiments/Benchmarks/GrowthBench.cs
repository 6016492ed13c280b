using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using MathNet.Numerics;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>Measures how the time of a step and the memory of a training grow with the number of hidden units.</summary>
/// <param name="plan">What to measure.</param>
/// <param name="clock">Measures.</param>
public sealed class GrowthBench(GrowthPlan plan, TimeProvider clock)
{
    /// <summary>
    /// Measures. The sizes of one network under one rule are timed in turns; networks and rules one after another, to spare memory.
    /// </summary>
    /// <param name="progress">Receives the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public GrowthRecord Run(Action<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        (string Shape, string Rule)[] series = [.. from shape in plan.Shapes from rule in BenchRules.All select (shape, rule)];
        var (time, memory) = (new List<TimeGrowthRecord>(), new List<MemoryGrowthRecord>());
        foreach (var (index, (shape, rule)) in series.Index())
        {
            var times = plan.Times with { WarmUp = plan.Times.WarmUp / series.Length, Measuring = plan.Times.Measuring / series.Length };
            cancellation.ThrowIfCancellationRequested();
            using var compute = new Compute(plan.Threads);
            MemoryPointRecord[] regenerated = [.. RuleCatalog.Standard.Get(rule).CanRegenerateFeedback ? Regenerated(shape, rule) : []];
            Grown[] sizes = [.. plan.Hidden.Select(hidden => Grow(shape, rule, hidden, compute, regenerate: false))];
            memory.Add(Memory(shape, rule, regenerated: false, [.. sizes.Select(size => size.Memory)]));
            if (regenerated.Length > 0)
            {
                memory.Add(Memory(shape, rule, regenerated: true, regenerated));
            }

            TrainingTask[] tasks = [.. from batch in plan.Batches from size in sizes select size.Tasks[batch]];
            var timings = new InterleavedTimer(clock, times).Measure(tasks, share => progress((index + share) / series.Length), cancellation);
            time.AddRange(plan.Batches.Zip(timings.Chunk(sizes.Length), (batch, timed) => Time(shape, rule, batch, sizes, timed)));
        }

        return new GrowthRecord
        {
            Environment = ThisMachine.Describe(clock),
            Processor = ProcessorName.OfThisMachine(),
            Threads = plan.Threads,
            Time = time,
            Memory = memory,
        };
    }

    /// <summary>
    /// Threads of its own, which have room of their own: otherwise the first to measure would pay for both. A smaller network lives until
    /// the larger ones are measured: if it went between two readings, a larger one would seem to take less.
    /// </summary>
    private MemoryPointRecord[] Regenerated(string shape, string rule)
    {
        using var compute = new Compute(plan.Threads);
        Grown[] sizes = [.. plan.Hidden.Select(hidden => Grow(shape, rule, hidden, compute, regenerate: true))];
        MemoryPointRecord[] points = [.. sizes.Select(size => size.Memory)];
        GC.KeepAlive(sizes);
        return points;
    }

    private MemoryGrowthRecord Memory(string shape, string rule, bool regenerated, IReadOnlyList<MemoryPointRecord> points)
        => new() { Shape = shape, Rule = rule, Regenerated = regenerated, Batch = plan.Batches.Max(), Points = points };

    private static TimeGrowthRecord Time(string shape, string rule, int batch, Grown[] sizes, Timing[] timings)
    {
        double[] weights = [.. sizes.Select(size => Math.Log(size.Weights))];
        double[] times = [.. timings.Select(timing => Math.Log(timing.Median))];
        return new TimeGrowthRecord
        {
            Shape = shape,
            Rule = rule,
            Batch = batch,
            Exponent = Fit.Line(weights, times).B,
            Points = [.. sizes.Select((size, i) => new TimePointRecord
            {
                Hidden = size.Memory.Hidden,
                Weights = size.Weights,
                MicrosecondsPerStep = timings[i].Median,
                PicosecondsPerWeight = 1e6 * timings[i].Median / size.Weights / batch,
                Exponent = i == 0 ? null : (times[i] - times[i - 1]) / (weights[i] - weights[i - 1]),
            })],
        };
    }

    /// <summary>Makes a network, rule and optimizer, takes a few steps, and sees how much managed memory is gone.</summary>
    private Grown Grow(string shape, string rule, int hidden, Compute compute, bool regenerate)
    {
        var network = NetworkPlan.Parse(shape.Replace("n", $"{hidden}", StringComparison.Ordinal));
        var batch = plan.Batches.Max();
        var examples = plan.Batches.ToDictionary(size => size, size => RandomBatches.Draw(network.Inputs, network.Outputs, size));
        var workload = new BenchWorkload
        {
            Network = network.ToString(),
            Batch = batch,
            Activation = Activation.Tanh.Id,
            Limit = StepLimit.Arithmetic,
        };
        var before = Memory();
        var session = new TrainingSession(workload, rule, compute, new() { Regenerate = regenerate });
        new TrainingTask(session, examples[batch]).Run(2);
        var measured = Memory() - before;

        // A training of its own for each size of batch: one example at a time keeps weights in a layout that a batch would undo.
        var tasks = examples.ToDictionary(
            pair => pair.Key,
            pair => new TrainingTask(pair.Key == batch ? session : new TrainingSession(workload with { Batch = pair.Key }, rule, compute, new() { Regenerate = regenerate }), pair.Value));
        return new Grown(StepCost.Weights(network), tasks, new MemoryPointRecord
        {
            Hidden = hidden,
            Weights = sizeof(float) * session.Network.Size,
            Feedback = session.Rule.Feedback.Where(path => !path.IsRegenerated).Sum(path => sizeof(float) * (long)path.Weights.Rows * path.Weights.Columns),
            Activations = 2L * sizeof(float) * batch * network.Sizes.Skip(1).Sum(),
            Measured = measured,
        });
    }

    /// <summary>
    /// Managed memory in use. What goes later of itself goes first, for it would otherwise go between two readings: what waits for a
    /// finalizer, and buffers that the runtime's pools give back at a collection, a few at a time.
    /// </summary>
    private static long Memory()
    {
        var (last, now) = (long.MaxValue, Collected());
        for (var i = 0; i < 32 && now < last; i++)
        {
            (last, now) = (now, Collected());
        }

        return now;

        static long Collected()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }

    private sealed record Grown(long Weights, Dictionary<int, TrainingTask> Tasks, MemoryPointRecord Memory);
}
