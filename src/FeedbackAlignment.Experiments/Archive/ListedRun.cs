namespace FeedbackAlignment.Experiments.Archive;

/// <summary>How far a run is, as far as its folder shows.</summary>
public enum RunState
{
    /// <summary>It went through all its examples.</summary>
    Completed,

    /// <summary>The loss became infinite, not a number, or exploded.</summary>
    Diverged,

    /// <summary>The user stopped it; what it had until then is kept.</summary>
    Cancelled,

    /// <summary>It stopped itself, for validation had not got better for long; it came to its end.</summary>
    StoppedEarly,

    /// <summary>It has begun and not ended: it goes on now, or was killed.</summary>
    Unfinished,

    /// <summary>Its folder is there, but its record cannot be read.</summary>
    Unreadable,
}

/// <summary>A run as a list shows it.</summary>
public sealed record ListedRun
{
    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of its experiment; empty if the spec cannot be read.</summary>
    public required string Experiment { get; init; }

    /// <summary>The id of the learning rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The root seed; null if not even the folder's name tells it.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The source of the data, e.g. <c>digits</c>.</summary>
    public required string Data { get; init; }

    /// <summary>The layers of the network, e.g. <c>784-800-10</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Whether errors are shares of misclassified examples (else: normalized squared errors).</summary>
    public required bool Classification { get; init; }

    /// <summary>How far it is.</summary>
    public required RunState State { get; init; }

    /// <summary>Error on the validation examples; null if there is none yet.</summary>
    public double? ValidationError { get; init; }

    /// <summary>Error on the test examples; null if there is none yet.</summary>
    public double? TestError { get; init; }

    /// <summary>Examples learned from; null if it has not ended.</summary>
    public long? Examples { get; init; }

    /// <summary>Wall-clock seconds; null if it has not ended.</summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// The keys in which <c>spec.json</c> is no longer what the run was trained under; the data and the network above are those it was
    /// trained with.
    /// </summary>
    public IReadOnlyList<string> ChangedKeys { get; init; } = [];

    /// <summary>When its experiment began.</summary>
    public required DateTimeOffset Began { get; init; }
}
