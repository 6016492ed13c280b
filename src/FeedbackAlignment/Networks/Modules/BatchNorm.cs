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
    public override bool MixesExamples => true;

    /// <inheritdoc/>
    public override string Kind => "batch-norm";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings
        => new Dictionary<string, double> { ["epsilon"] = Epsilon, ["momentum"] = Momentum };

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new BatchNormRun(this, setup.MaxBatch, setup.Compute);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: batch norm";

    private static int Least(Shape shape) => shape.IsPicture ? 1 : 2;
}

/// <summary>Batch normalization in one pass.</summary>
internal sealed class BatchNormRun : NormRun
{
    private readonly BatchNorm _norm;
    private readonly double[] _mean, _inverse, _errorMean, _along, _parts;
    private readonly ByExample _sum, _sumSquares;
    private PassMode _mode;

    /// <param name="norm">The normalization.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="compute">Shares the examples.</param>
    public BatchNormRun(BatchNorm norm, int maxBatch, Compute compute)
        : base(norm, maxBatch, compute)
    {
        _norm = norm;
        (_mean, _inverse, _errorMean, _along) = (new double[Channels], new double[Channels], new double[Channels], new double[Channels]);
        _parts = new double[(long)maxBatch * Channels];
        (_sum, _sumSquares) = (new(compute, Sum), new(compute, SumSquares));
    }

    /// <inheritdoc/>
    protected override void Prepare(Matrix input, PassMode mode)
    {
        _mode = mode;
        if (mode == PassMode.Learn)
        {
            TakeStatistics(input);
            return;
        }

        for (var channel = 0; channel < _mean.Length; channel++)
        {
            _mean[channel] = _norm.RunningMean[0, channel];
            _inverse[channel] = 1 / Math.Sqrt(_norm.RunningVariance[0, channel] + _norm.Epsilon);
        }
    }

    /// <inheritdoc/>
    protected override void Normalize(int example, Span<float> input, Span<float> normalized, Span<float> output)
        => ChannelLines.Normalize(input, _mean, _inverse, Scale, Shift, normalized, output);

    /// <inheritdoc/>
    protected override void PrepareBack(Matrix error)
    {
        // The statistics of an answer are constants: they do not depend on its examples.
        if (_mode == PassMode.Answer)
        {
            Array.Clear(_errorMean);
            Array.Clear(_along);
            return;
        }

        var count = Count(error);
        for (var channel = 0; channel < _mean.Length; channel++)
        {
            _errorMean[channel] = SumOf(2, channel, error.Rows) / count;
            _along[channel] = SumOf(3, channel, error.Rows) / count;
        }
    }

    /// <inheritdoc/>
    protected override void PullBack(int example, Span<float> error, Span<float> normalized)
        => ChannelLines.TakeOut(error, normalized, Scale, _errorMean, _along, _inverse);

    private void TakeStatistics(Matrix input)
    {
        var count = Count(input);
        if (count < 2)
        {
            throw new ArgumentException($"{_norm} needs at least two examples in a batch to learn: one has no variance", nameof(input));
        }

        _sum.Run(input, Normalized);
        AddParts(_mean, input.Rows, count);
        _sumSquares.Run(input, Normalized);
        AddParts(_inverse, input.Rows, count);
        for (var channel = 0; channel < _mean.Length; channel++)
        {
            var variance = _inverse[channel];
            Move(ref _norm.RunningMean[0, channel], _mean[channel]);
            Move(ref _norm.RunningVariance[0, channel], variance * count / (count - 1));
            _inverse[channel] = 1 / Math.Sqrt(variance + _norm.Epsilon);
        }

        void Move(ref float running, double batch) => running = (float)((1 - _norm.Momentum) * running + _norm.Momentum * batch);
    }

    /// <summary>mean ← Σ the examples' parts ∕ count.</summary>
    private void AddParts(Span<double> mean, int examples, double count)
    {
        mean.Clear();
        for (var example = 0; example < examples; example++)
        {
            var parts = PartsOf(example);
            for (var channel = 0; channel < mean.Length; channel++)
            {
                mean[channel] += parts[channel] / count;
            }
        }
    }

    private void Sum(int example, Span<float> input, Span<float> normalized) => ChannelLines.Sum(input, PartsOf(example));

    private void SumSquares(int example, Span<float> input, Span<float> normalized)
        => ChannelLines.SumSquares(input, _mean, PartsOf(example));

    private Span<double> PartsOf(int example) => _parts.AsSpan(example * Channels, Channels);
}
