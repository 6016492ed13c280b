namespace FeedbackAlignment.Losses;

/// <summary>What a loss itself does to a network's outputs, so that they mean what the targets say.</summary>
public enum OutputFunction
{
    /// <summary>Nothing: outputs mean themselves.</summary>
    None,

    /// <summary>1 ∕ (1 + e⁻ᶻ) of each output: independent probabilities. The output layer must be linear.</summary>
    Logistic,

    /// <summary>The softmax of an example's outputs: probabilities that sum to 1. The output layer must be linear.</summary>
    Softmax,
}
