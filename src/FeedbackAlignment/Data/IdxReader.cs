using System.Buffers.Binary;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>Pictures from an IDX file.</summary>
/// <param name="Source">What the file is called in messages.</param>
/// <param name="Inputs">pictures × pixels, in [0, 1].</param>
/// <param name="Image">Height and width, if the file has three dimensions.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, lower-case hexadecimal.</param>
public sealed record IdxImages(string Source, Matrix Inputs, ImageShape? Image, string Sha256);

/// <summary>Labels from an IDX file.</summary>
/// <param name="Source">What the file is called in messages.</param>
/// <param name="Labels">One class per example.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, lower-case hexadecimal.</param>
public sealed record IdxLabels(string Source, IReadOnlyList<int> Labels, string Sha256);

/// <summary>
/// Reads IDX files of bytes, the format of MNIST, plain or gzip: four bytes (0, 0, element type 8, number of dimensions), each
/// dimension as a 32-bit big-endian number, then the elements.
/// </summary>
public static class IdxReader
{
    private const byte UnsignedByte = 8;
    private const int FirstDimension = 4, BytesPerDimension = 4;

    /// <summary>Reads pictures (or anything else of bytes): the first dimension counts the examples, the others are flattened.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The file is no IDX file of bytes, is cut off, or goes on after its end.</exception>
    public static IdxImages ReadImages(Stream stream, string source)
    {
        using var content = new Content(stream, source);
        var sizes = ReadHeader(content, source);
        if (sizes.Length < 2)
        {
            throw new DataFormatException(source, FirstDimension - 1, "the file has 1 dimension, pictures need at least 2: is it a file of labels?");
        }

        var elements = ExampleShape.RequireElements(sizes, source, FirstDimension);
        var bytesAndFloats = elements + Matrix.BytesOf(sizes[0], elements / sizes[0]);
        MemoryBudget.Require(bytesAndFloats, source, $"its {elements} pixels, each a byte and a float, would take");
        var pixels = content.Read(elements, "pixels");
        var hash = content.End();
        var inputs = new Matrix(sizes[0], pixels.Length / sizes[0]);
        for (var example = 0; example < inputs.Rows; example++)
        {
            var row = inputs.Row(example);
            var bytes = pixels.AsSpan(example * inputs.Columns, inputs.Columns);
            for (var pixel = 0; pixel < row.Length; pixel++)
            {
                row[pixel] = bytes[pixel] / 255f;
            }
        }

        return new IdxImages(source, inputs, sizes is [_, var height, var width] ? new ImageShape(height, width) : null, hash);
    }

    /// <summary>Reads labels: one dimension.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="classes">Number of classes, 1 … 256: a label must be below it.</param>
    /// <exception cref="DataFormatException">
    /// The file is no IDX file of labels, is cut off, goes on after its end, or has a label out of range.
    /// </exception>
    public static IdxLabels ReadLabels(Stream stream, string source, int classes = 256)
    {
        using var content = new Content(stream, source);
        var sizes = ReadHeader(content, source);
        if (sizes.Length != 1)
        {
            throw new DataFormatException(source, FirstDimension - 1, $"the file has {sizes.Length} dimensions, labels have 1: is it a file of pictures?");
        }

        var start = content.Offset;
        MemoryBudget.Require((1.0 + sizeof(int)) * sizes[0], source, $"its {sizes[0]} labels would take");
        var labels = content.Read(sizes[0], "labels");
        var hash = content.End();
        var wrong = Array.FindIndex(labels, label => label >= classes);
        if (wrong >= 0)
        {
            throw new DataFormatException(source, start + wrong, $"the label of example {wrong} is {labels[wrong]}, must be 0 … {classes - 1}");
        }

        return new IdxLabels(source, Array.ConvertAll(labels, label => (int)label), hash);
    }

    /// <summary>Puts pictures and their labels together.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="labels">As many labels, each below <paramref name="classes"/>.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="DataFormatException">The files do not have the same number of examples.</exception>
    public static DataSet Join(IdxImages images, IdxLabels labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        return images.Inputs.Rows == labels.Labels.Count
            ? new DataSet(images.Inputs, labels.Labels, classes) { Image = images.Image }
            : throw new DataFormatException(labels.Source, FirstDimension, $"the file has {labels.Labels.Count} labels, but {images.Source} has {images.Inputs.Rows} pictures");
    }

    private static int[] ReadHeader(Content content, string source)
    {
        var magic = content.Read(FirstDimension, "magic number");
        if (magic[0] != 0 || magic[1] != 0)
        {
            throw new DataFormatException(source, 0, $"the file begins with {Convert.ToHexStringLower(magic)}, an IDX file of bytes with 00000801 (labels) or 00000803 (pictures)");
        }

        if (magic[2] != UnsignedByte)
        {
            throw new DataFormatException(source, 2, $"the element type is {magic[2]:x2}, must be 08 (unsigned byte)");
        }

        if (magic[3] == 0)
        {
            throw new DataFormatException(source, FirstDimension - 1, "the file has 0 dimensions, must have at least 1");
        }

        var sizes = new int[magic[3]];
        for (var dimension = 0; dimension < sizes.Length; dimension++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(content.Read(BytesPerDimension, $"dimension {dimension + 1}"));
            sizes[dimension] = size is > 0 and <= int.MaxValue
                ? (int)size
                : throw new DataFormatException(source, content.Offset - BytesPerDimension, $"dimension {dimension + 1} is {size}, must be 1 … {int.MaxValue}");
        }

        return sizes;
    }
}
