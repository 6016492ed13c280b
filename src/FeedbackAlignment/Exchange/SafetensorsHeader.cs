using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Exchange;

/// <summary>The header of a safetensors file, checked: the tensors lie side by side from the first byte to the last.</summary>
/// <param name="Entries">The tensors, in the order of their numbers.</param>
/// <param name="Metadata">Texts by name.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Where the header stands in the file, and the most bytes that it may have.</summary>
    public const int Start = 8, Longest = 1 << 20;

    public const string MetadataKey = "__metadata__";

    /// <summary>Bytes of all numbers.</summary>
    public long Length => Entries is [.., var last] ? last.End : 0;

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string source)
    {
        // By the format the header begins with its brace; behind it there may be blanks.
        if (json[0] != (byte)'{')
        {
            throw new DataFormatException(source, Start, $"the header begins with the byte {json[0]}, must begin with '{{' ({(int)'{'})");
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            return Arrange(ref reader, source);
        }
        catch (JsonException trouble)
        {
            throw new DataFormatException(source, Start + reader.BytesConsumed, $"the header is not as it must be near here ({Short(trouble.Message)})", trouble);
        }
        catch (InvalidOperationException trouble)
        {
            throw new DataFormatException(source, Start + reader.TokenStartIndex, "the header has a text here that is not Unicode", trouble);
        }
    }

    private static SafetensorsHeader Arrange(ref Utf8JsonReader reader, string source)
    {
        var (entries, metadata) = ReadEntries(ref reader);
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin))
        {
            if (entry.Begin != end)
            {
                throw new DataFormatException(source, Start, $"tensor {entry} begins at byte {entry.Begin} of the numbers, must begin at {end}, where the one before ends");
            }

            end = entry.Mistake() is { } mistake ? throw new DataFormatException(source, Start, $"tensor {entry}: {mistake}") : entry.End;
        }

        return new([.. entries.OrderBy(entry => entry.Begin)], metadata);
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) ReadEntries(ref Utf8JsonReader reader)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>();
        var metadata = new Dictionary<string, string>();
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader) is { } name)
        {
            Once(names.Add(name), name);
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader, metadata);
            }
            else
            {
                entries.Add(ReadEntry(ref reader, name));
            }
        }

        // Anything but blanks behind the closing brace is a mistake that this finds.
        reader.Read();
        return (entries, metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader) is { } name)
        {
            Expect(ref reader, JsonTokenType.String);
            Once(metadata.TryAdd(name, reader.GetString()!), name);
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, place = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String);
                    Once(type is null, key);
                    type = reader.GetString();
                    break;
                case "shape":
                    Once(shape is null, key);
                    shape = ReadNumbers(ref reader);
                    break;
                case "data_offsets":
                    Once(place is null, key);
                    place = ReadNumbers(ref reader);
                    break;
                default:
                    throw new JsonException($"{ForeignText.Quoted(key)} is no key of a tensor: there are dtype, shape and data_offsets");
            }
        }

        return (type, shape, place) is ({ }, { }, [var begin, var end]) && begin <= end
            ? shape.All(size => size <= int.MaxValue)
                ? new(name, type, [.. shape.Select(size => (int)size)], begin, end)
                : throw new JsonException($"{ForeignText.Quoted(name)} has a dimension above {int.MaxValue}")
            : throw new JsonException($"{ForeignText.Quoted(name)} must have dtype, shape and data_offsets: [begin, end]");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0
                ? number
                : throw new JsonException("sizes and places must be whole numbers ≥ 0"));
        }

        return numbers;
    }

    private static string? NextName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException($"{token} was expected, {reader.TokenType} found");
        }
    }

    private static void Once(bool isFirst, string name)
    {
        if (!isFirst)
        {
            throw new JsonException($"{ForeignText.Quoted(name)} is there twice");
        }
    }

    /// <summary>The parser's message, which may quote most of the header.</summary>
    private static string Short(string message)
    {
        const int longest = 200;
        return message.Length > longest ? $"{message.AsSpan(0, longest)}…" : message.TrimEnd('.');
    }
}
