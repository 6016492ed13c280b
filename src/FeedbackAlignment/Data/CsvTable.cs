using System.Globalization;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Data;

/// <summary>
/// A text file of values, one example per line: separated by commas, semicolons, tabs, bars or spaces, with or without a header, plain or
/// gzip, in UTF-8 (or UTF-16 with a byte order mark). It says what each column holds; which column is to be learned is the caller's choice.
/// </summary>
/// <example>
/// <code>
/// var table = CsvTable.Read(stream, "iris.csv");
/// var (labels, classes) = table.ToLabels("species");
/// var data = new DataSet(table.ToMatrix("length", "width"), labels, classes.Count);
/// </code>
/// </example>
public sealed class CsvTable
{
    private const int LongestQuote = 41;

    /// <summary>From here on, whole numbers may be one and the same as floats.</summary>
    private const float MostExact = 1 << 24;

    private readonly ReadOnlyMemory<byte> _text;
    private readonly CsvNumbers _numbers;
    private readonly Dictionary<int, string[]> _texts = [];

    private CsvTable(ReadOnlyMemory<byte> text, string source, string sha256, CsvFormat format, CsvScan scan)
    {
        (_text, Source, Sha256, Format) = (text, source, sha256, format);
        (Columns, _numbers) = (scan.Columns, scan.Numbers);
    }

    /// <summary>What the file is called in messages.</summary>
    public string Source { get; }

    /// <summary>SHA-256 of the uncompressed file, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>How the file is written, with nothing left open.</summary>
    public CsvFormat Format { get; }

    /// <summary>The columns, in the order of the file.</summary>
    public IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>Number of examples.</summary>
    public int Rows => _numbers.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="format">How it is written, as far as that is known; null: all is seen from the file.</param>
    /// <exception cref="DataFormatException">
    /// It is no text, a quote is not closed, a line has another number of fields, there is no example, or the file can be read in two ways.
    /// </exception>
    public static CsvTable Read(Stream stream, string source, CsvFormat? format = null) => Read(stream, source, format ?? new CsvFormat(), isOld: false);

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="format">How it is written, as far as that is known.</param>
    /// <param name="isOld">Whether what can be read in two ways is read as version 0.1 did, and not refused.</param>
    internal static CsvTable Read(Stream stream, string source, CsvFormat format, bool isOld)
    {
        var (text, hash) = TextOf(stream, source);
        var separator = format.Separator ?? CsvSniffer.Separator(text, source, usual: isOld ? ',' : null);
        var point = format.DecimalSeparator ?? CsvSniffer.Decimal(text, source, separator, usual: isOld ? '.' : null);
        var scan = CsvScan.Of(new CsvRows(text, source, separator), separator, point, (first, below) => format.Header ?? new CsvHeader(source, first, below).IsThere(isOld));
        return new CsvTable(text, source, hash, new CsvFormat { Separator = separator, DecimalSeparator = point, Header = scan.HasHeader }, scan);
    }

    /// <summary>
    /// Reads a file whose columns are known from another: its separators and its order of columns may be its own, and it may have a
    /// header or not.
    /// </summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="other">How the other file is written, complete; decides where this one leaves it open.</param>
    /// <param name="known">The names of the other file's columns; empty where it has no header.</param>
    internal static CsvTable ReadLike(Stream stream, string source, CsvFormat other, IReadOnlyCollection<string> known)
    {
        var (text, hash) = TextOf(stream, source);
        var separator = CsvSniffer.Separator(text, source, other.Separator);
        var point = CsvSniffer.Decimal(text, source, separator, other.DecimalSeparator);
        var scan = CsvScan.Of(new CsvRows(text, source, separator), separator, point, (first, below) => new CsvHeader(source, first, below).IsThereBeside(known));
        return new CsvTable(text, source, hash, new CsvFormat { Separator = separator, DecimalSeparator = point, Header = scan.HasHeader }, scan);
    }

    /// <summary>The column of a name.</summary>
    /// <param name="name">Its name; in a file without a header its position, from 1.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public CsvColumn Column(string name)
        => Columns.FirstOrDefault(column => column.Name == name)
            ?? throw new ArgumentException(
                $"{Source} has no column {ForeignText.Quoted(name)}; there are {string.Join(", ", Columns.Take(20).Select(column => ForeignText.Line(column.Name, ForeignText.LongestQuote)))}", nameof(name));

    /// <summary>Line of the file that a row stands in, from 1.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int LineOf(int row) => _numbers.LineOf(Indices.Require(row, Rows, "rows"));

    /// <summary>Numbers of columns.</summary>
    /// <param name="columns">Their names.</param>
    /// <returns>rows × columns. <c>true</c> is 1 and <c>false</c> is 0.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="DataFormatException">A value is missing or no number.</exception>
    public Matrix ToMatrix(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var numbers = MemoryBudget.NewMatrix(Rows, columns.Count, Source);
        foreach (var (place, name) in columns.Index())
        {
            var column = Column(name);
            RequireNumbers(column);
            for (var row = 0; row < Rows; row++)
            {
                numbers[row, place] = _numbers[row, column.Index];
            }
        }

        return numbers;
    }

