using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>Writes down what was decided of a training table.</summary>
internal static class TableSchema
{
    private const int MostInputs = 100_000;

    /// <summary>The schema, without what is counted over training examples.</summary>
    /// <exception cref="DataSourceException">Categories make too many inputs.</exception>
    public static DataSchema Of(CsvTable table, TableChoice choice, DataSpec spec)
    {
        var classifies = choice.Task == TaskIds.Classify;
        SchemaColumn[] columns = [.. table.Columns.Select(column => new SchemaColumn(column.Name, Role(choice, column), Values(column), choice.Inputs.Contains(column) && choice.IsCategorical(column) ? Sorted(table, column) : null))];
        string[] inputs = [.. columns.Where(column => column.Role == ColumnRole.Input).SelectMany(column => column.Categories is { } categories ? categories.Select(category => $"{column.Name}={category}") : [column.Name])];
        if (inputs.Length > MostInputs)
        {
            throw new DataSourceException($"{table.Source}: the categories of its columns make {inputs.Length} inputs, more than {MostInputs}; leave columns out with --ignore");
        }

        return new DataSchema
        {
            Files = "csv",
            Classification = classifies,
            Classes = classifies ? Sorted(table, choice.Targets[0]) : null,
            Header = table.Format.Header == true,
            Separator = table.Format.Separator!.Value,
            DecimalSeparator = table.Format.DecimalSeparator!.Value,
            Columns = columns,
            InputNames = inputs,
            TargetNames = [.. choice.Targets.Select(column => column.Name)],
            Missing = spec.Missing ?? MissingIds.Refuse,
            Unseen = spec.Unseen ?? UnseenIds.Refuse,
        };
    }

    private static ColumnRole Role(TableChoice choice, CsvColumn column)
        => choice.Targets.Contains(column) ? ColumnRole.Target : choice.Ignored.Contains(column) ? ColumnRole.Ignored : column == choice.Group ? ColumnRole.Group : ColumnRole.Input;

    private static ColumnValues Values(CsvColumn column) => column.Kind switch
    {
        CsvKind.Number or CsvKind.Empty => ColumnValues.Numbers,
        CsvKind.Boolean => ColumnValues.Booleans,
        _ => ColumnValues.Texts,
    };

    /// <summary>The different values: numbers by size, names by alphabet.</summary>
    private static string[] Sorted(CsvTable table, CsvColumn column)
    {
        var names = table.Names(column).Where(name => name.Length > 0).Distinct();
        return column.Kind == CsvKind.Number ? [.. names.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))] : [.. names.Order(StringComparer.Ordinal)];
    }
}
