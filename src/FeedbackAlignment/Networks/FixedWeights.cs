using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Weights that nothing learns, in a matrix that is kept: the B of feedback alignment.</summary>
/// <param name="values">The numbers, in the caller's memory: not copied.</param>
public sealed class FixedWeights(Matrix values) : WeightSource
{
    /// <summary>No weights: what stands for feedback where no error goes.</summary>
    internal static FixedWeights None { get; } = new(default);

    /// <inheritdoc/>
    public override int Rows => values.Rows;

    /// <inheritdoc/>
    public override int Columns => values.Columns;

    /// <inheritdoc/>
    public override Matrix Read() => values;

    /// <inheritdoc/>
    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute) => compute.Product(error, values, below);
}
