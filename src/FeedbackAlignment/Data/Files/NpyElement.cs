using System.Buffers.Binary;

namespace FeedbackAlignment.Data.Files;

/// <summary>How an element of an NPY file is written.</summary>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Decode">Its value.</param>
internal sealed record NpyElement(int Size, NpyElement.Decoder Decode)
{
    /// <summary>The value that the first bytes mean.</summary>
    public delegate double Decoder(ReadOnlySpan<byte> bytes);

    /// <summary>The types that can be read, for messages.</summary>
    public const string Known = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1";

    /// <summary>The element for a NumPy type such as <c>&lt;f4</c>; null where we do not read it.</summary>
    public static NpyElement? Of(string type) => type switch
    {
        ['|' or '<' or '>' or '=', 'u', '1'] or ['|' or '<' or '>' or '=', 'b', '1'] => new(1, bytes => bytes[0]),
        ['|' or '<' or '>' or '=', 'i', '1'] => new(1, bytes => (sbyte)bytes[0]),
        "<f2" => new(2, bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
        ">f2" => new(2, bytes => (double)BinaryPrimitives.ReadHalfBigEndian(bytes)),
        "<f4" => new(4, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        ">f4" => new(4, bytes => BinaryPrimitives.ReadSingleBigEndian(bytes)),
        "<f8" => new(8, BinaryPrimitives.ReadDoubleLittleEndian),
        ">f8" => new(8, BinaryPrimitives.ReadDoubleBigEndian),
        "<i2" => new(2, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
        ">i2" => new(2, bytes => BinaryPrimitives.ReadInt16BigEndian(bytes)),
        "<i4" => new(4, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        ">i4" => new(4, bytes => BinaryPrimitives.ReadInt32BigEndian(bytes)),
        "<i8" => new(8, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)),
        ">i8" => new(8, bytes => BinaryPrimitives.ReadInt64BigEndian(bytes)),
        "<u2" => new(2, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
        ">u2" => new(2, bytes => BinaryPrimitives.ReadUInt16BigEndian(bytes)),
        "<u4" => new(4, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
        ">u4" => new(4, bytes => BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        "<u8" => new(8, bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        ">u8" => new(8, bytes => BinaryPrimitives.ReadUInt64BigEndian(bytes)),
        _ => null,
    };
}
