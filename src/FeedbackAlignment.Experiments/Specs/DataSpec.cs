using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The task: where examples come from and how they are divided.</summary>
public sealed record DataSpec
{
    /// <summary>
    /// <c>digits</c> and <c>banded</c> (made by the project), <c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>, <c>teacher-linear</c>, <c>teacher-tanh</c>, or the
    /// path of a folder with CSV, NPY or IDX files or images by class, written with a slash (<c>./my-data</c>).
    /// </summary>
    [DataSource]
    public string Source { get; init; } = DataSourceIds.Digits;

    /// <summary>Training examples; null: all there are (what the project makes: 10000).</summary>
    [Bounds(AtLeast = 1)]
    public int? Train { get; init; }

    /// <summary>Validation examples; null: what the source has by custom (what the project makes 2000; files: one twelfth of the training examples, 5000 of MNIST's).</summary>
    [Bounds(AtLeast = 1)]
    public int? Validation { get; init; }

    /// <summary>Test examples; null: all there are (what the project makes: 5000).</summary>
    [Bounds(AtLeast = 1)]
    public int? Test { get; init; }

    /// <summary>Factor on all inputs after they are brought to [0, 1] (the paper's unknown pixel scaling).</summary>
    [Bounds(Above = 0)]
    public float InputScale { get; init; } = 1;

    /// <summary>Seed of data that the project makes, and of the division into training and validation examples.</summary>
    [Bounds(AtLeast = 0)]
    public ulong Seed { get; init; } = 1;

    /// <summary>The layer sizes of <c>teacher-linear</c> (two; null: 30-10) or <c>teacher-tanh</c> (null: 30-20-10-10); null elsewhere.</summary>
    [LayerSizes]
    public string? Teacher { get; init; }

    /// <summary>For teachers: the half-width of their uniform weights and biases.</summary>
    [Bounds(Above = 0)]
    public float TeacherScale { get; init; } = 1;
}
