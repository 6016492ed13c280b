using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>The examples of a table, read against a schema.</summary>
/// <param name="Inputs">examples × inputs; NaN where a number is missing and the schema fills it in.</param>
/// <param name="Targets">examples × targets, in the units of the file; of classes, one-hot.</param>
/// <param name="Labels">A class for each example; null for numbers.</param>
/// <param name="Groups">For each example the value of the column that says what belongs together; null where there is none.</param>
/// <param name="Rows">For each example its row in the table, from 0.</param>
internal sealed record TableExamples(Matrix Inputs, Matrix? Targets, IReadOnlyList<int>? Labels, IReadOnlyList<string>? Groups, IReadOnlyList<int> Rows)
{
    /// <summary>The data set.</summary>
    /// <param name="classes">How many classes there are.</param>
    public DataSet ToDataSet(int classes) => Labels is null ? new DataSet(Inputs, Targets!.Value) : new DataSet(Inputs, Labels, classes);
}

/// <summary>Takes the examples out of a table.</summary>
/// <param name="table">The table; its columns may be in another order than the schema's.</param>
/// <param name="schema">What the columns are.</param>
internal sealed class TableExtraction(CsvTable table, DataSchema schema)
{
    /// <summary>Which of the table's columns are the schema's.</summary>
    public TableMatch Match { get; } = new(table, schema);

    /// <summary>Takes the examples.</summary>
    /// <param name="withTargets">Whether the targets are needed.</param>
    /// <param name="spoiled">Is told each row that cannot be read, and why; null: such a row is refused.</param>
    /// <exception cref="DataFormatException">A value does not suit its column.</exception>
    public TableExamples Take(bool withTargets, Action<int, DataFormatException>? spoiled = null)
    {
        ColumnReader[] readers = [.. schema.ColumnsOf(ColumnRole.Input).Select(Reader)];
        ColumnReader[] targets = withTargets ? [.. schema.ColumnsOf(ColumnRole.Target).Select(column => Reader(AsTarget(column)))] : [];
        var groups = schema.ColumnsOf(ColumnRole.Group).FirstOrDefault() is { } group && Match.Find(group) is { } found
            ? table.Names(found)
            : null;
        var inputs = MemoryBudget.NewMatrix(table.Rows, readers.Sum(reader => (long)reader.Width), table.Source);
        var outputs = MemoryBudget.NewMatrix(table.Rows, Math.Max(1, targets.Sum(reader => (long)reader.Width)), table.Source);
        var kept = new List<int>();
        for (var row = 0; row < table.Rows; row++)
        {
            try
            {
                if (Read(readers, row, inputs.Row(kept.Count), isTarget: false) && Read(targets, row, outputs.Row(kept.Count), isTarget: true))
                {
                    kept.Add(row);
                }
            }
            catch (DataFormatException mistake) when (spoiled is not null)
            {
                spoiled(row, mistake);
            }
        }

        if (kept.Count == 0 && spoiled is null)
        {
            throw new DataFormatException(table.Source, null, "every example has a missing value, so that none is left");
        }

        return new TableExamples(
            inputs.Top(kept.Count),
            withTargets ? outputs.Top(kept.Count) : null,
            withTargets && schema.Classification ? [.. Enumerable.Range(0, kept.Count).Select(example => outputs.Row(example).IndexOf(1f))] : null,
            groups is null ? null : [.. kept.Select(row => groups[row])],
            kept);
    }

    private ColumnReader Reader(SchemaColumn column) => ColumnReader.Of(table, Match.Require(column), column, schema);

    private SchemaColumn AsTarget(SchemaColumn column) => schema.Classification ? column with { Categories = schema.Classes } : column;

    /// <summary>Reads some columns of a row.</summary>
    /// <returns>Whether the row is to be kept.</returns>
    private bool Read(ColumnReader[] readers, int row, Span<float> into, bool isTarget)
    {
        var place = 0;
        foreach (var reader in readers)
        {
            var part = into.Slice(place, reader.Width);
            part.Clear();
            switch (reader.Read(row, part, isTarget))
            {
                case ColumnReader.Outcome.Missing when schema.Missing == MissingIds.Drop:
                    return false;
                case ColumnReader.Outcome.Missing when schema.Missing == MissingIds.Mean && !isTarget && reader.IsNumber:
                    part[0] = float.NaN;
                    break;
                case ColumnReader.Outcome.Missing:
                    throw reader.Missing(row, schema.Missing == MissingIds.Mean
                        ? "--missing mean works only for inputs that are numbers; use --missing drop to leave such lines out"
                        : "use --missing drop to leave such lines out, --missing mean to insert the training mean, or fill it in");
            }

            place += reader.Width;
        }

        return true;
    }
}
