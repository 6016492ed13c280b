using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>One thing to time: a workload under a rule.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Threads">Threads that share the step, or the runs.</param>
/// <param name="Task">Takes the steps.</param>
internal sealed record BenchCase(BenchWorkload Workload, string Rule, int Threads, TimedTask Task)
{
    /// <summary>Independent runs side by side.</summary>
    public int Runs { get; init; } = 1;
}

/// <summary>Holds times against limits.</summary>
/// <param name="timings">How long each task took.</param>
/// <param name="peaks">The multiply-adds, by number of threads.</param>
/// <param name="passes">The walks over memory.</param>
/// <param name="cases">The steps.</param>
internal sealed class BenchResults(Dictionary<TimedTask, Timing> timings, PeakTask[] peaks, PassTask[] passes, BenchCase[] cases)
{
    public BenchMachineRecord Machine(EnvironmentRecord environment) => new()
    {
        Processor = ProcessorName.OfThisMachine(),
        Environment = environment,
        FmaPeakGflops = Gflops(peaks[^1]),
        RmwGBps = GBps(passes.Last(pass => pass.Network == passes[0].Network)),
        Peaks = [.. peaks.Select(peak => new PeakRecord
        {
            Threads = peak.Threads,
            Gflops = Gflops(peak),
            BestGflops = peak.OperationsEach / (1e3 * timings[peak].Fastest),
        })],
        MemoryPasses = [.. passes.Select(pass => new MemoryPassRecord
        {
            Network = pass.Network,
            Threads = pass.Threads,
            Bytes = pass.Bytes,
            Microseconds = timings[pass].Median,
            GBps = GBps(pass),
        })],
    };

    public BenchCaseRecord Case(BenchCase one)
    {
        var shape = NetworkPlan.Parse(one.Workload.Network);
        var operations = StepCost.Operations(shape, one.Rule, one.Workload.Batch);
        var timing = timings[one.Task];
        var least = one.Workload.Limit == StepLimit.Arithmetic
            ? one.Runs * operations / (1e3 * Gflops(peaks.Single(peak => peak.Threads == one.Threads)))
            : timings[passes.Single(pass => pass.Network == one.Workload.Network && pass.Threads == one.Threads)].Median;
        return new BenchCaseRecord
        {
            Network = one.Workload.Network,
            Batch = one.Workload.Batch,
            Threads = one.Threads / one.Runs,
            Runs = one.Runs,
            InputShare = one.Workload.InputShare,
            Rule = one.Rule,
            MicrosecondsPerStep = timing.Median,
            ExamplesPerSecond = 1e6 * one.Runs * one.Workload.Batch / timing.Median,
            FractionOfLimit = least / timing.Median,
            Limit = one.Workload.Limit,
            ToBackpropagation = timing.Median / timings[Backpropagation(one).Task].Median,
            OperationsToBackpropagation = StepCost.ToBackpropagation(shape, one.Rule),
            OperationsPerStep = operations,
            FastestMicroseconds = timing.Fastest,
            Samples = timing.Samples.Count,
        };
    }

    private BenchCase Backpropagation(BenchCase one)
        => cases.Single(other => other.Workload == one.Workload && other.Threads == one.Threads && other.Rule == BenchRules.Backpropagation);

    private double Gflops(PeakTask peak) => peak.OperationsEach / (1e3 * timings[peak].Median);

    private double GBps(PassTask pass) => 2 * pass.Bytes / (1e3 * timings[pass].Median);
}
