using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>What a run had recorded up to a checkpoint.</summary>
/// <param name="Curve">The learning curve.</param>
/// <param name="Alignment">What the instruments read.</param>
internal sealed record RunPast(IReadOnlyList<CurveRecord> Curve, IReadOnlyList<AlignmentRecord> Alignment)
{
    /// <summary>The longest line, in bytes. A record has some hundreds.</summary>
    private const int LongestLine = 1 << 16;

    /// <summary>A run that begins.</summary>
    public static RunPast None { get; } = new([], []);

    /// <summary>Reads the records from <c>metrics.jsonl</c>, and looks whether the tables are there.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="lengths">What of the files counts.</param>
    /// <exception cref="DataFormatException">A file is shorter than that, or not what the run wrote.</exception>
    public static RunPast Read(Place folder, MetricsLengths lengths)
    {
        RequireLength(folder.In(MetricsWriter.CurveName), lengths.Curve);
        RequireLength(folder.In(MetricsWriter.AlignmentName), lengths.Alignment);
        if (lengths.Norms != 0)
        {
            RequireLength(folder.In(MetricsWriter.NormsName), lengths.Norms);
        }

        var file = folder.In(MetricsWriter.LinesName);
        RequireLength(file, lengths.Lines);
        using var stream = file.Read();
        List<CurveRecord> curve = [];
        List<AlignmentRecord> alignment = [];
        var number = 0;
        foreach (var line in Lines(stream, lengths.Lines, file.FullPath))
        {
            number++;
            try
            {
                Add(line.Span, curve, alignment);
            }
            catch (Exception trouble) when (trouble is JsonException or InvalidOperationException or ArgumentException)
            {
                throw new DataFormatException(file.FullPath, number, null, "not a record of a run, but the checkpoint counts on it");
            }
        }

        return new RunPast(curve, alignment);
    }

    /// <summary>Lines of a file, a portion at a time: it may have gigabytes.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(FileStream stream, long length, string file)
    {
        var portion = new byte[LongestLine];
        var (begin, end, left) = (0, 0, length);
        while (true)
        {
            var there = portion.AsMemory(begin, end - begin);
            if (there.Span.IndexOf((byte)'\n') is var lineEnd && lineEnd >= 0)
            {
                begin += lineEnd + 1;
                yield return there[..lineEnd];
            }
            else if (left == 0)
            {
                if (!there.IsEmpty)
                {
                    yield return there;
                }

                yield break;
            }
            else if (there.Length == portion.Length)
            {
                throw new DataFormatException(
                    file, length - left - there.Length, $"has a line here of more than {LongestLine} bytes, not a record of a run");
            }
            else
            {
                there.CopyTo(portion);
                var count = (int)Math.Min(left, portion.Length - there.Length);
                stream.ReadExactly(portion, there.Length, count);
                (begin, end, left) = (0, there.Length + count, left - count);
            }
        }
    }

    private static void Add(ReadOnlySpan<byte> line, List<CurveRecord> curve, List<AlignmentRecord> alignment)
    {
        var json = JsonNode.Parse(line) as JsonObject ?? throw new JsonException();
        switch ((string?)json["kind"])
        {
            case MetricsWriter.CurveKind:
                curve.Add(json.Deserialize<CurveRecord>(ExperimentJson.Line) ?? throw new JsonException());
                break;
            case MetricsWriter.AlignmentKind:
                alignment.Add(json.Deserialize<AlignmentRecord>(ExperimentJson.Line) ?? throw new JsonException());
                break;
            case MetricsWriter.NormsKind:
                // They are in their files, and nothing is computed from them.
                break;
            default:
                throw new JsonException();
        }
    }

    private static void RequireLength(Place file, long length)
    {
        var there = Length(file);
        if (there < length || length < 1)
        {
            throw new DataFormatException(file.FullPath, there, $"the file ends here, but the checkpoint counts on {length} bytes");
        }
    }

    private static long Length(Place file)
    {
        try
        {
            using var stream = file.Read();
            return stream.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
