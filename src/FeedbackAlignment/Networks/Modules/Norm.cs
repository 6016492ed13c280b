using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What normalizations share: y = γ (x − μ) ∕ √(v + ε) + β, with a scale γ and a shift β for each channel.</summary>
public abstract class Norm : Module
{
    private protected Norm(string name, Shape shape, double epsilon)
        : base(name, shape, shape)
    {
        Epsilon = epsilon > 0 && double.IsFinite(epsilon)
            ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "what is added to the variance must be a finite number > 0");
        Scale = new Parameter($"{name}.scale", ParameterKind.Scale, new Matrix(1, shape.Channels));
        Scale.Read().Fill(1);
        Shift = new Parameter($"{name}.shift", ParameterKind.Shift, new Matrix(1, shape.Channels));
    }

    /// <summary>What the norms of a plan are called, followed by a number.</summary>
    private protected const string NamePrefix = "norm";

    /// <summary>ε, which is added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>γ, 1 × channels; 1 at the beginning.</summary>
    public Parameter Scale { get; }

    /// <summary>β, 1 × channels; 0 at the beginning.</summary>
    public Parameter Shift { get; }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [Scale, Shift];

    /// <summary>The parameters of a norm in a plan.</summary>
    private protected static IEnumerable<ModuleTensor> ScaleAndShift(PlannedModule planned)
        => [new("scale", 1, planned.From.Channels) { PyTorchName = "weight" }, new("shift", 1, planned.From.Channels) { PyTorchName = "bias" }];
}

/// <summary>
/// A normalization in one pass. All sums are in <see cref="double"/>, one term after another, so that nothing changes their order.
/// </summary>
/// <param name="norm">The normalization.</param>
/// <param name="maxBatch">The most examples in a batch.</param>
internal abstract class NormRun(Norm norm, int maxBatch) : ModuleRun
{
    private readonly Matrix _output = new(maxBatch, norm.To.Size), _normalized = new(maxBatch, norm.To.Size);
    private readonly double[] _scaleGradient = new double[norm.To.Channels], _shiftGradient = new double[norm.To.Channels];
    private readonly int _positions = norm.To.Height * norm.To.Width;

    /// <summary>batch × units: (x − μ) ∕ √(v + ε).</summary>
    protected Matrix Normalized { get; private set; }

    /// <summary>How many places a batch has: examples × positions.</summary>
    protected int Places(Matrix batch) => batch.Rows * _positions;

    /// <summary>The channels at a place.</summary>
    protected Span<float> At(Matrix batch, int place)
        => batch.Row(place / _positions).Slice(place % _positions * norm.To.Channels, norm.To.Channels);

    /// <inheritdoc/>
    public sealed override void Forward(Matrix input, PassMode mode)
    {
        (Output, Normalized) = (_output.Top(input.Rows), _normalized.Top(input.Rows));
        Normalize(input, Normalized, mode);
        Span<float> scale = norm.Scale.Read().Row(0), shift = norm.Shift.Read().Row(0);
        for (var place = 0; place < Places(input); place++)
        {
            Span<float> normalized = At(Normalized, place), output = At(Output, place);
            for (var channel = 0; channel < output.Length; channel++)
            {
                output[channel] = float.FusedMultiplyAdd(normalized[channel], scale[channel], shift[channel]);
            }
        }
    }

    /// <inheritdoc/>
    public sealed override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        ArgumentNullException.ThrowIfNull(walk);
        Learn(error, walk.Gradients);
        if (!isWanted)
        {
            return error;
        }

        Span<float> scale = norm.Scale.Read().Row(0);
        for (var place = 0; place < Places(error); place++)
        {
            var line = At(error, place);
            for (var channel = 0; channel < line.Length; channel++)
            {
                line[channel] *= scale[channel];
            }
        }

        PullBack(error);
        return error;
    }

    /// <summary>Computes (x − μ) ∕ √(v + ε).</summary>
    /// <param name="input">batch × units.</param>
    /// <param name="normalized">batch × units; receives it.</param>
    /// <param name="mode">Whether the pass learns or answers.</param>
    protected abstract void Normalize(Matrix input, Matrix normalized, PassMode mode);

    /// <summary>Takes the error across the normalization, in place: from ∂loss/∂normalized to ∂loss/∂inputs.</summary>
    /// <param name="error">batch × units.</param>
    protected abstract void PullBack(Matrix error);

    private void Learn(Matrix error, Gradients gradients)
    {
        Array.Clear(_scaleGradient);
        Array.Clear(_shiftGradient);
        for (var place = 0; place < Places(error); place++)
        {
            Span<float> line = At(error, place), normalized = At(Normalized, place);
            for (var channel = 0; channel < line.Length; channel++)
            {
                _scaleGradient[channel] += (double)line[channel] * normalized[channel];
                _shiftGradient[channel] += line[channel];
            }
        }

        Write(_scaleGradient, gradients[norm.Scale].Write());
        Write(_shiftGradient, gradients[norm.Shift].Write());

        void Write(double[] sums, Matrix gradient)
        {
            for (var channel = 0; channel < sums.Length; channel++)
            {
                gradient[0, channel] = (float)(sums[channel] / gradients.Divisor(error));
            }
        }
    }
}
