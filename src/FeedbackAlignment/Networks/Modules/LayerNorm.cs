using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Layer normalization: each position of each example is normalized over its channels, with their mean and their variance (over n, not
/// n − 1). It is the same in training and in answers. Ba, Kiros, Hinton, arXiv 1607.06450 (2016).
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The shape of its inputs and outputs.</param>
/// <param name="epsilon">What is added to the variance, &gt; 0.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not &gt; 0.</exception>
public sealed class LayerNorm(string name, Shape shape, double epsilon = 1e-5) : Norm(name, shape, epsilon)
{
    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<LayerNorm>(
        "layer-norm",
        "Each example is normalized over its units; of a picture, each position over its channels.",
        (planned, _) => new LayerNorm(planned.Name, planned.From))
    {
        NamePrefix = NamePrefix,
        Parameters = ScaleAndShift,
        Objection = planned => planned.From.Channels > 1 ? null
            : $"makes 0 of a single {(planned.From.IsPicture ? "channel" : "unit")}; leave it out",
    };

    /// <inheritdoc/>
    public override string Kind => "layer-norm";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["epsilon"] = Epsilon };

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new LayerNormRun(this, setup.MaxBatch, setup.Compute);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: layer norm";
}

/// <summary>Layer normalization in one pass.</summary>
/// <param name="norm">The normalization.</param>
/// <param name="maxBatch">The most examples in a batch.</param>
/// <param name="compute">Shares the examples.</param>
internal sealed class LayerNormRun(LayerNorm norm, int maxBatch, Compute compute) : NormRun(norm, maxBatch, compute)
{
    private readonly double[] _inverseDeviations = new double[(long)maxBatch * norm.To.Height * norm.To.Width];

    /// <inheritdoc/>
    protected override void Normalize(int example, Span<float> input, Span<float> normalized, Span<float> output)
    {
        for (var (start, place) = (0, example * (input.Length / Channels)); start < input.Length; start += Channels, place++)
        {
            NormalizePlace(place, input.Slice(start, Channels), normalized.Slice(start, Channels), output.Slice(start, Channels));
        }
    }

    /// <inheritdoc/>
    protected override void PullBack(int example, Span<float> error, Span<float> normalized)
    {
        for (var (start, place) = (0, example * (error.Length / Channels)); start < error.Length; start += Channels, place++)
        {
            PullBackPlace(place, error.Slice(start, Channels), normalized.Slice(start, Channels));
        }
    }

    private void NormalizePlace(int place, Span<float> input, Span<float> normalized, Span<float> output)
    {
        var mean = 0.0;
        foreach (var value in input)
        {
            mean += value;
        }

        mean /= input.Length;
        var variance = 0.0;
        foreach (var value in input)
        {
            variance += (value - mean) * (value - mean);
        }

        var inverse = 1 / Math.Sqrt(variance / input.Length + norm.Epsilon);
        _inverseDeviations[place] = inverse;
        for (var i = 0; i < input.Length; i++)
        {
            normalized[i] = (float)((input[i] - mean) * inverse);
        }

        ChannelLines.ScaleAndShift(normalized, Scale, Shift, output);
    }

    private void PullBackPlace(int place, Span<float> error, Span<float> normalized)
    {
        var scale = Scale;
        double mean = 0, along = 0;
        for (var i = 0; i < error.Length; i++)
        {
            error[i] *= scale[i];
            mean += error[i];
            along += (double)error[i] * normalized[i];
        }

        (mean, along) = (mean / error.Length, along / error.Length);
        for (var i = 0; i < error.Length; i++)
        {
            error[i] = (float)((error[i] - mean - normalized[i] * along) * _inverseDeviations[place]);
        }
    }
}
