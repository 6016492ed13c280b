using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Data.Tables;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Predictions;

/// <summary>
/// Examples without answers, read against the schema of a trained network: one row for each that the file has, in its order, and beside
/// it what the file says of the example that the network does not see.
/// </summary>
public sealed class Question
{
    private Question(Matrix inputs, int rows, IReadOnlyList<int> read, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<string>> carried, IReadOnlyList<DataFormatException> spoiled)
        => (Inputs, Rows, Read, CarriedNames, Carried, Spoiled) = (inputs, rows, read, names, carried, spoiled);

    /// <summary>The examples that could be read, on the scale that the network learned from.</summary>
    public Matrix Inputs { get; }

    /// <summary>How many rows the file has.</summary>
    public int Rows { get; }

    /// <summary>For each example that could be read its row, from 0.</summary>
    public IReadOnlyList<int> Read { get; }

    /// <summary>Names of the columns that are carried over.</summary>
    public IReadOnlyList<string> CarriedNames { get; }

    /// <summary>The columns that are carried over: those that the network does not see.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Carried { get; }

    /// <summary>Why rows could not be read.</summary>
    public IReadOnlyList<DataFormatException> Spoiled { get; }

    /// <summary>What the user should know of how the file was read, in one line each.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>Reads a table.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="schema">The schema of a table.</param>
    /// <param name="keepsGoing">Whether rows that cannot be read get no answer; else the first of them refuses the file.</param>
    /// <exception cref="DataFormatException">The file does not fit the schema.</exception>
    public static Question OfTable(Stream stream, string source, DataSchema schema, bool keepsGoing)
    {
        var table = TableFiles.Read(stream, source, schema);

        // Every row has an answer, or is said to have none: none is left out.
        schema = schema.Missing == Specs.MissingIds.Drop ? schema with { Missing = Specs.MissingIds.Refuse } : schema;
        var spoiled = new List<DataFormatException>();
        var extraction = new TableExtraction(table, schema);
        var examples = extraction.Take(withTargets: false, keepsGoing ? (_, mistake) => spoiled.Add(mistake) : null);
        var seen = schema.ColumnsOf(ColumnRole.Input).Select(extraction.Match.Find).ToHashSet();
        CsvColumn[] carried = [.. table.Columns.Where(column => !seen.Contains(column))];
        List<string> remarks = [.. TableRemarks.OfRows(table, examples, schema), .. Scaled(examples.Inputs, schema, source)];
        return new Question(examples.Inputs, table.Rows, examples.Rows, [.. carried.Select(column => column.Name)],
            [.. carried.Select(table.Texts)], spoiled)
        {
            Remarks = remarks,
        };
    }

    /// <summary>Reads images whose class nobody knows: a file, or all files of a folder in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="schema">The schema of a network that was trained on images.</param>
    /// <exception cref="DataSourceException">There is no image, or a file cannot be read.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or not of the network's size and colors.</exception>
    public static Question OfImages(string path, DataSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var shape = schema.Image ?? throw new DataSourceException($"{path}: the network was not trained on images");
        var files = ImageFile.Find(path);
        var inputs = new Matrix(files.Count, shape.Height * shape.Width * shape.Channels);
        foreach (var (row, file) in files.Index())
        {
            ImageFile.Read(file, shape, schema.Resize is not null).CopyTo(inputs.Row(row));
        }

        return OfNumbers(inputs, path, schema, "file", [.. files.Select(file => Path.GetFileName(file))]);
    }

    /// <summary>Takes examples that are numbers already: arrays, images.</summary>
    /// <param name="inputs">examples × inputs, as they stand in the files.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="schema">The schema; null: nobody knows it, and numbers are taken as they are.</param>
    /// <param name="name">What a row is called by, e.g. <c>file</c>.</param>
    /// <param name="rows">The names of the rows.</param>
    /// <exception cref="DataSourceException">The numbers are on another scale than those of the training examples.</exception>
    public static Question OfNumbers(Matrix inputs, string source, DataSchema? schema, string name, IReadOnlyList<string> rows)
    {
        var remarks = schema is null ? [] : Scaled(inputs, schema, source);
        return new Question(inputs, inputs.Rows, [.. Enumerable.Range(0, inputs.Rows)], [name], [rows], []) { Remarks = remarks };
    }

    /// <summary>Brings inputs to the scale that the network learned from, in place.</summary>
    /// <returns>What is to be said of their own scale.</returns>
    private static string[] Scaled(Matrix inputs, DataSchema schema, string source)
    {
        if (schema.Inputs is { } trained && trained.Means.Count != inputs.Columns)
        {
            throw new DataSourceException(
                $"{source}: an example has {inputs.Columns} numbers, but the network was trained on examples of {trained.Means.Count}");
        }

        var remark = ScaleCheck.Compare(schema, inputs, $"{source}: the inputs");
        Preparation.Apply(schema, inputs);
        return remark is null ? [] : [remark];
    }
}
