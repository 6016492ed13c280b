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
/// A normalization in one pass. All sums are in <see cref="double"/>: over the positions of an example one term after another, and then
/// over the examples in their order. So threads can share the examples, and nothing changes a sum.
/// </summary>
internal abstract class NormRun : ModuleRun
{
    private readonly Norm _norm;
    private readonly Matrix _output, _normalized;
    private readonly double[] _sums;
    private readonly ByExample _forward, _learn, _backward;
    private Matrix _scale, _shift;

    /// <param name="norm">The normalization.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="compute">Shares the examples.</param>
    protected NormRun(Norm norm, int maxBatch, Compute compute)
    {
        (_norm, _output, _normalized) = (norm, new Matrix(maxBatch, norm.To.Size), new Matrix(maxBatch, norm.To.Size));
        _sums = new double[(long)maxBatch * Sums * Channels];
        (_forward, _learn, _backward) = (new(compute, Finish), new(compute, AddUp), new(compute, PullBack));
    }

    /// <summary>What is summed on the way back: e x̂, e, γ e, and γ e x̂, for each channel.</summary>
    protected const int Sums = 4;

    /// <summary>Numbers at each position.</summary>
    protected int Channels => _norm.To.Channels;

    /// <summary>batch × units: (x − μ) ∕ √(v + ε).</summary>
    protected Matrix Normalized { get; private set; }

    /// <summary>γ.</summary>
    protected Span<float> Scale => _scale.Row(0);

    /// <summary>β.</summary>
    protected Span<float> Shift => _shift.Row(0);

    /// <summary>How many numbers of a channel a batch has: examples × positions.</summary>
    protected double Count(Matrix batch) => (double)batch.Rows * (batch.Columns / Channels);

    /// <inheritdoc/>
    public sealed override void Forward(Matrix input, PassMode mode)
    {
        (Output, Normalized) = (_output.Top(input.Rows), _normalized.Top(input.Rows));
        (_scale, _shift) = (_norm.Scale.Read(), _norm.Shift.Read());
        Prepare(input, mode);
        _forward.Run(input, Normalized);
    }

    /// <inheritdoc/>
    public sealed override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        ArgumentNullException.ThrowIfNull(walk);
        _learn.Run(error, Normalized);
        Write(0, walk.Gradients[_norm.Scale].Write());
        Write(1, walk.Gradients[_norm.Shift].Write());
        if (isWanted)
        {
            PrepareBack(error);
            _backward.Run(error, Normalized);
        }

        return error;

        void Write(int sum, Matrix gradient)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                gradient[0, channel] = (float)(SumOf(sum, channel, error.Rows) / walk.Gradients.Divisor(error));
            }
        }
    }

    /// <summary>Finds out what is common to all examples.</summary>
    /// <param name="input">batch × units.</param>
    /// <param name="mode">Whether the pass learns or answers.</param>
    protected virtual void Prepare(Matrix input, PassMode mode)
    {
    }

    /// <summary>Computes (x − μ) ∕ √(v + ε) of an example, and the outputs.</summary>
    /// <param name="example">Its number.</param>
    /// <param name="input">Its inputs.</param>
    /// <param name="normalized">Receives it.</param>
    /// <param name="output">Receives γ times that, plus β.</param>
    protected abstract void Normalize(int example, Span<float> input, Span<float> normalized, Span<float> output);

    /// <summary>Finds out what is common to all examples of the way back, from the sums.</summary>
    /// <param name="error">batch × units.</param>
    protected virtual void PrepareBack(Matrix error)
    {
    }

    /// <summary>Takes the error of an example across the normalization, in place: from ∂loss/∂outputs to ∂loss/∂inputs.</summary>
    /// <param name="example">Its number.</param>
    /// <param name="error">Its error.</param>
    /// <param name="normalized">What it was normalized to.</param>
    protected abstract void PullBack(int example, Span<float> error, Span<float> normalized);

    /// <summary>One of the sums of a channel, over the examples in their order.</summary>
    protected double SumOf(int sum, int channel, int examples)
    {
        var all = 0.0;
        for (var (example, at) = (0, sum * Channels + channel); example < examples; example++, at += Sums * Channels)
        {
            all += _sums[at];
        }

        return all;
    }

    private void Finish(int example, Span<float> input, Span<float> normalized) => Normalize(example, input, normalized, Output.Row(example));

    private void AddUp(int example, Span<float> error, Span<float> normalized)
        => ChannelLines.SumErrors(error, normalized, Scale, _sums.AsSpan(example * Sums * Channels, Sums * Channels));
}
