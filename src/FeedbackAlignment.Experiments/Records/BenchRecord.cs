namespace FeedbackAlignment.Experiments.Records;

/// <summary>What bounds the time of a step.</summary>
public enum StepLimit
{
    /// <summary>Multiply-adds: the operations of the step at the measured peak of as many threads.</summary>
    Arithmetic,

    /// <summary>Memory: one read and one write of all weights, measured with as many threads.</summary>
    Memory,
}

/// <summary>
/// What <c>fa bench</c> measured: the machine's two limits, and the time of a step of each network under each rule. Times are medians.
/// </summary>
public sealed record BenchRecord
{
    /// <summary>The machine and its limits.</summary>
    public required BenchMachineRecord Machine { get; init; }

    /// <summary>The steps, by workload, then threads, then rule.</summary>
    public required IReadOnlyList<BenchCaseRecord> Cases { get; init; }
}

/// <summary>A machine and what it can do at best.</summary>
public sealed record BenchMachineRecord
{
    /// <summary>Name of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>The machine and the program.</summary>
    public required EnvironmentRecord Environment { get; init; }

    /// <summary>Fused multiply-adds in registers on all measured threads, 10⁹ operations a second; a multiply-add is two.</summary>
    public required double FmaPeakGflops { get; init; }

    /// <summary>
    /// One in-place read-modify-write of the first network's weights on all measured threads, 10⁹ bytes a second; read and written bytes
    /// both count.
    /// </summary>
    public required double RmwGBps { get; init; }

    /// <summary>The multiply-add peak by number of threads.</summary>
    public required IReadOnlyList<PeakRecord> Peaks { get; init; }

    /// <summary>The in-place read-modify-write of as many bytes as each network has weights.</summary>
    public required IReadOnlyList<MemoryPassRecord> MemoryPasses { get; init; }
}

/// <summary>Multiply-adds in registers.</summary>
public sealed record PeakRecord
{
    /// <summary>Threads side by side.</summary>
    public required int Threads { get; init; }

    /// <summary>10⁹ operations a second, all threads together.</summary>
    public required double Gflops { get; init; }

    /// <summary>The same in the fastest sample: what the machine does when nobody else uses it.</summary>
    public required double BestGflops { get; init; }
}

/// <summary>One in-place read-modify-write of as many bytes as a network has weights.</summary>
public sealed record MemoryPassRecord
{
    /// <summary>Layer sizes of the network, or its name.</summary>
    public required string Network { get; init; }

    /// <summary>Threads side by side.</summary>
    public required int Threads { get; init; }

    /// <summary>Bytes of the weights; each is read once and written once.</summary>
    public required long Bytes { get; init; }

    /// <summary>Microseconds of one pass.</summary>
    public required double Microseconds { get; init; }

    /// <summary>10⁹ bytes a second, read and written bytes both counted.</summary>
    public required double GBps { get; init; }
}

/// <summary>One network, batch size, number of threads and rule.</summary>
public sealed record BenchCaseRecord
{
    /// <summary>Layer sizes, or the name of a network of pictures.</summary>
    public required string Network { get; init; }

    /// <summary>Examples per step.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads that share the step.</summary>
    public required int Threads { get; init; }

    /// <summary>Independent runs that went side by side, each on threads of its own.</summary>
    public required int Runs { get; init; }

    /// <summary>The share of the inputs that were not 0.</summary>
    public required double InputShare { get; init; }

    /// <summary>Id of the learning rule.</summary>
    public required string Rule { get; init; }

    /// <summary>
    /// Microseconds of one step: forward pass, loss, gradients, change of the weights; of every run, where several go side by side.
    /// </summary>
    public required double MicrosecondsPerStep { get; init; }

    /// <summary>Examples learned from in a second, by all runs together.</summary>
    public required double ExamplesPerSecond { get; init; }

    /// <summary>
    /// The least time that the limit allows ∕ the time it took; 1 is the machine's limit. One pass is over all weights, and those out of
    /// inputs of 0 need not be read: where there are many, it can be above 1.
    /// </summary>
    public required double FractionOfLimit { get; init; }

    /// <summary>Which limit that is.</summary>
    public required StepLimit Limit { get; init; }

    /// <summary>The time ∕ backpropagation's on the same workload and threads, from the same rounds.</summary>
    public required double ToBackpropagation { get; init; }

    /// <summary>
    /// The operations ∕ backpropagation's: what <see cref="ToBackpropagation"/> would be if every operation took as long.
    /// </summary>
    public required double OperationsToBackpropagation { get; init; }

    /// <summary>Floating-point operations of one run's step's matrix products, those with a 0 too; a multiply-add is two.</summary>
    public required long OperationsPerStep { get; init; }

    /// <summary>Microseconds of a step in the fastest sample.</summary>
    public required double FastestMicroseconds { get; init; }

    /// <summary>Samples taken, each of several steps.</summary>
    public required int Samples { get; init; }
}
