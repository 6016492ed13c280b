using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Training;

/// <summary>
/// Reads a state; see <see cref="StateFormat"/>. It believes nothing: the checksum comes first, then every part must have the name, the
/// type and the shape that the training expects. Memory is taken for what is there, not for what is promised.
/// </summary>
internal sealed class StateReader : StateCarrier
{
    private const int MostShown = 400;

    private readonly Stream _stream;
    private readonly string _source;
    private readonly long _start, _end;

    /// <param name="stream">From here to its end: the state. It stays open.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="DataFormatException">It is damaged, cut off, or not a state at all.</exception>
    public StateReader(Stream stream, string source)
    {
        (_stream, _source) = (stream, source);
        (_start, _end) = (stream.Position, stream.Length - StateFormat.ChecksumBytes);
        Span<byte> magic = stackalloc byte[StateFormat.Magic.Length];
        if (_end - _start < magic.Length + sizeof(int))
        {
            throw new DataFormatException(source, 0, $"{stream.Length - _start} bytes are no checkpoint; it is cut off");
        }

        Get(magic);
        if (!magic.SequenceEqual(StateFormat.Magic))
        {
            throw new DataFormatException(source, 0, "not a checkpoint: it does not begin with FA-STATE");
        }

        RequireChecksum();
        if (GetInteger() is var version && version != StateFormat.Version)
        {
            throw new DataFormatException(
                source,
                magic.Length,
                $"a checkpoint of layout {version}, this version reads layout {StateFormat.Version}; "
                    + "continue with the version that wrote it");
        }

        Note = new byte[Begin("note", StateFormat.Bytes, 1, null, sizeof(byte))];
        Get(Note);
    }

    /// <summary>Bytes of the caller's own.</summary>
    public byte[] Note { get; }

    public override void Carry(string name, Matrix values)
    {
        Begin(name, values.Order == MatrixOrder.RowMajor ? StateFormat.Rows : StateFormat.Columns, values.Rows, values.Columns, sizeof(float));
        for (var line = 0; line < values.Lines; line++)
        {
            Get(MemoryMarshal.AsBytes(values.Line(line)));
        }
    }

    public override void Carry(string name, Span<int> values) => Get(name, StateFormat.Integers, values, sizeof(int));

    public override void Carry(string name, Span<long> values) => Get(name, StateFormat.Longs, values, sizeof(long));

    public override void Carry(string name, Span<double> values) => Get(name, StateFormat.Doubles, values, sizeof(double));

    public override double[] CarryAll(string name, double[] values)
    {
        var all = new double[Begin(name, StateFormat.Doubles, 1, null, sizeof(double))];
        Get(MemoryMarshal.AsBytes(all.AsSpan()));
        return all;
    }

    public override void Same(string name, string settings)
    {
        var start = Offset;
        var text = new byte[Begin(name, StateFormat.Text, 1, null, sizeof(byte))];
        Get(text);
        if (SettingDifferences.Between(saved: Encoding.UTF8.GetString(text), present: settings) is { } differences)
        {
            throw new DataFormatException(_source, start,
                $"a checkpoint of another training: {differences}; make the training as it was then");
        }
    }

    public override void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new DataFormatException(_source, Offset, $"{rule}, but it is not so here");
        }
    }

    /// <summary>Checks that nothing is left.</summary>
    public void End() => Require(_stream.Position == _end, "the checksum follows on the last part");

    private long Offset => _stream.Position - _start;

    private void RequireChecksum()
    {
        var begin = _stream.Position;
        _stream.Position = _start;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var portion = new byte[1 << 16];
        for (var left = _end - _start; left > 0;)
        {
            var count = (int)Math.Min(left, portion.Length);
            Get(portion.AsSpan(0, count));
            hash.AppendData(portion, 0, count);
            left -= count;
        }

        Span<byte> checksum = stackalloc byte[StateFormat.ChecksumBytes];
        Get(checksum);
        if (!checksum.SequenceEqual(hash.GetHashAndReset()))
        {
            throw new DataFormatException(_source, _end - _start, "the checksum is not that of what stands before it: the checkpoint is damaged or cut off");
        }

        _stream.Position = begin;
    }

    private void Get<T>(string name, byte type, Span<T> values, int size)
        where T : unmanaged
    {
        Begin(name, type, 1, values.Length, size);
        Get(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads the beginning of a part, which must be as expected; null columns: as many as it says, if they are there.</summary>
    /// <returns>Its columns.</returns>
    private int Begin(string name, byte type, int rows, int? columns, int size)
    {
        var start = Offset;
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        Get(length);
        var text = new byte[BinaryPrimitives.ReadUInt16LittleEndian(length)];
        Get(text);
        var one = length[..1];
        Get(one);
        var (foundRows, foundColumns) = (GetInteger(), GetInteger());
        if (Encoding.UTF8.GetString(text) is var found && (found != name || one[0] != type || foundRows != rows || (columns ?? foundColumns) != foundColumns))
        {
            throw new DataFormatException(
                _source,
                start,
                $"a checkpoint of another training: it has {ForeignText.Line(found, MostShown)} ({ForeignText.Line($"{(char)one[0]}")}, {foundRows} × {foundColumns}), must have {name} ({(char)type}, {rows} × {(columns is { } count ? $"{count}" : "any")}) here");
        }

        if (foundColumns < 0 || (long)rows * foundColumns * size > _end - _stream.Position || (type == StateFormat.Bytes && foundColumns > StateFormat.MostNoteBytes))
        {
            throw new DataFormatException(_source, start, $"{name} promises {foundColumns} numbers, more than there are");
        }

        return foundColumns;
    }

    private int GetInteger()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Get(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    private void Get(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new DataFormatException(_source, Offset, "the checkpoint is cut off here");
        }
    }
}
