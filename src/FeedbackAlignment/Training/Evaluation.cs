namespace FeedbackAlignment.Training;

/// <summary>How a network does on a set of examples.</summary>
/// <param name="Loss">Mean loss per example.</param>
/// <param name="Error">Share of misclassified examples; for regression the normalized squared error Σ‖e‖² ∕ Σ‖y*‖².</param>
public readonly record struct Evaluation(double Loss, double Error)
{
    /// <summary>Whether both are finite numbers.</summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Error);
}
