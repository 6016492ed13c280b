using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>A layer whose every unit sees every input, unless connections are missing: h = σ(W x + b).</summary>
public sealed class DenseLayer : WeightedLayer
{
    private readonly Compute _compute;
    private readonly Matrix _noBiases;

    /// <summary>Makes a layer of zero weights and biases.</summary>
    /// <param name="name">Name in files and messages.</param>
    /// <param name="inputs">Width of the input, ≥ 1.</param>
    /// <param name="outputs">Number of units, ≥ 1.</param>
    /// <param name="activation">What the units do to their pre-activations.</param>
    /// <param name="bias">Whether units have biases.</param>
    /// <param name="compute">Does the products.</param>
    /// <param name="connections">outputs × inputs: 1 where there is a connection, 0 where there is none; null: all are there.</param>
    /// <exception cref="ArgumentException">The connections have another shape.</exception>
    public DenseLayer(string name, int inputs, int outputs, Activation activation, bool bias, Compute compute, Matrix? connections = null)
        : base(name, inputs, outputs, activation)
    {
        ArgumentNullException.ThrowIfNull(compute);
        _compute = compute;

        // Column-major: the forward product runs along the units, so it reads the weights out of one input side by side.
        Weights = new Parameter($"{name}.weights", ParameterKind.Weights, new Matrix(outputs, inputs, MatrixOrder.ColumnMajor), connections);
        _noBiases = bias ? default : new Matrix(1, outputs);
        Biases = bias ? new Parameter($"{name}.biases", ParameterKind.Biases, new Matrix(1, outputs)) : null;
    }

    /// <inheritdoc/>
    public override Parameter Weights { get; }

    /// <inheritdoc/>
    public override Parameter? Biases { get; }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output) => Multiply(input, output, Activation.Finish);

    /// <inheritdoc/>
    internal override void Integrate(Matrix input, Matrix output) => Multiply(input, output, finish: null);

    /// <inheritdoc/>
    public override void Localize(Matrix error, Matrix output) => Activation.MultiplyByDerivative(error, output, _compute);

    /// <inheritdoc/>
    public override void Backward(Matrix localError, Matrix through, Matrix below) => _compute.Product(localError, through, below);

    /// <inheritdoc/>
    public override void Backward(Matrix localError, Parameter through, Matrix below)
    {
        ArgumentNullException.ThrowIfNull(through);
        through.MultiplyBack(localError, below, _compute);
    }

    /// <inheritdoc/>
    internal override void Backward(Matrix localError, DrawnMatrix through, Matrix below) => _compute.Product(localError, through, below);

    /// <inheritdoc/>
    public override void Gradient(Matrix input, Matrix localError, Gradients into)
    {
        into[Weights].SetMeanOuterProduct(localError, input);
        if (Biases is not null)
        {
            into[Biases].SetMean(localError);
        }
    }

    /// <inheritdoc/>
    internal override WeightedLayer Twin() => new DenseLayer(Name, Inputs, Outputs, Activation, Biases is not null, _compute, Weights.Connections);

    private protected override string Kind => "dense";

    private void Multiply(Matrix input, Matrix output, Finish? finish)
        => Weights.Multiply(input, Biases?.Values ?? _noBiases, output, finish, _compute);
}
