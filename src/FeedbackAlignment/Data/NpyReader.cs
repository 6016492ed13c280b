using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>An array from an NPY file.</summary>
/// <param name="Source">What the file is called in messages.</param>
/// <param name="Values">examples × numbers per example, as they stand in the file.</param>
/// <param name="Image">Height and width, if the file has three dimensions.</param>
/// <param name="Bytes">Whether the elements are unsigned bytes, as those of pictures are.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, lower-case hexadecimal.</param>
public sealed record NpyArray(string Source, Matrix Values, ImageShape? Image, bool Bytes, string Sha256);

/// <summary>
/// Reads NumPy's NPY files (versions 1 to 3, C and Fortran order, both byte orders, plain or gzip): real numbers and integers.
/// </summary>
public static class NpyReader
{
    /// <summary>Below this, every whole number is a double.</summary>
    private const double MostExact = 1L << 53;

    /// <summary>Reads numbers: the first dimension counts the examples, the others are flattened in C order.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">
    /// The file is no such NPY file, is cut off, goes on after its end, or has a number that is not finite as a float.
    /// </exception>
    public static NpyArray Read(Stream stream, string source) => Read(stream, source, finite: true);

    /// <summary>Reads numbers that may not be finite, such as what a diverged training left.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="finite">Whether every number must be finite, as those that a network learns from must be.</param>
    /// <exception cref="DataFormatException">
    /// The file is no such NPY file, is cut off, goes on after its end, or has a number that must be finite as a float and is not.
    /// </exception>
    public static NpyArray Read(Stream stream, string source, bool finite)
    {
        using var content = new Content(stream, source);
        return Read(content, source, finite);
    }

    /// <summary>Reads numbers, finite or not, from a file that may not be gzip: memory grows with its own bytes alone.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    internal static NpyArray ReadPlain(Stream stream, string source)
    {
        using var content = new Content(stream, source, unpack: false);
        return Read(content, source, finite: false);
    }

    private static NpyArray Read(Content content, string source, bool finite)
    {
        var (header, element, start, bytes) = ReadElements(content, source);
        var hash = content.End();
        var places = PlacesInExample(header);
        var values = new Matrix(header.Sizes[0], places.Length);
        var step = header.ColumnMajor ? 1 : places.Length;
        for (var example = 0; example < values.Rows; example++)
        {
            var row = values.Row(example);
            for (var number = 0; number < row.Length; number++)
            {
                var place = ((long)example * step + places[number]) * element.Size;
                row[number] = (float)element.Decode(bytes.AsSpan((int)place));
                if (finite && !float.IsFinite(row[number]))
                {
                    throw new DataFormatException(source, start + place, $"number {number} of example {example} is {row[number]}, must be finite as a float");
                }
            }
        }

        var image = header.Sizes is [_, var height, var width] ? new ImageShape(height, width) : (ImageShape?)null;
        return new NpyArray(source, values, image, header.Type.EndsWith("u1", StringComparison.Ordinal), hash);
    }

    /// <summary>Reads labels: one whole number per example, of any size and sign.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <returns>One number per example.</returns>
    /// <exception cref="DataFormatException">
    /// The file is no such NPY file, has more than one number per example, or a label is not whole.
    /// </exception>
    public static IReadOnlyList<long> ReadLabels(Stream stream, string source)
    {
        using var content = new Content(stream, source);
        var (header, element, start, bytes) = ReadElements(content, source);
        content.End();
        if (PlacesInExample(header).Length != 1)
        {
            throw new DataFormatException(source, null, $"the array is {string.Join(" × ", header.Sizes)}, labels must be one number per example");
        }

        var labels = new long[header.Sizes[0]];
        for (var example = 0; example < labels.Length; example++)
        {
            var label = element.Decode(bytes.AsSpan(example * element.Size));
            labels[example] = Math.Abs(label) < MostExact && label == Math.Floor(label)
                ? (long)label
                : throw new DataFormatException(source, start + (long)example * element.Size, $"the label of example {example} is {label}, must be a whole number");
        }

        return labels;
    }

    private static (NpyHeader Header, NpyElement Element, long Start, byte[] Bytes) ReadElements(Content content, string source)
    {
        var header = NpyHeader.Read(content, source);
        var start = content.Offset;
        var element = NpyElement.Of(header.Type)
            ?? throw new DataFormatException(source, null, $"the element type is {header.Type}, must be one of {NpyElement.Known} with < or > before it");
        var elements = ExampleShape.RequireElements(header.Sizes, source, start);
        var perExample = elements / header.Sizes[0];
        var both = (double)elements * element.Size + Matrix.BytesOf(header.Sizes[0], perExample) + perExample * sizeof(int);
        MemoryBudget.Require(both, source, $"its {elements} numbers, as they are and as floats, would take");
        return (header, element, start, content.Read(elements * element.Size, "numbers"));
    }

    /// <summary>
    /// Where the numbers of the first example stand, counted in elements; in Fortran order the examples lie side by side.
    /// </summary>
    private static int[] PlacesInExample(NpyHeader header)
    {
        var sizes = header.Sizes.AsSpan(1);
        var places = new int[header.Sizes.Skip(1).Aggregate(1, (product, size) => product * size)];
        for (var number = 0; number < places.Length; number++)
        {
            if (!header.ColumnMajor)
            {
                places[number] = number;
                continue;
            }

            var (rest, weight) = (places.Length, header.Sizes[0]);
            foreach (var size in sizes)
            {
                rest /= size;
                places[number] += number / rest % size * weight;
                weight *= size;
            }
        }

        return places;
    }
}
