namespace FeedbackAlignment.Training;

/// <summary>How a network does on a set of examples.</summary>
/// <param name="Loss">Mean loss per example.</param>
/// <param name="Error">Share of misclassified examples; for regression the normalized squared error Σ‖e‖² ∕ Σ‖y*‖².</param>
public readonly record struct Evaluation(double Loss, double Error)
{
    /// <summary>Where there are no examples to evaluate on.</summary>
    internal static Evaluation None => new(double.NaN, double.NaN);

    /// <summary>Whether both are finite numbers.</summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Error);

    /// <summary>Errors of few examples are often equal, down to 0: the loss then tells a lucky beginning from what was learned.</summary>
    internal bool IsBetterThan(Evaluation other)
        => Error < other.Error || (Error == other.Error && Loss < other.Loss) || (IsFinite && !other.IsFinite);
}
