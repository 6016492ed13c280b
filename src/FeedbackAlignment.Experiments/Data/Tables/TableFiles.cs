using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>Reads CSV files: the training file decides what the columns are, and the others are read against it.</summary>
internal static class TableFiles
{
    /// <summary>The endings of files that are read as tables.</summary>
    public static readonly string[] Endings = [".csv", ".tsv", ".txt", ".tab", ".data"];

    private static readonly string[] _train = ["train", "training"], _test = ["test", "testing"], _validation = ["val", "valid", "validation"];

    /// <summary>Whether the folder has tables.</summary>
    public static bool AreAt(string folder) => Tables(folder).Length > 0;

    /// <summary>Whether the file is a table.</summary>
    public static bool Is(string file) => Endings.Contains(SourceFiles.Ending(file));

    /// <summary>Reads the tables of a folder, or a single file.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="spec">What is said of them.</param>
    /// <param name="format">The format of the spec.</param>
    /// <exception cref="DataSourceException">Files are missing, or can be read in two ways.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or a value does not suit its column.</exception>
    public static SourceExamples Load(string path, DataSpec spec, int format)
    {
        var (train, validation, test) = Directory.Exists(path) ? Find(path) : (path, null, null);
        var table = Read(train, spec, format);
        var choice = TableChoice.Of(table, spec, format);
        var schema = TableSchema.Of(table, choice, spec);
        var training = new TableExtraction(table, schema).Take(withTargets: true);
        RequireDifferent(training, table, schema);
        var classes = schema.Classes?.Count ?? 0;
        List<string> remarks = [.. TableRemarks.Of(table, choice, schema, spec), .. TableRemarks.OfRows(table, training, schema)];
        return new SourceExamples(test is null ? $"CSV file {train}" : $"CSV files in {path}", training.ToDataSet(classes), Others(test))
        {
            Validation = Others(validation),
            ClassNames = schema.Classes,
            Groups = training.Groups,
            Schema = schema,
            Spec = spec with
            {
                Target = [.. choice.Targets.Select(column => column.Name)],
                Task = choice.Task,
                Ignore = [.. choice.Ignored.Select(column => column.Name)],
                Categorical = [.. choice.Categorical.Select(column => column.Name)],
                Header = table.Format.Header,
                Separator = table.Format.Separator.ToString(),
                DecimalSeparator = table.Format.DecimalSeparator.ToString(),
                Missing = schema.Missing,
                Unseen = schema.Unseen,
            },
            Remarks = remarks,
        };

        DataSet? Others(string? file)
        {
            if (file is null)
            {
                return null;
            }

            var other = Read(file, schema);
            var extraction = new TableExtraction(other, schema);
            var examples = extraction.Take(withTargets: true);
            CsvColumn[] extra = [.. extraction.Match.Extra.Where(column => !(spec.Ignore ?? []).Contains(column.Name))];
            if (extra.Length > 0)
            {
                throw new DataFormatException(other.Source, 1, extra[0].Index + 1, $"the training file has no column \"{extra[0].Name}\"; both files must have the same columns");
            }

            if (schema.Header != (other.Format.Header == true))
            {
                remarks.Add($"{Path.GetFileName(file)}: columns matched by position, because only one of the files has a header");
            }

            remarks.AddRange(TableRemarks.OfRows(other, examples, schema));
            remarks.AddRange(TableRemarks.OfGroups(other, examples, training, schema));
            return examples.ToDataSet(classes);
        }
    }

    /// <summary>Reads a table as the spec says.</summary>
    public static CsvTable Read(string file, DataSpec spec, int format) => SourceFiles.Read(file, (stream, source) => CsvTable.Read(
        stream,
        source,
        new CsvFormat { Separator = spec.Separator?[0], Header = spec.Header, DecimalSeparator = spec.DecimalSeparator?[0] },
        isOld: format < ExperimentSpec.CurrentFormat));

    /// <summary>Reads a table whose columns are those of a schema.</summary>
    public static CsvTable Read(string file, DataSchema schema) => SourceFiles.Read(file, (stream, source) => Read(stream, source, schema));

    /// <summary>Reads a table whose columns are those of a schema.</summary>
    public static CsvTable Read(Stream stream, string source, DataSchema schema) => CsvTable.ReadLike(
        stream,
        source,
        new CsvFormat { Separator = schema.Separator, DecimalSeparator = schema.DecimalSeparator, Header = schema.Header },
        schema.Header ? [.. schema.Columns.Select(column => column.Name)] : []);

    /// <summary>What is left when examples with missing values are gone must still tell something apart.</summary>
    private static void RequireDifferent(TableExamples training, CsvTable table, DataSchema schema)
    {
        var first = training.Targets!.Value.Row(0).ToArray();
        if (training.Rows.Count < table.Rows && Enumerable.Range(1, training.Rows.Count - 1).All(row => training.Targets.Value.Row(row).SequenceEqual(first)))
        {
            throw new DataSourceException(
                $"{table.Source}: the {training.Rows.Count} examples without a missing value {(schema.Classification ? $"are all of class {schema.Classes![training.Labels![0]]}" : "have all the same target")}: there is nothing to learn");
        }
    }

    /// <summary>The file of a folder that a trained network is tried on: the test file, or the only one.</summary>
    public static (string Name, string File) ToTry(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataSourceException($"{folder}: there is no such folder or file");
        }

        string[] tables = Tables(folder);
        return tables.Where(file => _test.Contains(SourceFiles.Stem(file).ToLowerInvariant())).ToArray() is [var test] ? ("test", test)
            : tables is [var only] ? ("all", only)
            : throw new DataSourceException($"{Path.GetFullPath(folder)}: no test.csv, and {(tables.Length == 0 ? "no other table" : "several tables")}; name a file");
    }

    private static (string Train, string? Validation, string? Test) Find(string folder)
    {
        if (One(_train) is { } train)
        {
            return (train, One(_validation), One(_test));
        }

        var files = Tables(folder);
        return files is [var only] ? (only, null, null) : throw new DataSourceException(
            $"{Path.GetFullPath(folder)}: there is no train.csv, and there are several other files "
                + $"({string.Join(", ", files.Take(5).Select(Path.GetFileName))}); call them train.csv, test.csv and, if you like, "
                + "validation.csv, or name one file with --data");

        string? One(string[] stems)
        {
            string[] found = [.. Tables(folder).Where(file => stems.Contains(SourceFiles.Stem(file).ToLowerInvariant()))];
            return found.Length <= 1 ? found.FirstOrDefault() : throw new DataSourceException(
                $"{Path.GetFullPath(folder)}: {Path.GetFileName(found[0])} and {Path.GetFileName(found[1])} would be the same part of "
                    + "the data; keep one of them");
        }
    }

    private static string[] Tables(string folder) => [.. Directory.EnumerateFiles(folder).Where(file => Is(file) && IsMeant(file)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// A text file that does not have the name of a part may be a note to the reader, and a hidden file is nobody's data.
    /// </summary>
    private static bool IsMeant(string file)
        => !Path.GetFileName(file).StartsWith('.')
            && (SourceFiles.Ending(file) is ".csv" or ".tsv" || _train.Concat(_test).Concat(_validation).Contains(SourceFiles.Stem(file).ToLowerInvariant()));
}
