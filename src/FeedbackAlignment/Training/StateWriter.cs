using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>Writes a state; see <see cref="StateFormat"/>.</summary>
internal sealed class StateWriter : StateCarrier, IDisposable
{
    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="note">Bytes of the caller's own.</param>
    public StateWriter(Stream stream, ReadOnlySpan<byte> note)
    {
        _stream = stream;
        Put(StateFormat.Magic);
        PutInteger(StateFormat.Version);
        Begin("note", StateFormat.Bytes, 1, note.Length);
        Put(note);
    }

    public override void Carry(string name, Matrix values)
    {
        Begin(name, values.Order == MatrixOrder.RowMajor ? StateFormat.Rows : StateFormat.Columns, values.Rows, values.Columns);
        for (var line = 0; line < values.Lines; line++)
        {
            Put(MemoryMarshal.AsBytes(values.Line(line)));
        }
    }

    public override void Carry(string name, Span<int> values) => Put(name, StateFormat.Integers, values);

    public override void Carry(string name, Span<long> values) => Put(name, StateFormat.Longs, values);

    public override void Carry(string name, Span<double> values) => Put(name, StateFormat.Doubles, values);

    public override double[] CarryAll(string name, double[] values)
    {
        Put(name, StateFormat.Doubles, values.AsSpan());
        return values;
    }

    public override void Same(string name, string settings) => Put(name, StateFormat.Text, Encoding.UTF8.GetBytes(settings).AsSpan());

    public override void Require(bool holds, string rule)
    {
    }

    /// <summary>Writes the checksum.</summary>
    public void End() => _stream.Write(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Put<T>(string name, byte type, Span<T> values)
        where T : unmanaged
    {
        Begin(name, type, 1, values.Length);
        Put(MemoryMarshal.AsBytes(values));
    }

    private void Begin(string name, byte type, int rows, int columns)
    {
        var text = Encoding.UTF8.GetBytes(name);
        Put([(byte)text.Length, checked((byte)(text.Length >> 8))]);
        Put(text);
        Put([type]);
        PutInteger(rows);
        PutInteger(columns);
    }

    private void PutInteger(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Put(bytes);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _stream.Write(bytes);
    }
}
