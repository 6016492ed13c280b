using System.Text;
using System.Text.Json;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// Reads specs: JSON, in which comments and trailing commas are allowed and every key has a default. A key <c>$schema</c> at the top is
/// for editors and means nothing here.
/// </summary>
public static class SpecReader
{
    /// <summary>The longest text that is read, in bytes of UTF-8. A spec has about a thousand.</summary>
    public const int MostBytes = 1 << 20;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a spec from bytes in UTF-8, with or without a byte order mark.</summary>
    /// <param name="stream">Read to its end, or to <see cref="MostBytes"/>.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">The spec is wrong; it has all the mistakes.</exception>
    public static ExperimentSpec Read(Stream stream, Components components)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new byte[MostBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Read(bytes.AsMemory(0, length), components);
    }

    /// <summary>Reads a spec.</summary>
    /// <param name="json">The text.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">The spec is wrong; it has all the mistakes.</exception>
    public static ExperimentSpec Read(string json, Components components)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return Read(_strict.GetBytes(json), components);
        }
        catch (EncoderFallbackException exception)
        {
            throw Unreadable("", $"character {exception.Index + 1} is half of a surrogate pair, not a character");
        }
    }

    private static ExperimentSpec Read(ReadOnlyMemory<byte> utf8, Components components)
    {
        ArgumentNullException.ThrowIfNull(components);
        using var document = Parse(utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8);
        var problems = new SpecProblems();
        var spec = RuleNames.Canonical(
            OfItsFormat(new SpecBinder(problems).Bind(document.RootElement), document.RootElement), components.Rules, problems);
        SpecValidator.Check(spec, components, problems);
        problems.ThrowIfAny();
        return spec;
    }

    /// <summary>A spec that does not say its format is one of version 0.1.</summary>
    private static ExperimentSpec OfItsFormat(ExperimentSpec spec, JsonElement root)
        => root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("format", out _) ? spec with { Format = 1 } : spec;

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MostBytes)
        {
            throw Unreadable("", $"this is longer than {MostBytes} bytes, too long for a spec");
        }

        try
        {
            _ = _strict.GetCharCount(utf8.Span);
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (DecoderFallbackException exception)
        {
            throw Unreadable("", $"byte {exception.Index + 1} is not UTF-8; save the spec as UTF-8 text");
        }
        catch (JsonException exception)
        {
            throw Unreadable(Place(utf8.Span, exception), Display.Message(Plain(exception.Message)));
        }
    }

    /// <summary>The place of a syntax error as editors count: lines and characters from 1.</summary>
    private static string Place(ReadOnlySpan<byte> utf8, JsonException exception)
    {
        var line = exception.LineNumber.GetValueOrDefault();
        var rest = utf8;
        for (var passed = 0L; passed < line; passed++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        var before = (int)Math.Min(exception.BytePositionInLine.GetValueOrDefault(), rest.Length);
        return $"line {line + 1}, column {Encoding.UTF8.GetCharCount(rest[..before]) + 1}";
    }

    /// <summary>The serializer's message, without the place, and in plain words where it speaks of its own insides.</summary>
    private static string Plain(string message) =>
        message.StartsWith("The input does not contain any JSON tokens", StringComparison.Ordinal)
            ? "the file is empty; the shortest spec is {}"
        : message.StartsWith("Expected depth to be zero", StringComparison.Ordinal) ? "the text ends before every { and [ is closed"
        : message.Split(" LineNumber:")[0].TrimEnd();

    private static SpecException Unreadable(string place, string message) => new([new(place, message)]);
}
