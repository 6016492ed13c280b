using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Tables;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Examples with their answers that a trained network is tried on.</summary>
/// <param name="Name">Which they are: <c>test</c>, or <c>all</c> where the file is not divided.</param>
/// <param name="Description">Where they come from.</param>
/// <param name="Examples">The examples, on the scale that the network learned from.</param>
/// <param name="Remarks">What the user should know of how they were read.</param>
public sealed record NewExamples(string Name, string Description, DataSet Examples, IReadOnlyList<string> Remarks)
{
    /// <summary>
    /// Reads a folder or file against the schema of a trained network: columns and classes by name, scale and categories as the network
    /// has them.
    /// </summary>
    /// <param name="path">A folder, of which the test examples are read (or all, where it has no test file), or a file.</param>
    /// <param name="schema">How the network's own data were understood.</param>
    /// <exception cref="DataSourceException">There is nothing to read, or it is of another kind than the network's data.</exception>
    /// <exception cref="DataFormatException">A file does not fit the schema.</exception>
    public static NewExamples Read(string path, DataSchema schema)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(schema);
        var (name, description, examples, remarks) = schema.Files switch
        {
            "csv" => Table(path, schema),
            "npy" => Part("NPY", part => ArrayFiles.Load(path, part, schema), path, "test", "train"),
            _ => Images(path, schema),
        };
        if (examples.Inputs.Columns != Width(schema, examples))
        {
            throw new DataSourceException($"{path}: an example has {examples.Inputs.Columns} numbers, but the network's own data had {Width(schema, examples)}");
        }

        var scale = ScaleCheck.Compare(schema, examples.Inputs, $"{description}: the inputs");
        Preparation.Apply(schema, examples);
        return new NewExamples(name, description, examples, scale is null ? remarks : [.. remarks, scale]);
    }

    private static int Width(DataSchema schema, DataSet examples)
        => schema.IsTable ? schema.InputNames.Count : schema.Inputs?.Means.Count ?? (schema.Image is { } image ? image.Height * image.Width * image.Channels : examples.Inputs.Columns);

    private static NewExamples Table(string path, DataSchema schema)
    {
        if (!schema.ColumnsOf(ColumnRole.Target).Any())
        {
            throw new DataSourceException(
                $"{path}: the model does not say which column it predicts, so its answers cannot be compared with a column; use "
                + "`fa predict`");
        }

        var (name, file) = File.Exists(path) ? ("all", path) : TableFiles.ToTry(path);
        var table = TableFiles.Read(file, schema);
        var extraction = new TableExtraction(table, schema);
        var examples = extraction.Take(withTargets: true);
        string[] extra = [.. extraction.Match.Extra.Select(column => column.Name)];
        List<string> remarks = [.. TableRemarks.OfRows(table, examples, schema)];
        if (extra.Length > 0)
        {
            remarks.Add($"{Path.GetFileName(file)}: columns that the network does not know are ignored: {Listing.Some(extra)}");
        }

        return new NewExamples(name, file, examples.ToDataSet(schema.Classes?.Count ?? 0), remarks);
    }

    /// <summary>Images are images, whatever the files: pixels from 0 to 1, and classes by name.</summary>
    private static NewExamples Images(string path, DataSchema schema)
    {
        if (Directory.Exists(path) && !IdxFiles.AreAt(path) && (CifarFiles.IsAt(path) || ImageFolder.IsAt(path)))
        {
            var found = CifarFiles.IsAt(path) ? CifarFiles.Load(path) : ImageFolder.Load(path, schema.Resize is { } size ? ImageSize.Of(size) : null);
            var (name, examples) = found.Test is { } test ? ("test", test) : ("all", found.Training);
            if (examples.Image != schema.Image)
            {
                throw new DataSourceException($"{path}: the images are {Shown(examples.Image)}, but the network's own are {Shown(schema.Image)}");
            }

            return new NewExamples(name, path, Renamed(examples, found.ClassNames!, schema.Classes!, path), found.Remarks);
        }

        return Part("image", part => IdxFiles.Load(path, part, schema), path, "t10k", "test", "train");
    }

    private static DataSet Renamed(DataSet examples, IReadOnlyList<string> names, IReadOnlyList<string> classes, string path)
    {
        int[] places = [.. names.Select(name => classes.ToList().IndexOf(name))];
        var labels = examples.Labels!.Select(label => places[label] >= 0 ? places[label] : throw new DataSourceException(
            $"{path}: there are examples of class {names[label]}, which the network does not know; it knows {Listing.Some(classes)}"));
        return new DataSet(examples.Inputs, [.. labels], classes.Count) { Image = examples.Image };
    }

    private static string Shown(ImageShape? image) => image is { } shape ? $"{shape.Height} × {shape.Width}{(shape.Channels == 1 ? ", gray" : ", in color")}" : "none";

    private static NewExamples Part(string kind, Func<string, DataSet?> load, string path, params string[] parts)
    {
        foreach (var part in Directory.Exists(path) ? parts : [])
        {
            if (load(part) is { } examples)
            {
                return new NewExamples(part == "train" ? "all" : "test", path, examples, []);
            }
        }

        throw new DataSourceException($"{path}: no {kind} files with examples, as in the training data; name a folder with such files");
    }
}
