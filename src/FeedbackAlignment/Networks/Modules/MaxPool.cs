using System.Numerics;
using FeedbackAlignment.Numerics;

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
        var (channels, width) = (To.Channels, From.Width);
        var (step, padding, size) = (Options.Step, Options.Padding, Options.Size);
        var taken = Taken(example);
        for (var (row, place) = (0, 0); row < To.Height; row++)
        {
            var rows = Window(row, step.Height, padding.Height, size.Height, From.Height);
            for (var column = 0; column < To.Width; column++, place += channels)
            {
                var columns = Window(column, step.Width, padding.Width, size.Width, width);
                var last = ((rows.To - 1) * width + columns.To - 1) * channels;
                for (var channel = 0; channel < channels; channel += Vector<float>.Count)
                {
                    // Whole vectors: what is written beyond the channels belongs to the next position, which comes next.
                    if (Math.Max(last + channel - input.Length, place + channel - output.Length) + Vector<float>.Count <= 0)
                    {
                        TakeVector(ref input[channel], rows, columns, ref output[place + channel], ref taken[place + channel]);
                    }
                    else
                    {
                        var count = Math.Min(Vector<float>.Count, channels - channel);
                        TakeEach(
                            input[channel..], rows, columns, output.Slice(place + channel, count), taken.Slice(place + channel, count));
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

    /// <summary>
    /// A vector of channels. What is greater than the best so far is taken, or is not a number; so of equal ones the first.
    /// </summary>
    private void TakeVector(ref float input, Range<int> rows, Range<int> columns, ref float output, ref int taken)
    {
        var (channels, width) = (To.Channels, From.Width);
        var first = rows.From * width + columns.From;
        var (best, from) = (Vector.LoadUnsafe(ref input, (nuint)(first * channels)), new Vector<int>(first));
        for (var y = rows.From; y < rows.To; y++)
        {
            for (var position = y * width + columns.From; position < y * width + columns.To; position++)
            {
                var value = Vector.LoadUnsafe(ref input, (nuint)(position * channels));
                var wins = Vector.GreaterThan(value, best) | ~Vector.Equals(value, value);
                best = Vector.ConditionalSelect(wins, value, best);
                from = Vector.ConditionalSelect(wins, new Vector<int>(position), from);
            }
        }

        best.StoreUnsafe(ref output);
        from.StoreUnsafe(ref taken);
    }

    /// <summary>The same channel by channel.</summary>
    private void TakeEach(ReadOnlySpan<float> input, Range<int> rows, Range<int> columns, Span<float> output, Span<int> taken)
    {
        for (var channel = 0; channel < output.Length; channel++)
        {
            var from = rows.From * From.Width + columns.From;
            var best = input[from * To.Channels + channel];
            for (var y = rows.From; y < rows.To; y++)
            {
                for (var position = y * From.Width + columns.From; position < y * From.Width + columns.To; position++)
                {
                    var value = input[position * To.Channels + channel];
                    if (value > best || float.IsNaN(value))
                    {
                        (best, from) = (value, position);
                    }
                }
            }

            (output[channel], taken[channel]) = (best, from);
        }
    }

    private Span<int> Taken(int example) => _taken.AsSpan(example * To.Size, To.Size);
}
