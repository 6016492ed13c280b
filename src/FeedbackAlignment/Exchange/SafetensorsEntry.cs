using System.Buffers.Binary;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>What a safetensors header says about a tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type of numbers, e.g. <c>F32</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Begin">Its first byte, from the end of the header on.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record SafetensorsEntry(string Name, string Type, int[] Shape, long Begin, long End)
{
    /// <summary>A line of a matrix may be this much longer than what it holds.</summary>
    private const int Padding = 32;

    /// <summary>Bytes of a number; 0 where we do not read it.</summary>
    private int Size => Type switch
    {
        "F64" => sizeof(double),
        "I64" => sizeof(long),
        "F32" => sizeof(float),
        "F16" or "BF16" => sizeof(ushort),
        _ => 0,
    };

    private int Rows => Shape.Length < 2 ? 1 : Shape[0];

    /// <summary>Bytes that its numbers take as floats; of one without a <see cref="Mistake"/>.</summary>
    public double Memory => Matrix.BytesOf(Rows, (End - Begin) / Size / Rows);

    /// <summary>What is wrong with it by itself, and what would be right; null if it is right.</summary>
    public string? Mistake()
    {
        if (Size == 0)
        {
            return $"its numbers are of the type {ForeignText.Quoted(Type)}, must be F32, F64, F16, BF16 or I64";
        }

        // Every factor is below 2³¹ and every product checked, so nothing can overflow before it is refused.
        var elements = 1L;
        foreach (var size in Shape)
        {
            elements *= size;
            if (elements > Array.MaxLength)
            {
                break;
            }
        }

        return elements == 0 ? "it has no elements"
            : elements * Size > Array.MaxLength || elements + (long)Rows * Padding > Array.MaxLength
                ? $"it has {string.Join(" × ", Shape)} elements, more than can be held in memory at once"
            : End - Begin != elements * Size ? $"its {elements} numbers of {Size} bytes take {elements * Size}, but it has bytes {Begin} … {End}"
            : null;
    }

    /// <summary>The numbers.</summary>
    /// <param name="bytes">All bytes of the tensor.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="start">Where in the file the numbers of all tensors begin.</param>
    public Matrix Decode(byte[] bytes, string source, long start)
    {
        var values = new Matrix(Rows, bytes.Length / Size / Rows);
        var place = 0;
        for (var row = 0; row < values.Rows; row++)
        {
            foreach (ref var value in values.Row(row))
            {
                value = Number(bytes.AsSpan(place)) ?? throw new DataFormatException(source, start + Begin + place, $"tensor {this} holds a number here that no float can hold");
                place += Size;
            }
        }

        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => ForeignText.Quoted(Name);

    private float? Number(ReadOnlySpan<byte> bytes) => Type switch
    {
        "I64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "F64" => Single(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
    };

    private static float? Single(double number) => double.IsFinite(number) && !float.IsFinite((float)number) ? null : (float)number;
}
