using System.Buffers;

namespace FeedbackAlignment.Data.Files;

/// <summary>Sees from the first lines of a file which character separates its fields, and which stands before decimals.</summary>
internal static class CsvSniffer
{
    private const int Lines = 200, DecimalLines = 1000;

    private const char Quote = '"';

    private static readonly SearchValues<char> _numberLetters = SearchValues.Create("+-0123456789eE.,");

    private delegate bool Holds(ReadOnlySpan<char> field);

    /// <summary>The separator.</summary>
    /// <param name="text">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="usual">
    /// The separator of the file that belongs to it, which decides where several are possible; null: there is none.
    /// </param>
    /// <exception cref="DataFormatException">Two are possible.</exception>
    public static char Separator(ReadOnlyMemory<byte> text, string source, char? usual)
    {
        var lines = FirstLines(text);
        char[] even = [.. CsvFormat.Separators.Where(candidate => Width(lines, candidate) > 1)];

        // A space stands in names and behind commas too: it separates where nothing else can, and may do so where a comma is in numbers alone.
        char[] numeric = [.. even.Where(candidate => AllNumbers(lines, candidate))];
        numeric = numeric.Length > 1 ? [.. numeric.Where(candidate => candidate != ' ')] : numeric;
        if (numeric.Length == 1)
        {
            return numeric[0];
        }

        even = even.Length > 1 ? [.. even.Where(candidate => candidate != ' ' || StandsInNumbers(lines, even[0]))] : even;
        if (usual is { } known && (even.Length == 0 || even.Contains(known)))
        {
            return known;
        }

        return even switch
        {
            [var only] => only,

            // A line is too long or too short, whatever separates: the usual separator that is there tells the user which.
            [] => CsvFormat.Separators.Where(candidate => candidate != ' ')
                .MaxBy(candidate => lines.Count(line => Count(line, candidate) > 1)),
            [var one, var other, ..] => throw new DataFormatException(
                source, 1, null, $"{Shown(one)} and {Shown(other)} both split every line into the same number of fields; choose "
                    + $"--separator {Typed(one)} or --separator {Typed(other)}"),
        };
    }

    /// <summary>What stands before decimals.</summary>
    /// <param name="text">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="separator">What stands between its fields.</param>
    /// <param name="usual">What the file that belongs to it has, which decides where both are possible; null: there is none.</param>
    /// <exception cref="DataFormatException">Both a point and a comma would be possible.</exception>
    public static char Decimal(ReadOnlyMemory<byte> text, string source, char separator, char? usual)
    {
        Seen? point = null, comma = null;
        var seen = 0;
        new CsvRows(text, source, separator).Visit((line, fields) =>
        {
            for (var field = 0; field < fields.Count; field++)
            {
                var value = fields[field];
                if (IsNumberWith('.', value))
                {
                    (point ??= new Seen(line, field + 1, value.ToString())).Add(value, '.');
                }
                else if (IsNumberWith(',', value))
                {
                    (comma ??= new Seen(line, field + 1, value.ToString())).Add(value, ',');
                }
            }

            return ++seen < DecimalLines;
        });
        return (point, comma) switch
        {
            // A comma is before decimals where semicolons separate, or where it is in the file beside: a point may be for thousands there.
            ({ IsThousands: true } only, null) when usual == ',' || (usual is null && separator == ';')
                => throw new DataFormatException(source, only.Line, only.Column,
                    $"'{only.Text}' may have a decimal point or a thousands separator; choose --decimal . or, for thousands, write the "
                    + "numbers without the point"),
            (_, null) => '.',
            (null, { } only) => !only.IsThousands || usual == ',' ? ',' : throw new DataFormatException(
                source, only.Line, only.Column, $"'{only.Text}' may have a decimal comma or a thousands separator; choose --decimal , "
                    + "or, for thousands, write the numbers without the comma"),
            ({ } one, { } other) => throw new DataFormatException(
                source, other.Line, other.Column, $"'{other.Text}' has a decimal comma, but '{one.Text}' in line {one.Line} has a "
                    + "decimal point; choose --decimal . or --decimal ,"),
        };
    }

