using System.Text.Json;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Watching;

/// <summary>
/// Reads the lines of <c>metrics.jsonl</c> from a place on. The file may be somebody else's: a line may be anything, of any length, and the
/// last one may be half written.
/// </summary>
internal static class ReadingLines
{
    /// <summary>Bytes of a line that may be ours; longer ones are passed over.</summary>
    public const int LongestLine = 1 << 16;

    private const int Portion = 1 << 19;
    private const int MarkedBytes = 1024;
    private const int LongestName = 100;

    public static RunReadings Read(Stream file, ReadingPlace from)
    {
        var forget = file.Length < from.Byte || Mark(file, from.Byte) != from.Mark;
        var begin = forget ? 0 : from.Byte;
        var portion = new byte[(int)Math.Min(Portion, file.Length - begin)];
        file.Position = begin;
        portion = portion[..file.ReadAtLeast(portion, portion.Length, throwOnEndOfStream: false)];
        List<CurveReading> curve = [];
        List<LayerReading> layers = [];
        var unreadable = 0;
        var done = 0;
        while (portion.AsSpan(done).IndexOf((byte)'\n') is var length and >= 0)
        {
            // Behind a line that was passed over, its rest is a line that is none.
            if (length > LongestLine || !TryRead(portion.AsMemory(done, length), curve, layers))
            {
                unreadable++;
            }

            done += length + 1;
        }

        // A half line waits, unless it is too long to become one of ours.
        if (portion.Length - done > LongestLine)
        {
            (done, unreadable) = (portion.Length, unreadable + 1);
        }

        var end = begin + done;
        return new RunReadings(forget, new ReadingPlace(end, Mark(file, end)), curve, layers, unreadable,
            begin + portion.Length >= file.Length);
    }

    /// <summary>FNV-1a of the last bytes before a place.</summary>
    private static ulong Mark(Stream file, long end)
    {
        Span<byte> bytes = stackalloc byte[MarkedBytes];
        bytes = bytes[..(int)Math.Min(MarkedBytes, Math.Min(end, file.Length))];
        file.Position = Math.Min(end, file.Length) - bytes.Length;
        bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        var mark = 0xcbf29ce484222325;
        foreach (var value in bytes)
        {
            mark = (mark ^ value) * 0x100000001b3;
        }

        return end == 0 ? 0 : mark;
    }

    private static bool TryRead(ReadOnlyMemory<byte> line, List<CurveReading> curve, List<LayerReading> layers)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4 });
            var fields = json.RootElement;
            if (fields.ValueKind != JsonValueKind.Object || Number(fields, "examples") is not { } examples || examples < 0)
            {
                return false;
            }

            switch (Text(fields, "kind"))
            {
                case MetricsWriter.CurveKind:
                    curve.Add(new(examples, Number(fields, "trainLoss"), Number(fields, "validationLoss"),
                        Number(fields, "validationError")));
                    return true;
                case MetricsWriter.AlignmentKind when Text(fields, "layer") is { Length: > 0 } layer:
                    layers.Add(new(
                        examples, ForeignText.Line(layer, LongestName), Number(fields, "errorAngle"), Number(fields, "gradientAngle"),
                            Number(fields, "positiveShare")));
                    return true;
                case MetricsWriter.NormsKind:
                    return true;
                default:
                    return false;
            }
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            // A text with half a surrogate pair is an InvalidOperationException.
            return false;
        }
    }

    private static double? Number(JsonElement fields, string name)
        => fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && double.IsFinite(number)
            ? number : null;

    private static string? Text(JsonElement fields, string name)
        => fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
