using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// A task of two inputs and three classes on which feedback alignment is known to have a hard time: each axis from −1 to 1 is cut into
/// six bands, the bands have the values 0 1 0 2 1 2, and the class is (value on the first axis + value on the second) mod 3. One input
/// alone says nothing about the class, so a unit that sees only one of them is told little by an error that is a fixed mixture of the
/// classes' errors. After Hunsberger, "Spiking deep neural networks", PhD thesis, University of Waterloo (2018); the order of the values
/// is ours.
/// </summary>
/// <remarks>
/// The order matters. With 0 1 2 0 1 2 the class would be that of the band in which the sum of the two inputs lies, but for the bands'
/// corners: five of six points could be told from the sum, and a first layer that learns nothing passes it on.
/// </remarks>
internal sealed class BandedPlane
{
    /// <summary>Number of inputs, of classes, and of bands on each axis.</summary>
    public const int Inputs = 2, Classes = 3, Bands = 6;

    /// <summary>The share of a band's room that is left empty, half on each side.</summary>
    private const double Gap = 0.15;

    private static ReadOnlySpan<int> Values => [0, 1, 0, 2, 1, 2];

    private readonly RandomStreams _streams;

    /// <summary>Chooses the plane.</summary>
    /// <param name="seed">The root seed. Any value.</param>
    public BandedPlane(ulong seed) => _streams = new RandomStreams(seed).Child(RandomStreams.Data).Child("banded");

    /// <summary>The class of a band on the first axis and one on the second.</summary>
    /// <param name="first">0 … <see cref="Bands"/> − 1, from −1 on.</param>
    /// <param name="second">The same on the second axis.</param>
    public static int ClassOf(int first, int second) => (Values[first] + Values[second]) % Classes;

    /// <summary>Training, validation and test examples, each from a stream of their own.</summary>
    /// <param name="train">How many training examples, ≥ 1.</param>
    /// <param name="validation">How many validation examples, ≥ 1.</param>
    /// <param name="test">How many test examples, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public DataSplit DrawSplit(int train, int validation, int test) => new(Draw("train", train), Draw("validation", validation), Draw("test", test));

    /// <summary>The first <paramref name="count"/> examples of a part: a band on each axis and a place in it, all uniform.</summary>
    /// <param name="part">Name of the part: other names, other examples.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public DataSet Draw(string part, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var stream = _streams.Stream(part);
        var inputs = new Matrix(count, Inputs);
        var labels = new int[count];
        for (var example = 0; example < count; example++)
        {
            var (first, second) = (stream.NextInt32(Bands), stream.NextInt32(Bands));
            labels[example] = ClassOf(first, second);
            inputs[example, 0] = Place(first, stream.NextDouble());
            inputs[example, 1] = Place(second, stream.NextDouble());
        }

        return new DataSet(inputs, labels, Classes);
    }

    private static float Place(int band, double within) => (float)(2 * (band + Gap / 2 + (1 - Gap) * within) / Bands - 1);
}
