namespace FeedbackAlignment.Experiments.Records;

/// <summary>What <c>fa bench --growth</c> measured: how time and memory grow with the number of hidden units.</summary>
public sealed record GrowthRecord
{
    /// <summary>The machine and the program.</summary>
    public required EnvironmentRecord Environment { get; init; }

    /// <summary>Name of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Threads that share a step.</summary>
    public required int Threads { get; init; }

    /// <summary>Time, by shape, rule and batch size.</summary>
    public required IReadOnlyList<TimeGrowthRecord> Time { get; init; }

    /// <summary>
    /// Memory, by shape and rule; of a rule that can do both, with feedback weights that are kept and that are regenerated.
    /// </summary>
    public required IReadOnlyList<MemoryGrowthRecord> Memory { get; init; }
}

/// <summary>How the time of a step grows.</summary>
public sealed record TimeGrowthRecord
{
    /// <summary>Layer sizes, n for the hidden units, e.g. <c>784-n-10</c>.</summary>
    public required string Shape { get; init; }

    /// <summary>Id of the learning rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Examples per step.</summary>
    public required int Batch { get; init; }

    /// <summary>
    /// The power of the number of weights that the time goes with: the slope of log time over log weights, by least squares.
    /// </summary>
    public required double Exponent { get; init; }

    /// <summary>By number of hidden units.</summary>
    public required IReadOnlyList<TimePointRecord> Points { get; init; }
}

/// <summary>The time of a step of a network of one size.</summary>
public sealed record TimePointRecord
{
    /// <summary>Units in a hidden layer.</summary>
    public required int Hidden { get; init; }

    /// <summary>Weights of the network.</summary>
    public required long Weights { get; init; }

    /// <summary>Microseconds of one step.</summary>
    public required double MicrosecondsPerStep { get; init; }

    /// <summary>Picoseconds of a step for one weight and one example.</summary>
    public required double PicosecondsPerWeight { get; init; }

    /// <summary>The exponent from the size before to this one: where the growth bends; null for the first.</summary>
    public required double? Exponent { get; init; }
}

/// <summary>How the memory of a training grows.</summary>
public sealed record MemoryGrowthRecord
{
    /// <summary>Layer sizes, n for the hidden units.</summary>
    public required string Shape { get; init; }

    /// <summary>Id of the learning rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Whether feedback weights are drawn again at every step instead of being kept.</summary>
    public required bool Regenerated { get; init; }

    /// <summary>The most examples per step, for which there is room.</summary>
    public required int Batch { get; init; }

    /// <summary>By number of hidden units.</summary>
    public required IReadOnlyList<MemoryPointRecord> Points { get; init; }
}

/// <summary>The memory of a network of one size, its rule and its optimizer, in bytes.</summary>
public sealed record MemoryPointRecord
{
    /// <summary>Units in a hidden layer.</summary>
    public required int Hidden { get; init; }

    /// <summary>Weights and biases.</summary>
    public required long Weights { get; init; }

    /// <summary>Feedback weights that are kept.</summary>
    public required long Feedback { get; init; }

    /// <summary>Two batches of activations: every layer's outputs and errors.</summary>
    public required long Activations { get; init; }

    /// <summary>Managed memory that network, rule, gradients and optimizer really take after some steps.</summary>
    public required long Measured { get; init; }
}
