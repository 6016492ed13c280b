using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Every output sees every input: W is outputs × inputs.</summary>
/// <param name="inputs">Width of the input, ≥ 1.</param>
/// <param name="outputs">Number of outputs, ≥ 1.</param>
/// <param name="compute">Does the products.</param>
public sealed class DenseMap(int inputs, int outputs, Compute compute)
    : LinearMap(Shape.Flat(inputs), Shape.Flat(outputs), outputs, inputs, compute)
{
    /// <inheritdoc/>
    internal override string Kind => "dense";

    /// <inheritdoc/>
    public override void Backward(in Matrix error, WeightSource through, in Matrix below)
    {
        ArgumentNullException.ThrowIfNull(through);
        through.MultiplyBack(error, below, Compute);
    }

    /// <inheritdoc/>
    internal override void Forward(in Matrix input, Parameter weights, in Matrix biases, in Matrix output, Finish? finish)
        => weights.Multiply(input, biases, output, finish, Compute);

    /// <inheritdoc/>
    internal override void Apply(Matrix input, Matrix weights, Matrix output) => Compute.Product(input, weights.Transposed, output);

    /// <inheritdoc/>
    internal override void AddCorrelation(Matrix input, Matrix response, Matrix into)
        => Compute.Product(response.Transposed, input, into, accumulate: true);

    /// <inheritdoc/>
    internal override LinearMap Widened(int rows) => new DenseMap(Columns, rows, Compute);

    /// <inheritdoc/>
    internal override LinearMap AtEachPosition(int inputs) => new DenseMap(inputs, Rows, Compute);

    /// <inheritdoc/>
    internal override void Gradient(in Matrix input, in Matrix error, Gradient into) => into.SetMeanOuterProduct(error, input);
}
