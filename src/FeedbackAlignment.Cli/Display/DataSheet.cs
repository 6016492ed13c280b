using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>What was understood of data: columns, task, classes with their counts, ranges, scale, and some examples.</summary>
internal static class DataSheet
{
    private const int MostColumns = 40, MostClasses = 40, Examples = 5, ExampleColumns = 10, MostCategories = 6;

    /// <summary>Writes it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="data">The data.</param>
    public static void Write(IAnsiConsole screen, LoadedData data)
    {
        var (record, split) = (data.Record, data.Split);
        screen.WritePlain($"data      {record.Description}: {record.Train} training, {record.Validation} validation, {record.Test} test");
        screen.WritePlain($"task      {(record.Classification ? $"{record.Outputs} classes" : record.Outputs == 1 ? "one number" : $"{record.Outputs} numbers")} from {record.Inputs} inputs{Image(split.Train.Image)}");
        DataRemarks.WriteTo(screen, data);
        if (record.Schema is { IsTable: true } schema)
        {
            screen.WritePlain();
            Columns(screen, schema, split.Train);
        }

        if (record.Classification)
        {
            screen.WritePlain();
            Classes(screen, record.Schema?.Classes, split);
        }

        screen.WritePlain();
        Wrong(screen, split);
        if (split.Train.Image is null)
        {
            First(screen, record.Schema, split.Train);
        }
    }

    private static string Image(ImageShape? image) => image is { } shape ? $" (images of {shape.Height} × {shape.Width} pixels)" : "";

    private static void Columns(IAnsiConsole screen, DataSchema schema, DataSet train)
    {
        var table = ColumnTable.Create("column", "used as", "values", "mean", "deviation");
        var place = 0;
        foreach (var column in schema.Columns.Take(MostColumns))
        {
            var isNumber = column.Role == ColumnRole.Input && column.Categories is null;
            table.AddRow(
                ForeignMarkup.NameCell(column.Name),
                column.Role.ToString().ToLowerInvariant(),
                ForeignMarkup.Cell(Values(schema, column)),
                isNumber && schema.Inputs is { } inputs ? NumberText.Significant(inputs.Means[place]) : NumberText.None,
                isNumber && schema.Inputs is { } those ? NumberText.Significant(those.Deviations[place]) : NumberText.None);
            place += column.Role == ColumnRole.Input ? column.Categories?.Count ?? 1 : 0;
        }

        screen.Write(table);
        if (schema.Columns.Count > MostColumns)
        {
            screen.WritePlain($"… and {schema.Columns.Count - MostColumns} other columns");
        }
    }

    private static string Values(DataSchema schema, SchemaColumn column)
    {
        var names = column.Role == ColumnRole.Target ? schema.Classes : column.Categories;
        return names is null ? column.Values.ToString().ToLowerInvariant()
            : $"{names.Count} {(column.Role == ColumnRole.Target ? "classes" : "categories")}: {string.Join(", ", names.Take(MostCategories).Select(ForeignText.Name))}{(names.Count > MostCategories ? " …" : "")}";
    }

    private static void Classes(IAnsiConsole screen, IReadOnlyList<string>? names, DataSplit split)
    {
        var table = ColumnTable.Create("class", "training", "validation", "test");
        var count = split.Train.Targets.Columns;
        int[][] counts = [.. new[] { split.Train, split.Validation, split.Test }.Select(part => part.CountClasses())];
        for (var index = 0; index < Math.Min(count, MostClasses); index++)
        {
            table.AddRow([ForeignMarkup.NameCell(names?[index] ?? index.ToString(CultureInfo.InvariantCulture)),
                .. counts.Select(part => NumberText.Count(part[index]))]);
        }

        screen.Write(table);
        if (count > MostClasses)
        {
            screen.WritePlain($"… and {count - MostClasses} other classes");
        }
    }

    /// <summary>What may spoil results, although it can be read.</summary>
    private static void Wrong(IAnsiConsole screen, DataSplit split)
    {
        const int few = 50;
        if (split.Validation.Count < few)
        {
            screen.WritePlain(
                $"note      there are only {split.Validation.Count} validation examples, so the error changes in steps of "
                + $"{NumberText.Format(100.0 / split.Validation.Count, "0.#")} %; a spec can set more (data.validation)");
        }

        if (split.Train.Labels is not null && split.Train.CountClasses() is var counts && counts.Max() > 10 * Math.Max(1, counts.Min()))
        {
            screen.WritePlain(
                $"note      the classes are unbalanced: the most frequent has {counts.Max()} training examples, the least frequent "
                + $"{counts.Min()}");
        }
    }

    private static void First(IAnsiConsole screen, DataSchema? schema, DataSet train)
    {
        var inputs = Math.Min(ExampleColumns, train.Inputs.Columns);
        var table = ColumnTable.Create(
            [.. Enumerable.Range(0, inputs)
            .Select(input => ForeignText.Name(schema?.InputNames.ElementAtOrDefault(input) ?? $"input {input + 1}")), "target"]);
        for (var example = 0; example < Math.Min(Examples, train.Count); example++)
        {
            var target = train.Labels is { } labels ? schema?.Classes?[labels[example]] ?? labels[example].ToString(CultureInfo.InvariantCulture)
                : string.Join(", ", train.Targets.Row(example).ToArray().Select(number => NumberText.Significant(number)));
            table.AddRow([.. Enumerable.Range(0, inputs).Select(input => NumberText.Significant(train.Inputs[example, input])),
                ForeignMarkup.NameCell(target)]);
        }

        screen.WritePlain($"training examples, as the network sees them{(inputs < train.Inputs.Columns ? $" (the first {inputs} of {train.Inputs.Columns} inputs)" : "")}:");
        screen.Write(table);
    }
}
