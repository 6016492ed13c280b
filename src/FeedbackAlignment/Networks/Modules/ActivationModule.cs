using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A function of each unit on its own, h = σ(z), where it does not stand in a layer with weights: after a normalization or a sum.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The shape of its inputs and outputs.</param>
/// <param name="activation">The function.</param>
public sealed class ActivationModule(string name, Shape shape, Activation activation) : Module(name, shape, shape)
{
    /// <summary>The function.</summary>
    public Activation Activation { get; } = activation ?? throw new ArgumentNullException(nameof(activation));

    /// <inheritdoc/>
    public override bool IsActivation => true;

    /// <inheritdoc/>
    public override string Kind => $"activation {Activation.Id}";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new ActivationRun(Activation, new Matrix(setup.MaxBatch, To.Size), setup.Compute);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Activation}";
}

/// <summary>An activation in one pass.</summary>
/// <param name="activation">The function.</param>
/// <param name="output">maxBatch × units.</param>
/// <param name="compute">Shares the work.</param>
internal sealed class ActivationRun(Activation activation, Matrix output, Compute compute) : ModuleRun
{
    private Matrix _input;

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        _input = input;
        Output = output.Top(input.Rows);
        activation.Apply(input, Output, compute);
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        activation.MultiplyByDerivative(error, _input, Output, compute);
        return error;
    }

    /// <inheritdoc/>
    internal override void ReleaseInput() => _input = default;
}