    private static bool IsNumberWith(char point, ReadOnlySpan<char> value)
        => value.Contains(point) && value.IndexOfAnyExcept(_numberLetters) < 0 && value.Count(point) == 1 && !float.IsNaN(CsvValue.Number(value, point));

    private static bool AllNumbers(List<string> lines, char separator)
        => lines.Skip(lines.Count > 1 ? 1 : 0).All(line => AllFields(line, separator, field => IsNumber(field, separator)));

    private static bool IsNumber(ReadOnlySpan<char> field, char separator)
    {
        var value = field.Trim().Trim(Quote);
        return CsvValue.IsMissing(value) || !float.IsNaN(CsvValue.Number(value, '.')) || (separator != ',' && !float.IsNaN(CsvValue.Number(value, ',')));
    }

    /// <summary>Whether a character may be before decimals where spaces separate.</summary>
    private static bool StandsInNumbers(List<string> lines, char other)
        => lines.Skip(1).All(line => AllFields(line, ' ', field => !field.Contains(other) || (IsNumber(field, ' ') && field[^1] != other)));

    /// <summary>The number of fields, if all lines have as many; else 0.</summary>
    private static int Width(List<string> lines, char separator)
        => lines.Select(line => Count(line, separator)).Distinct().Take(2).ToArray() is [var width] ? width : 0;

    private static int Count(string line, char separator)
    {
        var count = 0;
        AllFields(line, separator, _ => ++count > 0);
        return count;
    }

    /// <summary>Whether something holds for all fields of a line; a line of commas has millions, so none becomes an object.</summary>
    private static bool AllFields(string line, char separator, Holds holds)
    {
        var (start, quoted) = (0, false);
        for (var place = 0; place < line.Length; place++)
        {
            if (line[place] == Quote)
            {
                quoted = !quoted;
            }
            else if (line[place] == separator && !quoted)
            {
                if (!holds(line.AsSpan(start, place - start)))
                {
                    return false;
                }

                start = place + 1;
            }
        }

        return holds(line.AsSpan(start));
    }

    private static List<string> FirstLines(ReadOnlyMemory<byte> text)
    {
        // Enough bytes for very wide lines, and no more than is looked at.
        const int most = 1 << 22;
        var start = System.Text.Encoding.UTF8.GetString(text.Span[..Math.Min(text.Length, most)]);
        var lines = new List<string>();
        var (begin, quoted) = (0, false);
        for (var place = 0; place <= start.Length && lines.Count <= Lines; place++)
        {
            if (place == start.Length || (!quoted && start[place] is '\n' or '\r'))
            {
                lines.Add(start[begin..place]);
                begin = place + 1;
            }
            else if (start[place] == Quote)
            {
                quoted = !quoted;
            }
        }

        lines.RemoveAll(string.IsNullOrWhiteSpace);

        // The last line may be cut off.
        return text.Length > most && lines.Count is > 1 and <= Lines ? lines[..^1] : lines;
    }

    public static string Shown(char separator) => separator switch
    {
        '\t' => "a tab",
        ' ' => "a space",
        _ => $"'{separator}'",
    };

    private static string Typed(char separator) => separator switch
    {
        '\t' => "tab",
        ' ' => "space",
        _ => $"\"{separator}\"",
    };

    /// <summary>Numbers that have a point, or a comma.</summary>
    private sealed class Seen(int line, int column, string text)
    {
        public int Line => line;

        public int Column => column;

        public string Text => text;

        /// <summary>Whether all of them may be whole: one to three digits, the first not 0, and three behind the separator.</summary>
        public bool IsThousands { get; private set; } = true;

        public void Add(ReadOnlySpan<char> value, char separator)
        {
            var digits = value.TrimStart("+-");
            IsThousands &= digits.IndexOf(separator) is >= 1 and <= 3 && digits.Length - digits.IndexOf(separator) == 4 && digits[0] != '0' && !digits.ContainsAny('e', 'E');
        }
    }
}
