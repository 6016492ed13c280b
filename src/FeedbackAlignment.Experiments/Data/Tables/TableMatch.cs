using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>Finds the columns of a schema in a table: by name where both have a header, else by position.</summary>
internal sealed class TableMatch
{
    private readonly CsvTable _table;
    private readonly DataSchema _schema;
    private readonly Dictionary<string, CsvColumn> _found = [];

    /// <summary>Matches.</summary>
    /// <exception cref="DataFormatException">The columns cannot be matched.</exception>
    public TableMatch(CsvTable table, DataSchema schema)
    {
        (_table, _schema) = (table, schema);
        if (ByName)
        {
            foreach (var column in table.Columns.Where(column => schema.Columns.Any(known => known.Name == column.Name)))
            {
                _found[column.Name] = column;
            }

            return;
        }

        var (whole, inputs) = (schema.Columns, schema.ColumnsOf(ColumnRole.Input).ToList());
        var places = table.Columns.Count == whole.Count ? whole : table.Columns.Count == inputs.Count ? inputs : throw new DataFormatException(
            table.Source, table.LineOf(0), null, $"the line has {table.Columns.Count} columns, but the training file has {whole.Count}{(inputs.Count == whole.Count ? "" : $", {inputs.Count} of them inputs")}");
        foreach (var (index, column) in places.Index())
        {
            _found[column.Name] = table.Columns[index];
        }
    }

    /// <summary>Whether names decide.</summary>
    public bool ByName => _schema.Header && _table.Format.Header == true;

    /// <summary>Columns that the schema does not have.</summary>
    public IEnumerable<CsvColumn> Extra => ByName ? _table.Columns.Where(column => !_found.ContainsKey(column.Name)) : [];

    /// <summary>The column of the table; null where there is none.</summary>
    public CsvColumn? Find(SchemaColumn column) => _found.GetValueOrDefault(column.Name);

    /// <summary>The column of the table.</summary>
    /// <exception cref="DataFormatException">There is none.</exception>
    public CsvColumn Require(SchemaColumn column) => Find(column) ?? throw new DataFormatException(
        _table.Source, 1, null, $"there is no column \"{column.Name}\", which the training file has; the columns here are "
            + Listing.Some(_table.Columns.Select(here => here.Name), 20)
            + DidYouMean.Hint(column.Name, Extra.Select(extra => extra.Name)));
}
