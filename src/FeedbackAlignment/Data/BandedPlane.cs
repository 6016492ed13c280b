using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// A task of two inputs and three classes on which feedback alignment is known to have a hard time: each axis from −1 to 1 is cut into bands,
/// and the class is (band on the first axis + band on the second) mod 3. One input alone says nothing about the class, so a unit that sees only
/// one of them is told little by an error that is a fixed mixture of the classes' errors. After Hunsberger, "Spiking deep neural
/// networks", PhD thesis, University of Waterloo (2018).
/// </summary>
public sealed class BandedPlane
{
    /// <summary>Number of inputs and of classes.</summary>
    public const int Inputs = 2, Classes = 3;

    /// <summary>The share of a band's room that is left empty, half on each side.</summary>
    private const double Gap = 0.15;

    private readonly RandomStreams _streams;

    /// <summary>Chooses the plane.</summary>
    /// <param name="seed">The root seed. Any value.</param>
    /// <param name="bands">Bands on each axis: a multiple of 3, so that all classes are equally frequent along every line.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bands is not a positive multiple of 3.</exception>
    public BandedPlane(ulong seed, int bands = 6)
    {
        if (bands < Classes || bands % Classes != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bands), bands, "the number of bands must be a positive multiple of 3");
        }

        Bands = bands;
        _streams = new RandomStreams(seed).Child(RandomStreams.Data).Child("banded");
    }

    /// <summary>Bands on each axis.</summary>
    public int Bands { get; }

    /// <summary>The class of a band on the first axis and one on the second.</summary>
    /// <param name="first">0 … <see cref="Bands"/> − 1, from −1 on.</param>
    /// <param name="second">The same on the second axis.</param>
    public static int ClassOf(int first, int second) => (first + second) % Classes;

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

    private float Place(int band, double within) => (float)(2 * (band + Gap / 2 + (1 - Gap) * within) / Bands - 1);
}
