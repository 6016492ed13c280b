using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>All examples of a source: those to learn from, not yet divided, and those to test on.</summary>
/// <param name="Description">What they are, for people.</param>
/// <param name="Training">The training files' examples.</param>
/// <param name="Test">The test files' examples; null: there are none, and some of the training files' are taken.</param>
internal sealed record SourceExamples(string Description, DataSet Training, DataSet? Test)
{
    /// <summary>The validation files' examples; null: there are none, and some of the training files' are taken.</summary>
    public DataSet? Validation { get; init; }

    /// <summary>Names of the classes; null: they have none but their numbers.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What the user should know of how the files were read, in one line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
