using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// The content of a safetensors file: eight bytes with the length of a header, the header as JSON (name, type, shape and place of every
/// tensor), and the numbers, little-endian, row by row. There is nothing in it that could be run.
/// </summary>
/// <param name="tensors">The tensors, each with a name of its own.</param>
/// <param name="metadata">Texts by name; null: none.</param>
public sealed class SafetensorsFile(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
{
    /// <summary>Reading machines like numbers to begin at a multiple of this.</summary>
    private const int Alignment = 8;

    private Dictionary<string, NamedTensor>? _byName;

    /// <summary>The tensors, in the order of their numbers in the file.</summary>
    public IReadOnlyList<NamedTensor> Tensors { get; } = [.. tensors];

    /// <summary>Texts by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = metadata ?? new Dictionary<string, string>();

    /// <summary>The tensor of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public NamedTensor? Find(string name)
        => (_byName ??= Tensors.DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name)).GetValueOrDefault(name);

    /// <summary>
    /// Reads a file. Numbers of the types F64, F16, BF16 and I64 become <see cref="float"/>s. Nothing that the header says is believed:
    /// memory grows with the bytes that are really there.
    /// </summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">
    /// The file is damaged, its header is longer than a mebibyte, tensors overlap, leave gaps or have no elements, or are of another type;
    /// or its tensors would take more memory than may be used.
    /// </exception>
    public static SafetensorsFile Read(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(source);
        var first = ReadBytes(stream, source, 0, SafetensorsHeader.Start, "the length of the header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(first);
        if (length is < 2 or > SafetensorsHeader.Longest)
        {
            throw new DataFormatException(source, 0, IsOfTorch(first)
                ? "torch.save has written it; such files can run code and are not read. In Python: "
                    + "safetensors.torch.save_file(torch.load(\"model.pt\"), \"model.safetensors\")"
                : $"the header would be {length} bytes long, must be 2 … {SafetensorsHeader.Longest}; a safetensors file begins with that "
                    + "length");
        }

        var json = ReadBytes(stream, source, SafetensorsHeader.Start, (long)length, "the header");
        var header = SafetensorsHeader.Parse(json, source);
        var start = SafetensorsHeader.Start + (long)length;
        MemoryBudget.Require(header.Memory, source, "its tensors would take");
        var tensors = new List<NamedTensor>();
        foreach (var entry in header.Entries)
        {
            var bytes = ReadBytes(stream, source, start + entry.Begin, entry.End - entry.Begin, $"tensor {entry}");
            tensors.Add(new NamedTensor(entry.Name, entry.Shape, entry.Decode(bytes, source, start)));
        }

        if (stream.ReadByte() >= 0)
        {
            throw new DataFormatException(source, start + header.Length, "more bytes follow, but by its header the file ends here");
        }

        return new SafetensorsFile(tensors, header.Metadata);
    }

    /// <summary>Writes the file, all numbers as F32. Equal content makes equal bytes.</summary>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or one is called <c>__metadata__</c>.</exception>
    /// <exception cref="NotSupportedException">
    /// Names and metadata take more than a mebibyte, which <see cref="Read"/> would refuse.
    /// </exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (Tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1 || group.Key == SafetensorsHeader.MetadataKey) is { } wrong)
        {
            throw new ArgumentException(
                $"{wrong.Count()} tensors are called \"{wrong.Key}\"; each needs its own name, and "
                + $"{SafetensorsHeader.MetadataKey} is taken");
        }

        var json = Header();
        if (json.Length > SafetensorsHeader.Longest - Alignment)
        {
            throw new NotSupportedException($"the names and metadata take {json.Length} bytes, more than the {SafetensorsHeader.Longest} that a header may have");
        }

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        var padded = (json.Length + Alignment - 1) / Alignment * Alignment;
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
        stream.Write(length);
        stream.Write(json);
        stream.Write("       "u8[..(padded - json.Length)]);
        foreach (var tensor in Tensors)
        {
            stream.Write(tensor.Values.ToBytes());
        }
    }

    /// <summary>Whether a file begins as <c>torch.save</c> begins its own: as a zip file, or, before PyTorch 1.6, as a pickle.</summary>
    private static bool IsOfTorch(byte[] first)
        => first.AsSpan().StartsWith("PK\x03\x04"u8) || first.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x80, 0x02, 0x8A, 0x0A]);

    private byte[] Header()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            WriteMetadata(writer);
            var place = 0L;
            foreach (var tensor in Tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", "F32");
                writer.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                {
                    writer.WriteNumberValue(size);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(place);
                place += (long)tensor.Values.Rows * tensor.Values.Columns * sizeof(float);
                writer.WriteNumberValue(place);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    private void WriteMetadata(Utf8JsonWriter writer)
    {
        if (Metadata.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (name, text) in Metadata)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
    }

    private static byte[] ReadBytes(Stream stream, string source, long start, long count, string what)
    {
        var bytes = Portions.Read(count, source, into => stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false));
        return bytes.Length == count && MemoryMarshal.TryGetArray<byte>(bytes, out var array)
            ? array.Array!
            : throw new DataFormatException(source, start + bytes.Length, $"the file ends here, after {bytes.Length} of the {count} bytes of {what} that begin at byte {start}");
    }
}