    /// <summary>The classes of a column: numbers by size, so that <c>1</c> and <c>1.0</c> are one class, and names by alphabet.</summary>
    /// <param name="column">Its name.</param>
    /// <returns>A class for each row, and the names of the classes.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="DataFormatException">A value is missing.</exception>
    public (IReadOnlyList<int> Labels, IReadOnlyList<string> Classes) ToLabels(string column)
    {
        var found = Column(column);
        if (found.FirstMissing >= 0)
        {
            throw Missing(found);
        }

        var names = Names(found);
        IEnumerable<string> sorted = found.Kind == CsvKind.Number
            ? names.Distinct().OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))
            : names.Distinct().Order(StringComparer.Ordinal);
        string[] classes = [.. sorted];
        var places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return (Array.ConvertAll(names, name => places[name]), classes);
    }

    /// <summary>The texts of a column as they stand in the file, without the quotes around them.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public IReadOnlyList<string> ToTexts(string column) => Texts(Column(column));

    /// <summary>A number; NaN where the value is missing or none.</summary>
    internal float Number(int row, int column) => _numbers[row, column];

    /// <summary>The texts of a column, read from the file again and then kept.</summary>
    internal string[] Texts(CsvColumn column)
    {
        if (_texts.TryGetValue(column.Index, out var known))
        {
            return known;
        }

        var texts = new string[Rows];
        var seen = Format.Header == true ? -1 : 0;
        var pool = new Dictionary<string, string>();
        var shared = pool.GetAlternateLookup<ReadOnlySpan<char>>();
        new CsvRows(_text, Source, Format.Separator!.Value).Visit((_, fields) =>
        {
            if (seen >= 0)
            {
                var text = fields[column.Index];
                if (!shared.TryGetValue(text, out var kept))
                {
                    kept = text.ToString();
                    pool[kept] = kept;
                }

                texts[seen] = kept;
            }

            seen++;
            return true;
        });
        return _texts[column.Index] = texts;
    }

    /// <summary>
    /// The values of a column as names of classes: numbers in their shortest form, truth values in lower case, texts as they are; empty
    /// where a value is missing.
    /// </summary>
    internal string[] Names(CsvColumn column) => Names(column, column.Kind);

    /// <summary>The values of a column as names of classes, as those of a column of another file.</summary>
    /// <param name="column">The column.</param>
    /// <param name="kind">What the other column holds.</param>
    internal string[] Names(CsvColumn column, CsvKind kind)
    {
        // Two numbers that are one float are two names all the same.
        if (kind == CsvKind.Number && column.Kind is CsvKind.Number or CsvKind.Empty && column.IsWhole && Math.Max(-column.Least, column.Greatest) < MostExact)
        {
            var known = new Dictionary<float, string>();
            var names = new string[Rows];
            for (var row = 0; row < names.Length; row++)
            {
                var number = _numbers[row, column.Index];
                names[row] = known.TryGetValue(number, out var name) ? name : known[number] = float.IsNaN(number) ? "" : NameOf(number);
            }

            return names;
        }

        return [.. Texts(column).Select(text =>
            CsvValue.IsMissing(text) ? ""
            : kind == CsvKind.Number && CsvValue.Exact(text, Format.DecimalSeparator!.Value) is var number && !double.IsNaN(number) ? NameOf(number)
            : kind == CsvKind.Boolean ? text.ToLowerInvariant()
            : text)];
    }

    /// <summary>The name of a class that is a number.</summary>
    private static string NameOf(double number) => (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The refusal of a missing value.</summary>
    internal DataFormatException Missing(CsvColumn column, string? instead = null)
        => At(column, column.FirstMissing,
            $"{Quoted(column.FirstMissing, column)} is a missing "
            + $"value{(instead is null ? "; fill it in, or leave the line out" : $"; {instead}")}");

    /// <summary>The refusal of a value, with its line and column.</summary>
    internal DataFormatException At(CsvColumn column, int row, string problem)
        => new(Source, LineOf(row), column.Index + 1, problem);

    internal string Quoted(int row, CsvColumn column)
    {
        return $"'{ForeignText.Line(Texts(column)[row], LongestQuote)}'";
    }

    private static (ReadOnlyMemory<byte> Text, string Sha256) TextOf(Stream stream, string source)
    {
        using var content = new Content(stream, source);
        var bytes = content.ReadToEnd();
        var hash = content.End();
        var text = CsvText.Of(bytes, source);
        return text.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0 ? (text, hash)
            : throw new DataFormatException(source, 1, null, "the file has no examples; it must have one per line");
    }

    private void RequireNumbers(CsvColumn column)
    {
        if (column.Kind is not (CsvKind.Number or CsvKind.Boolean))
        {
            throw column.FirstText >= 0 ? At(column, column.FirstText, $"{Quoted(column.FirstText, column)} is not a finite number")
                : Missing(column);
        }

        if (column.FirstMissing >= 0)
        {
            throw Missing(column);
        }
    }
}
