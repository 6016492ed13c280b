using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>A network and batch size whose step is timed, by plain SGD on random examples.</summary>
public sealed record BenchWorkload
{
    /// <summary>Layer sizes, or the name of a network of pictures.</summary>
    public required string Network { get; init; }

    /// <summary>Examples per step.</summary>
    public required int Batch { get; init; }

    /// <summary>Id of the hidden layers' activation; null: the network says it.</summary>
    public string? Activation { get; init; }

    /// <summary>Id of the loss; the output layer is linear.</summary>
    public string Loss { get; init; } = Losses.Loss.SoftmaxCrossEntropy.Id;

    /// <summary>What bounds its time.</summary>
    public required StepLimit Limit { get; init; }

    /// <summary>Whether it is too small to be shared among threads, and timed on one.</summary>
    public bool OneThread { get; init; }

    /// <summary>Whether as many independent runs as there are threads go side by side, each on one thread, as seeds do.</summary>
    public bool SideBySide { get; init; }

    /// <summary>The share of the inputs that are not 0, in (0, 1]: each is, with this probability.</summary>
    public double InputShare { get; init; } = 1;
}

/// <summary>What to time, and for how long.</summary>
public sealed record BenchPlan
{
    /// <summary>Networks and batch sizes.</summary>
    public required IReadOnlyList<BenchWorkload> Workloads { get; init; }

    /// <summary>The most threads; every workload is also timed on one.</summary>
    public required int Threads { get; init; }

    /// <summary>How long, and in what portions.</summary>
    public BenchTimes Times { get; init; } = new();

    /// <summary>The networks that are timed, each once.</summary>
    public IEnumerable<string> Networks => Workloads.Select(workload => workload.Network).Distinct();

    /// <summary>
    /// Minibatches, one example at a time (dense, and with as many zeros as MNIST has), a tiny network, alone and many, and minibatches of
    /// pictures: what <c>fa bench</c> times.
    /// </summary>
    /// <param name="threads">The most threads.</param>
    public static BenchPlan Standard(int threads) => new()
    {
        Threads = threads,
        Workloads =
        [
            new() { Network = "784-1000-10", Batch = 128, Activation = Activation.Logistic.Id, Limit = StepLimit.Arithmetic },
            new() { Network = "784-1024-1024-1024-1024-10", Batch = 128, Activation = Activation.Tanh.Id, Limit = StepLimit.Arithmetic },
            new() { Network = "784-1000-10", Batch = 1, Activation = Activation.Logistic.Id, Limit = StepLimit.Memory },
            new() { Network = "784-1024-1024-1024-1024-10", Batch = 1, Activation = Activation.Tanh.Id, Limit = StepLimit.Memory },
            new() { Network = "784-1000-10", Batch = 1, Activation = Activation.Logistic.Id, Limit = StepLimit.Memory, InputShare = 0.19 },
            new()
            {
                Network = "30-20-10",
                Batch = 1,
                Activation = Activation.Linear.Id,
                Loss = Loss.SquaredError.Id,
                Limit = StepLimit.Arithmetic,
                OneThread = true,
            },
            new()
            {
                Network = "30-20-10",
                Batch = 1,
                Activation = Activation.Linear.Id,
                Loss = Loss.SquaredError.Id,
                Limit = StepLimit.Arithmetic,
                SideBySide = true,
            },
            .. ((string[])["conv-mnist", "conv-cifar", "resnet-20"]).Select(
                network => new BenchWorkload { Network = network, Batch = 64, Limit = StepLimit.Arithmetic }),
        ],
    };
}

/// <summary>How the growth of time and memory is measured.</summary>
public sealed record GrowthPlan
{
    /// <summary>Layer sizes, n for the hidden units.</summary>
    public IReadOnlyList<string> Shapes { get; init; } = ["784-n-10", "784-n-n-10"];

    /// <summary>Hidden units, ascending.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 512, 1024, 2048, 4096];

    /// <summary>Examples per step; memory is that of the largest.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [128, 1];

    /// <summary>Threads that share a step.</summary>
    public required int Threads { get; init; }

    /// <summary>How long for all, and in what portions.</summary>
    public BenchTimes Times { get; init; } = new();
}

/// <summary>How long to measure, and in what portions.</summary>
public sealed record BenchTimes
{
    /// <summary>The least number of samples of a task, however long they take.</summary>
    public int LeastSamples { get; init; } = 3;

    /// <summary>Running without measuring, until everything is compiled.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Measuring.</summary>
    public TimeSpan Measuring { get; init; } = TimeSpan.FromSeconds(36);

    /// <summary>One sample: one reading of the clock.</summary>
    public TimeSpan Sample { get; init; } = TimeSpan.FromMilliseconds(20);
}
