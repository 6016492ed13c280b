namespace FeedbackAlignment.Rules;

/// <summary>What direct feedback sends from the output to the hidden layers, in the sign of an error.</summary>
public enum DirectSignal
{
    /// <summary>The output layer's local error.</summary>
    Error,

    /// <summary>The sign of each component of that error: −1, 0 or 1.</summary>
    SignOfError,

    /// <summary>Minus the target.</summary>
    NegativeTarget,
}
