using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>Reads the values of a column: a number, or an input for each category.</summary>
internal sealed class ColumnReader
{
    private const int MostShown = 12;

    private readonly CsvTable _table;
    private readonly CsvColumn _column;
    private readonly SchemaColumn _schema;
    private readonly bool _allowsUnseen;
    private readonly string[]? _texts;
    private readonly Dictionary<string, int>? _places;

    private ColumnReader(CsvTable table, CsvColumn column, SchemaColumn schema, bool allowsUnseen)
    {
        (_table, _column, _schema, _allowsUnseen) = (table, column, schema, allowsUnseen);
        _places = schema.Categories?.Index().ToDictionary(entry => entry.Item, entry => entry.Index);

        // Numbers are at hand; texts are read from the file once more.
        _texts = _places is not null && schema.Values != ColumnValues.Numbers || column.Kind is not (CsvKind.Number or CsvKind.Empty or CsvKind.Boolean) ? table.Texts([column.Index])[0] : null;
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
        var number = _table.Number(row, _column.Index);
        var text = _texts?[row];
        if (float.IsNaN(number) && (text is null || CsvValue.IsMissing(text)))
        {
            return Outcome.Missing;
        }

        if (_places is null)
        {
            into[0] = float.IsNaN(number) || (_schema.Values == ColumnValues.Booleans) != (text is not null && CsvValue.IsBoolean(text) || _column.Kind == CsvKind.Boolean)
                ? throw Mistake(row, _schema.Values == ColumnValues.Booleans ? "must be true or false, as in the training file" : "is no finite number")
                : number;
            return Outcome.Read;
        }

        var name = _schema.Values switch
        {
            ColumnValues.Numbers => float.IsNaN(number) ? null : CsvTable.NameOf(number),
            ColumnValues.Booleans => text!.ToLowerInvariant(),
            _ => text,
        };
        if (name is not null && _places.TryGetValue(name, out var place))
        {
            into[place] = 1;
        }
        else if (!_allowsUnseen)
        {
            var known = $"{string.Join(", ", _places.Keys.Take(MostShown))}{(_places.Count > MostShown ? $" and {_places.Count - MostShown} others" : "")}";
            throw Mistake(row, isTarget
                ? $"is no class of the training file; it must be one of {known}"
                : $"is no category of {_schema.Name} in the training file ({known}); type --unseen zeros to let all its inputs be 0, or leave the line out");
        }

        return Outcome.Read;
    }

    /// <summary>The refusal of a missing value.</summary>
    public DataFormatException Missing(int row, string instead) => Mistake(row, $"is no value; {instead}");

    private DataFormatException Mistake(int row, string problem) => _table.At(_column, row, $"{_table.Quoted(row, _column)} {problem}");
}
