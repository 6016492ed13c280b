using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A shortcut without parameters around layers that change the shape: every s-th position from the first, and new channels of zeros on both
/// sides of the old ones, half before and half after; of an odd number one more after. He, Zhang, Ren, Sun, arXiv 1512.03385 (2015),
/// option A.
/// </summary>
public sealed class PadShortcut : Module
{
    private static readonly ModuleArgument _channels
        = new("channels", 32, "Channels of the output.") { IsRequired = true, AtLeast = 1, AtMost = int.MaxValue };

    private static readonly ModuleArgument _stride
        = new("stride", 1, "Positions from one that is taken to the next.") { AtLeast = 1, AtMost = PlanExtents.Most };

    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="from">The shape of the pictures.</param>
    /// <param name="channels">Channels of the output, at least those of the pictures.</param>
    /// <param name="stride">Positions from one that is taken to the next, along both sides.</param>
    /// <exception cref="ArgumentException">There would be fewer channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The stride is below 1.</exception>
    public PadShortcut(string name, Shape from, int channels, int stride)
        : base(name, from, Output(from, channels, stride))
    {
        Stride = stride;
        if (Refusal(from, channels) is { } objection)
        {
            throw new ArgumentException($"{name} {objection}", nameof(channels));
        }
    }

    /// <summary>Its line in a catalog: <c>pad-shortcut 32 stride 2</c>.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<PadShortcut>(
        "pad-shortcut",
        "Every s-th position, with new channels of zeros on both sides: a shortcut without parameters.",
        (planned, _) => new PadShortcut(
            planned.Name, planned.From, (int)planned.Argument(_channels), (int)planned.Argument(_stride)))
    {
        NamePrefix = "pad",
        NeedsPicture = true,
        Arguments = [_channels, _stride],
        Words = new ShortcutWords(),
        Objection = planned => Refusal(planned.From, (int)planned.Argument(_channels)),
        Outputs = planned => Output(planned.From, (int)planned.Argument(_channels), (int)planned.Argument(_stride)),
    };

    /// <summary>Positions from one that is taken to the next, along both sides.</summary>
    public int Stride { get; }

    /// <inheritdoc/>
    public override string Kind => "pad-shortcut";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings
        => new Dictionary<string, double> { [_channels.Id] = To.Channels, [_stride.Id] = Stride };

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new PadShortcutRun(this, setup);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind} {From}-{To}";

    private static Shape Output(Shape from, int channels, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        return new((from.Height - 1) / stride + 1, (from.Width - 1) / stride + 1, channels);
    }

    private static string? Refusal(Shape from, int channels)
        => channels >= from.Channels ? null : $"has fewer channels than the {from.Channels} that go in; it only adds channels of zeros";
}

/// <summary>A padded shortcut in one pass.</summary>
internal sealed class PadShortcutRun : ModuleRun
{
    private readonly PadShortcut _shortcut;
    private readonly Matrix _output;
    private readonly ByExample _forward, _backward;
    private Matrix _below;

    /// <param name="shortcut">The shortcut.</param>
    /// <param name="setup">The batch size and the threads.</param>
    public PadShortcutRun(PadShortcut shortcut, RunSetup setup)
    {
        (_shortcut, _output) = (shortcut, new Matrix(setup.MaxBatch, shortcut.To.Size));
        (_forward, _backward) = (new(setup.Compute, Take), new(setup.Compute, Give));
    }

    private Shape From => _shortcut.From;

    private Shape To => _shortcut.To;

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
            _below = new Matrix(_output.Rows, From.Size);
        }

        var below = _below.Top(error.Rows);
        _backward.Run(error, below);
        return below;
    }

    private void Take(int example, Span<float> input, Span<float> output)
    {
        output.Clear();
        for (var place = 0; place < To.Height * To.Width; place++)
        {
            Old(input, place).CopyTo(New(output, place));
        }
    }

    private void Give(int example, Span<float> error, Span<float> below)
    {
        below.Clear();
        for (var place = 0; place < To.Height * To.Width; place++)
        {
            New(error, place).CopyTo(Old(below, place));
        }
    }

    /// <summary>The channels of the position that an output is taken from.</summary>
    private Span<float> Old(Span<float> picture, int place)
    {
        var (row, column) = Math.DivRem(place, To.Width);
        return picture.Slice((row * From.Width + column) * _shortcut.Stride * From.Channels, From.Channels);
    }

    /// <summary>The channels of an output that are taken.</summary>
    private Span<float> New(Span<float> picture, int place)
        => picture.Slice(place * To.Channels + (To.Channels - From.Channels) / 2, From.Channels);
}
