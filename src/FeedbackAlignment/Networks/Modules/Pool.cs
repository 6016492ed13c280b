using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What poolings share: each output is made of the numbers of its channel in a window of the picture.</summary>
public abstract class Pool : Module
{
    private protected Pool(string name, Shape from, PoolOptions options)
        : base(name, from, Checked(from, options))
        => Options = options;

    /// <summary>The windows.</summary>
    public PoolOptions Options { get; }

    /// <inheritdoc/>
    public override bool IsPooling => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings
        => WindowWords.Arguments.Zip(WindowWords.Values(Options)).ToDictionary(pair => pair.First.Id, pair => pair.Second);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind} {Options.Size} {From}-{To}";

    private static Shape Checked(Shape from, PoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Objection(from) is { } objection
            ? throw new ArgumentException($"a pooling of {from} {objection}", nameof(options)) : options.Output(from);
    }
}

/// <summary>A pooling in one pass. Examples are shared among threads; nothing is summed over them.</summary>
internal abstract class PoolRun : ModuleRun
{
    private readonly Pool _pool;
    private readonly Matrix _output;
    private readonly ByExample _forward, _backward;
    private Matrix _below;

    /// <param name="pool">The pooling.</param>
    /// <param name="setup">The batch size and the threads.</param>
    protected PoolRun(Pool pool, RunSetup setup)
    {
        (_pool, _output) = (pool, new Matrix(setup.MaxBatch, pool.To.Size));
        (_forward, _backward) = (new(setup.Compute, Take), new(setup.Compute, Give));
    }

    /// <summary>The shape of the pictures.</summary>
    protected Shape From => _pool.From;

    /// <summary>The shape of what is made of them.</summary>
    protected Shape To => _pool.To;

    /// <summary>The windows.</summary>
    protected PoolOptions Options => _pool.Options;

    /// <inheritdoc/>
    public sealed override void Forward(Matrix input, PassMode mode)
    {
        Output = _output.Top(input.Rows);
        _forward.Run(input, Output);
    }

    /// <inheritdoc/>
    public sealed override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        if (!isWanted)
        {
            return error;
        }

        if (_below.Rows == 0)
        {
            _below = new Matrix(_output.Rows, From.Size);
        }

        var below = _below.Top(error.Rows);
        _backward.Run(error, below);
        return below;
    }

    /// <summary>Makes the outputs of one example.</summary>
    /// <param name="example">Its number.</param>
    /// <param name="input">Its picture.</param>
    /// <param name="output">Receives the outputs.</param>
    protected abstract void Take(int example, Span<float> input, Span<float> output);

    /// <summary>Takes one example's error back.</summary>
    /// <param name="example">Its number.</param>
    /// <param name="error">Its error at the outputs.</param>
    /// <param name="below">Receives the error at the inputs, all of it.</param>
    protected abstract void Give(int example, Span<float> error, Span<float> below);

    /// <summary>The positions that a window has in the picture, along the height or the width.</summary>
    /// <param name="place">The window's number.</param>
    /// <param name="step">Positions from one window to the next.</param>
    /// <param name="padding">Positions before the picture.</param>
    /// <param name="size">Positions of a window.</param>
    /// <param name="length">Positions of the picture.</param>
    protected static Range<int> Window(int place, int step, int padding, int size, int length)
    {
        var start = place * step - padding;
        return new(Math.Max(0, start), Math.Min(length, start + size));
    }
}
