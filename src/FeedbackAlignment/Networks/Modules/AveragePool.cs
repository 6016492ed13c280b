using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The mean of each window, channel by channel. Padding counts as zeros and is divided by as well, as PyTorch's <c>count_include_pad</c>
/// has it by default. A sum goes over the window row by row.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="from">The shape of the pictures.</param>
/// <param name="options">The windows.</param>
/// <exception cref="ArgumentException">The windows do not fit, or a padding is more than half a window.</exception>
public sealed class AveragePool(string name, Shape from, PoolOptions options) : Pool(name, from, options)
{
    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<AveragePool>(
        "average-pool",
        "The mean of each window, channel by channel; padding counts as zeros.",
        (planned, _) => new AveragePool(planned.Name, planned.From, WindowWords.Options(planned)))
    {
        NamePrefix = "pool",
        NeedsPicture = true,
        Arguments = WindowWords.Arguments,
        Words = new WindowWords(),
        Objection = planned => WindowWords.Options(planned).Objection(planned.From),
        Outputs = planned => WindowWords.Options(planned).Output(planned.From),
    };

    /// <inheritdoc/>
    public override string Kind => "average-pool";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new AveragePoolRun(this, setup);
    }
}

/// <summary>Average pooling in one pass.</summary>
/// <param name="pool">The pooling.</param>
/// <param name="setup">The batch size and the threads.</param>
internal sealed class AveragePoolRun(AveragePool pool, RunSetup setup) : PoolRun(pool, setup)
{
    private readonly float _share = 1f / (pool.Options.Size.Height * pool.Options.Size.Width);

    /// <inheritdoc/>
    protected override void Take(int example, Span<float> input, Span<float> output)
    {
        output.Clear();
        ForEachPair(input, output, isBack: false);
        ChannelLines.Multiply(output, _share);
    }

    /// <inheritdoc/>
    protected override void Give(int example, Span<float> error, Span<float> below)
    {
        below.Clear();
        ChannelLines.Multiply(error, _share);
        ForEachPair(below, error, isBack: true);
    }

    /// <summary>Adds each position of a window to its output, or the output's error to each position.</summary>
    private void ForEachPair(Span<float> picture, Span<float> pooled, bool isBack)
    {
        var channels = To.Channels;
        for (var (row, place) = (0, 0); row < To.Height; row++)
        {
            var rows = Window(row, Options.Step.Height, Options.Padding.Height, Options.Size.Height, From.Height);
            for (var column = 0; column < To.Width; column++, place += channels)
            {
                var columns = Window(column, Options.Step.Width, Options.Padding.Width, Options.Size.Width, From.Width);
                var output = pooled.Slice(place, channels);
                for (var y = rows.From; y < rows.To; y++)
                {
                    for (var x = columns.From; x < columns.To; x++)
                    {
                        var line = picture.Slice((y * From.Width + x) * channels, channels);
                        ChannelLines.Add(isBack ? line : output, isBack ? output : line);
                    }
                }
            }
        }
    }
}
