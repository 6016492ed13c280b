using System.Numerics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The greatest number of each window, channel by channel. Of several that are greatest the first in row order counts, and gets the error;
/// padding is never the greatest. What is not a number stays so.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="from">The shape of the pictures.</param>
/// <param name="options">The windows.</param>
/// <exception cref="ArgumentException">The windows do not fit, or a padding is more than half a window.</exception>
public sealed class MaxPool(string name, Shape from, PoolOptions options) : Pool(name, from, options)
{
    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<MaxPool>(
        "max-pool",
        "The greatest number of each window, channel by channel; of equal ones the first, in row order, gets the error.",
        (planned, _) => new MaxPool(planned.Name, planned.From, WindowWords.Options(planned)))
    {
        NamePrefix = "pool",
        NeedsPicture = true,
        Arguments = WindowWords.Arguments,
        Words = new WindowWords(),
        Objection = planned => WindowWords.Options(planned).Objection(planned.From),
        Outputs = planned => WindowWords.Options(planned).Output(planned.From),
    };

    /// <inheritdoc/>
    public override string Kind => "max-pool";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new MaxPoolRun(this, setup);
    }
}

/// <summary>Max pooling in one pass.</summary>
/// <param name="pool">The pooling.</param>
/// <param name="setup">The batch size and the threads.</param>
internal sealed class MaxPoolRun(MaxPool pool, RunSetup setup) : PoolRun(pool, setup)
{
    /// <summary>Of each output, the position in the picture that it was taken from.</summary>
    private readonly int[] _taken = new int[(long)setup.MaxBatch * pool.To.Size];

    /// <inheritdoc/>
    protected override void Take(int example, Span<float> input, Span<float> output)
    {
        var channels = To.Channels;
        var taken = Taken(example);
        for (var (row, place) = (0, 0); row < To.Height; row++)
        {
            var rows = Window(row, Options.Step.Height, Options.Padding.Height, Options.Size.Height, From.Height);
            for (var column = 0; column < To.Width; column++, place += channels)
            {
                var columns = Window(column, Options.Step.Width, Options.Padding.Width, Options.Size.Width, From.Width);
                Span<float> best = output.Slice(place, channels);
                var from = taken.Slice(place, channels);
                var first = rows.From * From.Width + columns.From;
                input.Slice(first * channels, channels).CopyTo(best);
                from.Fill(first);
                for (var y = rows.From; y < rows.To; y++)
                {
                    for (var x = columns.From; x < columns.To; x++)
                    {
                        var position = y * From.Width + x;
                        Compare(input.Slice(position * channels, channels), position, best, from);
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void Give(int example, Span<float> error, Span<float> below)
    {
        below.Clear();
        var channels = To.Channels;
        var taken = Taken(example);
        for (var place = 0; place < error.Length; place += channels)
        {
            Span<float> line = error.Slice(place, channels);
            Span<int> from = taken.Slice(place, channels);
            for (var channel = 0; channel < line.Length; channel++)
            {
                below[from[channel] * channels + channel] += line[channel];
            }
        }
    }

    /// <summary>Takes what is greater than the best so far, or is not a number.</summary>
    private static void Compare(ReadOnlySpan<float> line, int position, Span<float> best, Span<int> from)
    {
        ReadOnlySpan<Vector<float>> lines = MemoryMarshal.Cast<float, Vector<float>>(line);
        Span<Vector<float>> bests = MemoryMarshal.Cast<float, Vector<float>>(best);
        Span<Vector<int>> froms = MemoryMarshal.Cast<int, Vector<int>>(from);
        var here = new Vector<int>(position);
        for (var i = 0; i < lines.Length; i++)
        {
            var wins = Vector.GreaterThan(lines[i], bests[i]) | ~Vector.Equals(lines[i], lines[i]);
            bests[i] = Vector.ConditionalSelect(wins, lines[i], bests[i]);
            froms[i] = Vector.ConditionalSelect(wins, here, froms[i]);
        }

        for (var channel = lines.Length * Vector<float>.Count; channel < line.Length; channel++)
        {
            if (line[channel] > best[channel] || float.IsNaN(line[channel]))
            {
                (best[channel], from[channel]) = (line[channel], position);
            }
        }
    }

    private Span<int> Taken(int example) => _taken.AsSpan(example * To.Size, To.Size);
}
