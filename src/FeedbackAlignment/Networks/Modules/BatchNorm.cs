using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Batch normalization: each channel is normalized over the examples and positions of a batch. Answers use running statistics, so an answer
/// does not depend on the examples beside it. Ioffe, Szegedy, arXiv 1502.03167 (2015).
/// </summary>
/// <remarks>
/// The batch's variance is over n; the running one is over n − 1, and the first batch moves it from 1, as in PyTorch. Examples of a batch
/// depend on each other: a batch's gradient is not the mean of its examples', and a row of an error is the number of examples that count
/// times the derivative of the mean loss. Examples that do not count are in the statistics all the same.
/// </remarks>
public sealed class BatchNorm : Norm
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape of its inputs and outputs.</param>
    /// <param name="epsilon">What is added to the variance, &gt; 0.</param>
    /// <param name="momentum">The share of a batch in the running statistics, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="epsilon"/> or <paramref name="momentum"/> is out of its range.
    /// </exception>
    public BatchNorm(string name, Shape shape, double epsilon = 1e-5, double momentum = 0.1)
        : base(name, shape, epsilon)
    {
        Momentum = momentum is > 0 and <= 1
            ? momentum
            : throw new ArgumentOutOfRangeException(
                nameof(momentum), momentum, "the share of a batch in the running statistics must be in (0, 1]");
        (RunningMean, RunningVariance) = (new Matrix(1, shape.Channels), new Matrix(1, shape.Channels));
        RunningVariance.Fill(1);
    }

    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<BatchNorm>(
        "batch-norm",
        "Each unit is normalized over a batch of at least 2 examples, each channel of pictures over examples and positions; answers use "
            + "running statistics.",
        (planned, _) => new BatchNorm(planned.Name, planned.From))
    {
        NamePrefix = NamePrefix,
        LeastBatch = planned => Least(planned.From),
        Parameters = ScaleAndShift,
        Buffers = planned =>
        [
            new("running-mean", 1, planned.From.Channels),
            new("running-variance", 1, planned.From.Channels) { PyTorchName = "running_var" },
        ],
    };

    /// <summary>The share of a batch in the running statistics.</summary>
    public double Momentum { get; }

    /// <summary>1 × channels: the running mean; 0 at the beginning.</summary>
    public Matrix RunningMean { get; }

    /// <summary>1 × channels: the running variance; 1 at the beginning.</summary>
    public Matrix RunningVariance { get; }

    /// <inheritdoc/>
    public override IEnumerable<ModuleBuffer> Buffers
        => [new($"{Name}.running-mean", RunningMean), new($"{Name}.running-variance", RunningVariance)];

    /// <summary>Two, where each example has one position: one number has no variance.</summary>
    public override int LeastBatch => Least(To);

    /// <inheritdoc/>
    public override string Kind => "batch-norm";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings
        => new Dictionary<string, double> { ["epsilon"] = Epsilon, ["momentum"] = Momentum };

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new BatchNormRun(this, setup.MaxBatch);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: batch norm";

    private static int Least(Shape shape) => shape.IsPicture ? 1 : 2;
}

/// <summary>Batch normalization in one pass.</summary>
/// <param name="norm">The normalization.</param>
/// <param name="maxBatch">The most examples in a batch.</param>
internal sealed class BatchNormRun(BatchNorm norm, int maxBatch) : NormRun(norm, maxBatch)
{
    private readonly double[] _mean = new double[norm.To.Channels], _inverse = new double[norm.To.Channels],
        _along = new double[norm.To.Channels];

    /// <inheritdoc/>
    protected override void Normalize(Matrix input, Matrix normalized, PassMode mode)
    {
        if (mode == PassMode.Learn)
        {
            TakeStatistics(input);
        }
        else
        {
            for (var channel = 0; channel < _mean.Length; channel++)
            {
                _mean[channel] = norm.RunningMean[0, channel];
                _inverse[channel] = 1 / Math.Sqrt(norm.RunningVariance[0, channel] + norm.Epsilon);
            }
        }

        for (var place = 0; place < Places(input); place++)
        {
            Span<float> from = At(input, place), to = At(normalized, place);
            for (var channel = 0; channel < from.Length; channel++)
            {
                to[channel] = (float)((from[channel] - _mean[channel]) * _inverse[channel]);
            }
        }
    }

    /// <inheritdoc/>
    protected override void PullBack(Matrix error)
    {
        Array.Clear(_mean);
        Array.Clear(_along);
        double count = Places(error);
        for (var place = 0; place < count; place++)
        {
            Span<float> line = At(error, place), normalized = At(Normalized, place);
            for (var channel = 0; channel < line.Length; channel++)
            {
                _mean[channel] += line[channel];
                _along[channel] += (double)line[channel] * normalized[channel];
            }
        }

        for (var place = 0; place < count; place++)
        {
            Span<float> line = At(error, place), normalized = At(Normalized, place);
            for (var channel = 0; channel < line.Length; channel++)
            {
                line[channel] = (float)(
                    (line[channel] - _mean[channel] / count - normalized[channel] * (_along[channel] / count)) * _inverse[channel]);
            }
        }
    }

    private void TakeStatistics(Matrix input)
    {
        double count = Places(input);
        if (count < 2)
        {
            throw new ArgumentException($"{norm} needs at least two examples in a batch to learn: one has no variance", nameof(input));
        }

        Array.Clear(_mean);
        for (var place = 0; place < count; place++)
        {
            var line = At(input, place);
            for (var channel = 0; channel < line.Length; channel++)
            {
                _mean[channel] += line[channel] / count;
            }
        }

        Array.Clear(_inverse);
        for (var place = 0; place < count; place++)
        {
            var line = At(input, place);
            for (var channel = 0; channel < line.Length; channel++)
            {
                _inverse[channel] += (line[channel] - _mean[channel]) * (line[channel] - _mean[channel]) / count;
            }
        }

        for (var channel = 0; channel < _mean.Length; channel++)
        {
            var variance = _inverse[channel];
            Move(ref norm.RunningMean[0, channel], _mean[channel]);
            Move(ref norm.RunningVariance[0, channel], variance * count / (count - 1));
            _inverse[channel] = 1 / Math.Sqrt(variance + norm.Epsilon);
        }

        void Move(ref float running, double batch) => running = (float)((1 - norm.Momentum) * running + norm.Momentum * batch);
    }
}
