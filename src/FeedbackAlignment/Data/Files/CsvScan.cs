using System.Globalization;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Data.Files;

/// <summary>What one walk over the lines of a file finds: the numbers, and what each column holds.</summary>
internal sealed class CsvScan
{
    /// <summary>The most columns. A column takes some hundred bytes for itself.</summary>
    public const int MostColumns = 1_000_000;

    private readonly Tally[] _tallies;

    private CsvScan(int columns, string source)
        => (Numbers, _tallies) = (new CsvNumbers(columns, source), [.. Enumerable.Range(0, columns).Select(_ => new Tally())]);

    /// <summary>Whether the first line has names.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>What the columns hold.</summary>
    public IReadOnlyList<CsvColumn> Columns { get; private set; } = [];

    /// <summary>The numbers of each example, and the line it stands in.</summary>
    public CsvNumbers Numbers { get; }

    /// <summary>
    /// Decides whether the first line has names, by its fields and by what the lines below have in each column (nothing where there are
    /// none).
    /// </summary>
    public delegate bool HeaderChoice(string[] first, IReadOnlyList<CsvKind> below);

    public static CsvScan Of(CsvRows rows, char separator, char point, HeaderChoice isHeader)
    {
        CsvScan? scan = null;
        string[] first = [];
        rows.Visit((line, fields) =>
        {
            if (scan is null)
            {
                first = First(fields, rows.Source, line);
                scan = new CsvScan(first.Length, rows.Source);

                // Whether it has numbers or names is seen from the others.
                scan.Numbers.Add(line);
                return true;
            }

            if (fields.Count != scan._tallies.Length)
            {
                throw new DataFormatException(
                    rows.Source, line, null, $"the line has {fields.Count} columns, but the first line has {scan._tallies.Length} "
                        + $"(separator {CsvSniffer.Shown(separator)}; if it is wrong, use --separator)");
            }

            scan.Add(line, fields, point);
            return true;
        });
        _ = scan ?? throw new DataFormatException(rows.Source, 1, null, "the file has no examples; it must have one per line");
        scan.Judge(rows.Source, first, point, isHeader);
        return scan;
    }

    private static string[] First(CsvRows.Fields fields, string source, int line)
    {
        if (fields.Count > MostColumns)
        {
            throw new DataFormatException(source, line, null, $"the line has {fields.Count} columns, must have at most {MostColumns}");
        }

        var texts = new string[fields.Count];
        for (var field = 0; field < texts.Length; field++)
        {
            texts[field] = fields[field].ToString();
        }

        return texts;
    }

    private void Judge(string source, string[] first, char point, HeaderChoice isHeader)
    {
        var line = Numbers.LineOf(0);
        HasHeader = isHeader(first, Numbers.Count == 1 ? [] : [.. _tallies.Select(tally => tally.Kind)]);
        if (HasHeader)
        {
            Numbers.LeaveOutFirst();
        }
        else
        {
            FillInFirst(first, point);
        }

        if (Numbers.Count == 0)
        {
            throw new DataFormatException(source, line + 1, null, "the file has no examples; it must have one per line");
        }

        var names = HasHeader ? Names(source, line, first) : [.. Enumerable.Range(1, first.Length).Select(Position)];
        Columns = [.. _tallies.Select((tally, index) => tally.Column(names[index], index, HasHeader && first[index].Length > 0))];
    }

    /// <summary>The names in a header. A column without one is called by its position.</summary>
    private static string[] Names(string source, int line, string[] header)
    {
        var given = new HashSet<string>();
        foreach (var (index, name) in header.Index())
        {
            if (name.Any(ForeignText.IsControl))
            {
                throw new DataFormatException(source, line, index + 1,
                    "the name of the column has a line break or a control character; is a quote not closed?");
            }

            if (name.Length > 0 && !given.Add(name))
            {
                throw new DataFormatException(source, line, index + 1,
                    $"two columns are called {ForeignText.Quoted(name)}; each needs its own name");
            }
        }

        return [.. header.Index().Select(field => field.Item.Length > 0 ? field.Item : given.Contains(Position(field.Index + 1)) ? $"column {Position(field.Index + 1)}" : Position(field.Index + 1))];
    }

    private static string Position(int place) => place.ToString(CultureInfo.InvariantCulture);

    private void FillInFirst(string[] first, char point)
    {
        var numbers = Numbers.First;
        for (var column = 0; column < first.Length; column++)
        {
            _tallies[column].Shift();
            numbers[column] = _tallies[column].Add(0, first[column], point);
        }
    }

    private void Add(int line, CsvRows.Fields fields, char point)
    {
        // The first line is not counted until it is known to be an example.
        var row = Numbers.Count - 1;
        var numbers = Numbers.Add(line);
        for (var column = 0; column < numbers.Length; column++)
        {
            numbers[column] = _tallies[column].Add(row, fields[column], point);
        }
    }

    /// <summary>Counts what a column holds.</summary>
    private sealed class Tally
    {
        private int _numbers, _booleans, _dates, _texts, _missing;
        private int _firstMissing = -1, _firstText = -1, _firstBroken = -1;
        private float _least = float.PositiveInfinity, _greatest = float.NegativeInfinity;
        private bool _isWhole = true;

        public CsvKind Kind =>
            _texts > 0 ? _numbers > 0 ? CsvKind.Mixed : CsvKind.Text
            : _booleans > 0 ? _numbers + _dates > 0 ? CsvKind.Mixed : CsvKind.Boolean
            : _dates > 0 ? _numbers > 0 ? CsvKind.Mixed : CsvKind.Date
            : _numbers > 0 ? CsvKind.Number : CsvKind.Empty;

        /// <summary>Counts a value.</summary>
        /// <returns>The number; NaN where it is none.</returns>
        public float Add(int row, ReadOnlySpan<char> text, char point)
        {
            var number = CsvValue.Number(text, point);
            if (!float.IsNaN(number))
            {
                _numbers++;
                (_least, _greatest) = (Math.Min(_least, number), Math.Max(_greatest, number));
                _isWhole &= number == MathF.Floor(number);
                return number;
            }

            if (CsvValue.IsMissing(text))
            {
                _missing++;
                SetFirst(ref _firstMissing, row);
                return float.NaN;
            }

            SetFirst(ref _firstText, row);
            if (text.ContainsAny('\n', '\r'))
            {
                SetFirst(ref _firstBroken, row);
            }

            if (CsvValue.IsBoolean(text))
            {
                _booleans++;
                return text[0] is 't' or 'T' ? 1 : 0;
            }

            _ = CsvValue.IsDate(text) ? _dates++ : _texts++;
            return float.NaN;
        }

        /// <summary>Makes room for a row before all others.</summary>
        public void Shift()
        {
            (_firstMissing, _firstText, _firstBroken) = (Next(_firstMissing), Next(_firstText), Next(_firstBroken));
            static int Next(int row) => row < 0 ? row : row + 1;
        }

        public CsvColumn Column(string name, int index, bool isNamed) => new()
        {
            Name = name,
            IsNamed = isNamed,
            Index = index,
            Kind = Kind,
            Missing = _missing,
            FirstMissing = _firstMissing,
            FirstText = _firstText,
            FirstBroken = _firstBroken,
            Least = _numbers > 0 ? _least : float.NaN,
            Greatest = _numbers > 0 ? _greatest : float.NaN,
            IsWhole = _numbers > 0 && _isWhole,
        };

        private static void SetFirst(ref int first, int row) => first = first < 0 || row == 0 ? row : first;
    }
}
