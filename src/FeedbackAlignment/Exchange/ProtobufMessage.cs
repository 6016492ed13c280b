using System.Buffers.Binary;
using System.Text;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// A message in the wire format of Protocol Buffers, field by field. Messages inside messages, and numbers, are kept as pieces and never
/// copied.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2, Fixed32Type = 5;
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>Bytes of the message.</summary>
    public long Length { get; private set; }

    public ProtobufMessage Integer(int field, long value)
    {
        Tag(field, VarintType);
        return Varint((ulong)value);
    }

    public ProtobufMessage Single(int field, float value)
    {
        Tag(field, Fixed32Type);
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Piece(bytes);
    }

    public ProtobufMessage Double(int field, double value)
    {
        Tag(field, Fixed64Type);
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return Piece(bytes);
    }

    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Bytes(int field, byte[] value)
    {
        Tag(field, LengthType);
        return Varint((ulong)value.Length).Piece(value);
    }

    public ProtobufMessage Message(int field, ProtobufMessage value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        foreach (var piece in value._pieces)
        {
            Piece(piece);
        }

        return this;
    }

    public void Write(Stream stream)
    {
        foreach (var piece in _pieces)
        {
            stream.Write(piece.Span);
        }
    }

    private void Tag(int field, int type) => Varint((ulong)(field << 3 | type));

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private ProtobufMessage Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return Piece((byte[])[.. bytes, (byte)value]);
    }

    private ProtobufMessage Piece(ReadOnlyMemory<byte> bytes)
    {
        _pieces.Add(bytes);
        Length += bytes.Length;
        return this;
    }
}
