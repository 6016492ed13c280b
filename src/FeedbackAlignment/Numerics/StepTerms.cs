namespace FeedbackAlignment.Numerics;

/// <summary>What one example adds to the weights: w ← kept · w + input ⊗ error.</summary>
/// <param name="Kept">What is kept of every weight.</param>
/// <param name="Input">1 × inputs.</param>
/// <param name="Error">1 × outputs, row-major.</param>
/// <param name="Owed">What lines have not been multiplied with yet; null: every line has been, and is in this step too.</param>
internal readonly record struct StepTerms(float Kept, Matrix Input, Matrix Error, OwedDecay? Owed = null)
{
    /// <summary>No step: the weights stay as they are.</summary>
    public static StepTerms None => new(1, default, default);

    /// <summary>Whether there is a step.</summary>
    public bool Exist => Input.Rows != 0;
}

/// <summary>What one example takes from the weights: output += input · w.</summary>
/// <param name="Input">1 × inputs.</param>
/// <param name="Output">1 × outputs, row-major; added to.</param>
internal readonly record struct ProductTerms(Matrix Input, Matrix Output)
{
    /// <summary>No product: the weights are only stepped.</summary>
    public static ProductTerms None => default;

    /// <summary>Whether there is a product.</summary>
    public bool Exist => Input.Rows != 0;
}
