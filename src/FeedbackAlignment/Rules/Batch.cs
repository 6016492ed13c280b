using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Some examples that a rule looks at together.</summary>
/// <param name="Inputs">batch × inputs.</param>
/// <param name="Targets">batch × outputs.</param>
public readonly record struct Batch(Matrix Inputs, Matrix Targets)
{
    /// <summary>Number of examples.</summary>
    public int Count => Inputs.Rows;
}
