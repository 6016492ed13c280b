using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Predictions;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>Reads the values of a column: a number, or an input for each category.</summary>
internal sealed class ColumnReader
{
    private const string MustBeBoolean = "must be true or false, as in the training file";

    private readonly CsvTable _table;
    private readonly CsvColumn _column;
    private readonly SchemaColumn _schema;
    private readonly bool _allowsUnseen;
    private readonly string[]? _names;
    private readonly Dictionary<string, int>? _places;

    private ColumnReader(CsvTable table, CsvColumn column, SchemaColumn schema, bool allowsUnseen)
    {
        (_table, _column, _schema, _allowsUnseen) = (table, column, schema, allowsUnseen);
        _places = schema.Categories?.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        _names = _places is null ? null : table.Names(column, schema.Values switch
        {
            ColumnValues.Numbers => CsvKind.Number,
            ColumnValues.Booleans => CsvKind.Boolean,
            _ => CsvKind.Text,
        });
    }

    /// <summary>What became of a value.</summary>
    public enum Outcome
    {
        /// <summary>It was read.</summary>
        Read,

        /// <summary>There is none.</summary>
        Missing,
    }

    /// <summary>How many inputs the column has.</summary>
    public int Width => _places?.Count ?? 1;

    /// <summary>Whether it is one number.</summary>
    public bool IsNumber => _places is null && _schema.Values == ColumnValues.Numbers;

    public static ColumnReader Of(CsvTable table, CsvColumn column, SchemaColumn schema, DataSchema whole)
        => new(table, column, schema, whole.Unseen == UnseenIds.Zeros && schema.Role == ColumnRole.Input);

    /// <summary>Reads a value.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="into">All 0; gets the number, or a 1 in the place of the category.</param>
    /// <param name="isTarget">Whether it is to be learned, for messages.</param>
    /// <exception cref="DataFormatException">The value does not suit the column.</exception>
    public Outcome Read(int row, Span<float> into, bool isTarget)
    {
        return _places is null ? ReadNumber(row, into) : ReadCategory(_names![row], row, into, isTarget);
    }

    private Outcome ReadNumber(int row, Span<float> into)
    {
        into[0] = _table.Number(row, _column.Index);
        if (float.IsNaN(into[0]))
        {
            return CsvValue.IsMissing(_table.Texts(_column)[row]) ? Outcome.Missing
                : throw Mistake(row, IsNumber ? "is not a finite number" : MustBeBoolean);
        }

        // Truth values are held as 0 and 1: in a column of both, the text tells.
        var isBoolean = _column.Kind == CsvKind.Boolean || (_column.Kind == CsvKind.Mixed && CsvValue.IsBoolean(_table.Texts(_column)[row]));
        return isBoolean != IsNumber ? Outcome.Read : throw Mistake(row, IsNumber ? "is not a finite number" : MustBeBoolean);
    }

    private Outcome ReadCategory(string name, int row, Span<float> into, bool isTarget)
    {
        if (name.Length == 0)
        {
            return Outcome.Missing;
        }

        // In a file of `fa predict`, an apostrophe stands before what a spreadsheet would take for a formula.
        if (_places!.TryGetValue(name, out var place) || _places.TryGetValue(SpreadsheetCell.Text(name), out place))
        {
            into[place] = 1;
        }
        else if (name.AsSpan().ContainsAny('\n', '\r'))
        {
            throw _table.At(_column, row, TableRemarks.Broken);
        }
        else if (!_allowsUnseen)
        {
            var known = Listing.Some(_places.Keys);
            throw Mistake(row, isTarget
                ? $"is not a class of the training file; it must be one of {known}"
                : $"is not a category of {_schema.Name} in the training file ({known}); use --unseen zeros to set all its inputs to 0, "
                    + "or leave the line out");
        }

        return Outcome.Read;
    }

    /// <summary>The refusal of a missing value.</summary>
    public DataFormatException Missing(int row, string instead) => Mistake(row, $"is a missing value; {instead}");

    private DataFormatException Mistake(int row, string problem) => _table.At(_column, row, $"{_table.Quoted(row, _column)} {problem}");
}
