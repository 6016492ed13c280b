using System.Globalization;
using System.Text;
using CsvHelper.Configuration;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>Examples from a CSV file.</summary>
/// <param name="Examples">Inputs, and classes or targets.</param>
/// <param name="Classes">Names of the classes, in their order; null where the task is regression.</param>
public sealed record CsvExamples(DataSet Examples, IReadOnlyList<string>? Classes);

/// <summary>
/// Reads a user's own numbers from CSV: one example per line, inputs first, then the answer. A first line that is no example is a
/// header. Trailing columns that the header calls <c>target…</c> are numbers to be learnt (regression); else the last column is
/// the class (whole numbers or names), or, if it holds other numbers, the one target.
/// </summary>
public static class CsvReader
{
    private const string TargetName = "target";

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file, UTF-8; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="classes">The classes to use, from the training file, when reading another; null: those in this file, numbers by size or names by alphabet.</param>
    /// <exception cref="DataFormatException">A field is no finite number, a line has another number of fields, a class is unknown, or there is no example.</exception>
    public static CsvExamples Read(Stream stream, string source, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(source);
        var (header, lines) = ReadLines(stream, source);
        var targets = header is null ? 0 : header.Reverse().TakeWhile(name => name.StartsWith(TargetName, StringComparison.OrdinalIgnoreCase)).Count();
        if (classes is null && targets == 0 && lines.Any(line => Number(line.Fields[^1]) is { } answer && answer != Math.Floor(answer)))
        {
            targets = 1;
        }

        var answers = Math.Max(targets, 1);
        var width = lines[0].Fields.Length;
        if (width <= answers)
        {
            throw new DataFormatException(source, lines[0].Number, null, $"there are {width} columns of which {answers} are the answer, must be at least one more for the input");
        }

        var inputs = Numbers(lines, 0, width - answers, source);
        if (targets > 0 && classes is null)
        {
            return new CsvExamples(new DataSet(inputs, Numbers(lines, width - answers, answers, source)), null);
        }

        classes ??= ClassesOf(lines);
        return new CsvExamples(new DataSet(inputs, Labels(lines, classes, source), classes.Count), classes);
    }

    private static (string[]? Header, List<Line> Lines) ReadLines(Stream stream, string source)
    {
        using var text = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { HasHeaderRecord = false, TrimOptions = TrimOptions.Trim, BadDataFound = null };
        using var parser = new CsvHelper.CsvParser(text, configuration);
        string[]? header = null;
        var lines = new List<Line>();
        var width = 0;
        while (parser.Read())
        {
            var fields = parser.Record!;
            if (width == 0)
            {
                width = fields.Length;
                if (IsHeader(fields))
                {
                    header = fields;
                    continue;
                }
            }

            lines.Add(fields.Length == width
                ? new Line(parser.RawRow, fields)
                : throw new DataFormatException(source, parser.RawRow, null, $"the line has {fields.Length} columns, the first one {width}"));
        }

        return lines.Count > 0 ? (header, lines) : throw new DataFormatException(source, Math.Max(parser.RawRow, 1), null, "the file has no examples, must have one per line");
    }

    /// <summary>No input is a number, or the last column has the name of an answer.</summary>
    private static bool IsHeader(string[] fields)
        => fields[..^1].All(field => Number(field) is null)
            || fields[^1].StartsWith(TargetName, StringComparison.OrdinalIgnoreCase)
            || fields[^1].Equals("label", StringComparison.OrdinalIgnoreCase)
            || fields[^1].Equals("class", StringComparison.OrdinalIgnoreCase);

    private static Matrix Numbers(List<Line> lines, int first, int count, string source)
    {
        var numbers = new Matrix(lines.Count, count);
        for (var example = 0; example < lines.Count; example++)
        {
            var row = numbers.Row(example);
            for (var column = 0; column < count; column++)
            {
                var field = lines[example].Fields[first + column];
                row[column] = (float?)Number(field)
                    ?? throw new DataFormatException(source, lines[example].Number, first + column + 1, $"'{field}' is no finite number");
            }
        }

        return numbers;
    }

    private static string[] ClassesOf(List<Line> lines)
    {
        var names = lines.Select(line => line.Fields[^1]).Distinct().ToArray();
        return names.All(name => Number(name) is not null) ? [.. names.OrderBy(Number)] : [.. names.Order(StringComparer.Ordinal)];
    }

    private static int[] Labels(List<Line> lines, IReadOnlyList<string> classes, string source)
    {
        var places = classes.Select((name, place) => (name, place)).ToDictionary(entry => entry.name, entry => entry.place);
        return [.. lines.Select(line => places.TryGetValue(line.Fields[^1], out var place)
            ? place
            : throw new DataFormatException(source, line.Number, line.Fields.Length, $"the class '{line.Fields[^1]}' is unknown, must be one of {Shown(classes)}"))];
    }

    private static string Shown(IReadOnlyList<string> classes)
        => string.Join(", ", classes.Take(12)) + (classes.Count > 12 ? $" and {classes.Count - 12} others" : "");

    private static double? Number(string field)
        => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite((float)value) ? value : null;

    private sealed record Line(int Number, string[] Fields);
}
