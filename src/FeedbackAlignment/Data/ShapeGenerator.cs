using FeedbackAlignment.Data.Shapes;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// The embedded task in color: one of ten shapes anywhere in a picture of 24 × 24 pixels, drawn from a seed. A shape is a faint color on a
/// ground of strong stripes and grain, which are grey: red, green and blue are light and dark together. The color is another one in each
/// picture, so no pixel and no color tells the shape. What tells it are edges in color, wherever they are, and a network must learn to
/// look for these and past the grey. Uses only +, −, ×, ÷ and √ and rounds to multiples of 1/255, so the same seed gives the same pixels
/// on every platform, whatever the number of threads.
/// </summary>
/// <param name="seed">The root seed. Any value.</param>
public sealed class ShapeGenerator(ulong seed)
{
    /// <summary>Height and width of a picture, in pixels.</summary>
    public const int Side = 24;

    /// <summary>Colors of a picture: red, green and blue, one plane after another.</summary>
    public const int Channels = 3;

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Random words reserved for one example, more than it uses.</summary>
    private const int WordsPerExample = 1 << 14;

    private readonly RandomStreams _streams = new RandomStreams(seed).Child(RandomStreams.Data).Child("shapes");

    /// <summary>The names of the shapes, in the order of the classes.</summary>
    public static IReadOnlyList<string> Names { get; }
        = ["disc", "ring", "square", "frame", "plus", "cross", "triangle", "funnel", "rows", "columns"];

    /// <summary>The root seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Training, validation and test examples, each from streams of their own.</summary>
    /// <param name="train">How many training examples, ≥ 1.</param>
    /// <param name="validation">How many validation examples, ≥ 1.</param>
    /// <param name="test">How many test examples, ≥ 1.</param>
    /// <param name="threads">Threads that draw, ≥ 1. Changes speed, never a pixel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public DataSplit DrawSplit(int train, int validation, int test, int threads = 1)
        => new(Draw("train", train, threads), Draw("validation", validation, threads), Draw("test", test, threads));

    /// <summary>
    /// The first <paramref name="count"/> examples of a part. Example i does not depend on how many are drawn; each ten consecutive
    /// examples are the ten shapes in random order.
    /// </summary>
    /// <param name="part">Name of the part: other names, other examples.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <param name="threads">Threads that draw, ≥ 1. Changes speed, never a pixel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public DataSet Draw(string part, int count, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var streams = _streams.Child(part);
        var labels = EvenLabels.Draw(streams.Stream("labels"), count, Classes);
        var inputs = new Matrix(count, Channels * Side * Side);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            var stream = streams.Stream("pictures");
            for (var example = thread; example < count; example += threads)
            {
                stream.Position = (ulong)example * WordsPerExample;
                ShapePainter.Paint(labels[example], stream, inputs.Row(example));
            }
        });
        return new DataSet(inputs, labels, Classes) { Image = new ImageShape(Side, Side, Channels) };
    }
}
