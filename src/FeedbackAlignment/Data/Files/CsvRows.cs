using System.Globalization;
using System.Runtime.InteropServices;
using nietras.SeparatedValues;

namespace FeedbackAlignment.Data.Files;

/// <summary>Goes over the lines of a text file of values, field by field; knows quotes, and refuses those that are not closed.</summary>
/// <param name="text">UTF-8.</param>
/// <param name="source">What to call the file in messages.</param>
/// <param name="separator">What stands between two fields.</param>
internal sealed class CsvRows(ReadOnlyMemory<byte> text, string source, char separator)
{
    private const char Quote = '"';

    /// <summary>What the file is called in messages.</summary>
    public string Source => source;

    /// <summary>Is given a line.</summary>
    /// <param name="line">Its number in the file, from 1.</param>
    /// <param name="fields">The fields.</param>
    /// <returns>Whether to go on.</returns>
    public delegate bool Visitor(int line, Fields fields);

    /// <summary>The fields of a line.</summary>
    public readonly ref struct Fields(SepReader.Row row, string source, int line)
    {
        private readonly SepReader.Row _row = row;

        /// <summary>How many there are.</summary>
        public int Count => _row.ColCount;

        /// <summary>The text of a field, without the white space and quotes around it.</summary>
        public ReadOnlySpan<char> this[int field]
        {
            get
            {
                var text = _row[field].Span.Trim();
                return text.Contains(Quote) ? Unquoted(text, field) : text;
            }
        }

        private ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> text, int field)
        {
            if (text[0] != Quote)
            {
                throw new DataFormatException(source, line, field + 1, "there is a quote within the field; put the whole field in quotes and write the quote twice");
            }

            if (text.Length < 2 || text[^1] != Quote)
            {
                throw NotClosed(field);
            }

            // The text has no zero character: it stands for a pair of quotes, and a quote that is left over is one by itself.
            var plain = text[1..^1].ToString().Replace("\"\"", "\0", StringComparison.Ordinal);
            return plain.Contains(Quote) ? throw NotClosed(field) : plain.Replace('\0', Quote);
        }

        private DataFormatException NotClosed(int field)
            => new(source, line, field + 1, "the quote that opens here is not closed at the end of the field");
    }

    private MemoryStream Stream() => MemoryMarshal.TryGetArray(text, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(text.ToArray(), writable: false);

    /// <summary>Goes over all lines that are not empty.</summary>
    public void Visit(Visitor visitor)
    {
        try
        {
            // Sep pads nothing and unescapes nothing here: what a field holds is judged above.
            var options = new SepReaderOptions(new Sep(separator)) with
            {
                HasHeader = false,
                DisableColCountCheck = true,
                Unescape = false,
                CultureInfo = CultureInfo.InvariantCulture,
            };
            using var reader = options.From(Stream());
            var isFirst = true;
            foreach (var row in reader)
            {
                // The first row's own number is that of the line behind it.
                var line = isFirst ? 1 : row.LineNumberFrom;
                isFirst = false;
                if (row.ColCount == 1 && row[0].Span.IsWhiteSpace())
                {
                    continue;
                }

                if (!visitor(line, new Fields(row, source, line)))
                {
                    return;
                }
            }
        }
        catch (NotSupportedException tooLong)
        {
            throw new DataFormatException(source, null, $"a line is too long to be read ({tooLong.Message.TrimEnd('.')}); is there a quote that is not closed?", tooLong);
        }
    }
}
