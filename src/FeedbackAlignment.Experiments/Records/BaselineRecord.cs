namespace FeedbackAlignment.Experiments.Records;

/// <summary>
/// What a network must beat to have learned anything, and the range of its inputs. Always answering the same thing is the baseline: the
/// most frequent class of the training examples, or the mean of their targets. The error of that answer is measured on the test examples.
/// </summary>
public sealed record BaselineRecord
{
    /// <summary>
    /// The test error of always answering the same, in the same units as <see cref="RunRecord.TestError"/>: a share of misclassified
    /// examples, or Σ‖y* − mean‖² ∕ Σ‖y*‖². Null where it is not defined: all test targets of a regression are 0.
    /// </summary>
    public double? TestError { get; init; }

    /// <summary>The most frequent class of the training examples; null for regression.</summary>
    public int? Class { get; init; }

    /// <summary>By output: the mean squared error of the training mean on the test examples. Empty for classification.</summary>
    public IReadOnlyList<double> OutputErrors { get; init; } = [];

    /// <summary>The least number in the training inputs, as the network gets them.</summary>
    public double LeastInput { get; init; }

    /// <summary>The greatest number in the training inputs, as the network gets them.</summary>
    public double GreatestInput { get; init; }
}
