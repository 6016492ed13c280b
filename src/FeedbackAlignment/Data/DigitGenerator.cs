using FeedbackAlignment.Data.Digits;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// The embedded task: handwritten-looking digits, 28 × 28, drawn from a seed. Strokes with random style, slant, size, rotation,
/// pressure, wobble, elastic deformation and noise. Uses only +, −, ×, ÷ and √ and rounds to multiples of 1/255, so the same seed
/// gives the same pixels on every platform, whatever the number of threads.
/// </summary>
/// <remarks>
/// How hard it is, measured with 784-200-10 tanh, softmax, 10,000 training and 5,000 test examples, 20 epochs: backpropagation
/// ends near 2.3 % test error, feedback alignment near 3.3 %, shallow learning near 10.5 %.
/// </remarks>
/// <param name="seed">The root seed. Any value.</param>
public sealed class DigitGenerator(ulong seed)
{
    /// <summary>Height and width of a picture, in pixels.</summary>
    public const int Side = 28;

    /// <summary>Number of classes: the class of a picture is its digit.</summary>
    public const int Classes = 10;

    /// <summary>Random words reserved for one example, far more than it uses.</summary>
    private const int WordsPerExample = 1 << 16;

    private readonly RandomStreams _streams = new RandomStreams(seed).Child(RandomStreams.Data).Child("digits");

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
    /// The first <paramref name="count"/> examples of a part. Example i does not depend on how many are drawn; each ten
    /// consecutive examples are the ten digits in random order.
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
        var inputs = new Matrix(count, Side * Side);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            var painter = new DigitPainter();
            var stream = streams.Stream("pictures");
            for (var example = thread; example < count; example += threads)
            {
                stream.Position = (ulong)example * WordsPerExample;
                painter.Paint(labels[example], stream, inputs.Row(example));
            }
        });
        return new DataSet(inputs, labels, Classes) { Image = new ImageShape(Side, Side) };
    }
}
