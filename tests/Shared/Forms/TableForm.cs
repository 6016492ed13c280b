using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace FeedbackAlignment.Testing.Forms;

/// <summary>How a table is written.</summary>
/// <param name="Separator">Between two fields.</param>
/// <param name="Point">Before decimals.</param>
/// <param name="QuotesAll">Whether every field is in quotes.</param>
/// <param name="Header">Whether the first line has names.</param>
/// <param name="NewLine">Between two lines.</param>
/// <param name="Encoding">Of the file; with a byte order mark, if it has one.</param>
/// <param name="Gzip">Whether it is packed.</param>
/// <param name="Order">The columns' order; the target is the last of them by number.</param>
/// <param name="Zeros">Whether whole numbers are written with a decimal: 1.0.</param>
/// <param name="Missing">What stands for a missing value.</param>
internal sealed record TableForm(
    char Separator, char Point, bool QuotesAll, bool Header, string NewLine, Encoding Encoding, bool Gzip, int[] Order, bool Zeros, string Missing)
{
    private const string Quote = "\"";

    private static readonly Encoding[] _encodings = [new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode];

    private static readonly string[] _missing = ["", "NA", "NaN", "nan", "?", "null"];

    /// <summary>The plainest form: commas, points, a header, the target last.</summary>
    public static TableForm Plain(int columns) => new(',', '.', false, true, "\n", _encodings[0], false, [.. Enumerable.Range(0, columns)], false, "");

    /// <summary>Draws a form.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="columns">How many columns there are, the target included.</param>
    /// <param name="header">Whether the first line has names.</param>
    /// <param name="order">The columns' order.</param>
    public static TableForm Draw(Random random, int columns, bool header, int[] order) => new(
        ",;\t| "[random.Next(5)],
        random.Next(3) == 0 ? ',' : '.',
        random.Next(3) == 0,
        header,
        random.Next(3) == 0 ? "\r\n" : "\n",
        _encodings[random.Next(2) * random.Next(_encodings.Length)],
        random.Next(4) == 0,
        order,
        random.Next(4) == 0,
        _missing[random.Next(_missing.Length)]);

    /// <summary>Writes some examples.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="first">The first example.</param>
    /// <param name="count">How many.</param>
    public byte[] Write(IReadOnlyList<TableColumn> columns, int first, int count)
    {
        var text = new StringBuilder();
        if (Header)
        {
            text.AppendJoin(Separator, Order.Select(place => Field(columns[place].Name))).Append(NewLine);
        }

        for (var row = first; row < first + count; row++)
        {
            text.AppendJoin(Separator, Order.Select(place => Field(Value(columns[place].Values[row])))).Append(NewLine);
        }

        byte[] bytes = [.. Encoding.GetPreamble(), .. Encoding.GetBytes(text.ToString())];
        return Gzip ? Packed(bytes) : bytes;
    }

    public static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private string Value(object? value) => value switch
    {
        null => Missing,
        double number => (number.ToString("R", CultureInfo.InvariantCulture) + (Zeros && number == Math.Floor(number) && Math.Abs(number) < 1e15 ? ".0" : "")).Replace('.', Point),
        bool truth => truth ? "True" : "false",
        _ => (string)value,
    };

    private string Field(string text)
        => QuotesAll || text.Contains(Separator, StringComparison.Ordinal) || text.Contains(Quote, StringComparison.Ordinal) ? $"{Quote}{text.Replace(Quote, Quote + Quote, StringComparison.Ordinal)}{Quote}" : text;
}
