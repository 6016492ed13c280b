using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The mean of each channel over all positions: a picture becomes one number for each channel. The sum is in double.</summary>
/// <param name="name">Its name.</param>
/// <param name="from">The shape of the pictures.</param>
public sealed class GlobalAveragePool(string name, Shape from) : Module(name, from, Shape.Flat(from.Channels))
{
    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<GlobalAveragePool>(
        "global-average-pool",
        "The mean of each channel over all positions.",
        (planned, _) => new GlobalAveragePool(planned.Name, planned.From))
    {
        NamePrefix = "pool",
        NeedsPicture = true,
        Outputs = planned => Shape.Flat(planned.From.Channels),
    };

    /// <inheritdoc/>
    public override bool IsPooling => true;

    /// <inheritdoc/>
    public override string Kind => "global-average-pool";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new GlobalAveragePoolRun(this, setup);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind} {From}-{To}";
}

/// <summary>Global average pooling in one pass.</summary>
internal sealed class GlobalAveragePoolRun : ModuleRun
{
    private readonly Shape _from;
    private readonly Matrix _output;
    private readonly double[] _sums;
    private readonly ByExample _forward, _backward;
    private Matrix _below;

    /// <param name="pool">The pooling.</param>
    /// <param name="setup">The batch size and the threads.</param>
    public GlobalAveragePoolRun(GlobalAveragePool pool, RunSetup setup)
    {
        (_from, _output) = (pool.From, new Matrix(setup.MaxBatch, pool.To.Size));
        _sums = new double[(long)setup.MaxBatch * _from.Channels];
        (_forward, _backward) = (new(setup.Compute, Take), new(setup.Compute, Give));
    }

    private int Positions => _from.Height * _from.Width;

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        Output = _output.Top(input.Rows);
        _forward.Run(input, Output);
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        if (!isWanted)
        {
            return error;
        }

        if (_below.Rows == 0)
        {
            _below = new Matrix(_output.Rows, _from.Size);
        }

        var below = _below.Top(error.Rows);
        _backward.Run(error, below);
        return below;
    }

    private void Take(int example, Span<float> input, Span<float> output)
    {
        var sums = _sums.AsSpan(example * _from.Channels, _from.Channels);
        ChannelLines.Sum(input, sums);
        for (var channel = 0; channel < sums.Length; channel++)
        {
            output[channel] = (float)(sums[channel] / Positions);
        }
    }

    private void Give(int example, Span<float> error, Span<float> below)
    {
        for (var channel = 0; channel < error.Length; channel++)
        {
            error[channel] = (float)((double)error[channel] / Positions);
        }

        for (var start = 0; start < below.Length; start += error.Length)
        {
            error.CopyTo(below[start..]);
        }
    }
}
