using FeedbackAlignment.Experiments.Data.Tables;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Reads a user's own folder or file: tables, arrays, IDX files.</summary>
internal static class OwnFiles
{
    private const string IdxKind = "IDX", CifarKind = "CIFAR", ImageKind = "image", TableKind = "CSV";

    private static readonly Dictionary<string, string> _others = new()
    {
        [".parquet"] = "python -c \"import pandas; pandas.read_parquet('FILE').to_csv('train.csv', index=False)\"",
        [".xlsx"] = "save it as CSV in the spreadsheet, or: python -c \"import pandas; pandas.read_excel('FILE').to_csv('train.csv', index=False)\"",
        [".npz"] = "python -c \"import numpy; f = numpy.load('FILE'); [numpy.save(k, f[k]) for k in f]\", then give the files the names train-inputs.npy, train-labels.npy …",
    };

    /// <summary>Reads the examples.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="spec">What is said of them.</param>
    /// <param name="format">The format of the spec.</param>
    /// <exception cref="DataSourceException">There is nothing that can be read, or it can be read in two ways.</exception>
    public static SourceExamples Load(string path, DataSpec spec, int format)
    {
        if (File.Exists(path))
        {
            RequireSuits(spec, TableKind);
            return TableFiles.Is(path) ? TableFiles.Load(path, spec, format) : throw Unknown(path);
        }

        if (!Directory.Exists(path))
        {
            throw new DataSourceException(
                $"data source '{path}': no such folder or file ({Path.GetFullPath(path)}); name a folder with your files, a CSV file, or "
                    + $"one of {string.Join(", ", SpecVocabulary.DataSources)}");
        }

        var kinds = ((string Name, bool IsThere, Func<SourceExamples> Load)[])
        [
            (IdxKind, IdxFiles.AreAt(path), () => IdxFiles.Load(path, spec, format)),
            ("NPY", ArrayFiles.AreAt(path), () => ArrayFiles.Load(path, spec, format)),
            (CifarKind, CifarFiles.IsAt(path), () => OfImages("cifar", CifarFiles.Load(path))),
            (ImageKind, ImageFolder.IsAt(path), () => OfImages("images", ImageFolder.Load(path, Size(spec)))),
            (TableKind, TableFiles.AreAt(path), () => TableFiles.Load(path, spec, format)),
        ];
        var found = kinds.Where(kind => kind.IsThere).ToList();
        if (found.Count > 1)
        {
            throw new DataSourceException($"{Path.GetFullPath(path)}: there are {found[0].Name} and {found[1].Name} files; keep one kind in the folder, or name one CSV file with --data");
        }

        if (found.Count == 0)
        {
            var file = Directory.EnumerateFiles(path).FirstOrDefault(file => _others.ContainsKey(SourceFiles.Ending(file)));
            throw file is not null ? Unknown(file) : new DataSourceException(
                $"{Path.GetFullPath(path)}: no training data; looked for train.csv, train-inputs.npy, train-images-idx3-ubyte (each plain or .gz) and folders of images by class");
        }

        RequireSuits(spec, found[0].Name);
        return found[0].Load();
    }

    private static (int Height, int Width)? Size(DataSpec spec) => spec.Resize is { } size ? ImageSize.Of(size) : null;

    /// <summary>Images know their own range: 0 … 1 are the ends of their type.</summary>
    private static SourceExamples OfImages(string files, SourceExamples examples) => examples with
    {
        Schema = new DataSchema { Files = files, Classification = true, Classes = examples.ClassNames, Image = examples.Training.Image },
    };

    /// <summary>What is said of columns must not be passed over where there are none.</summary>
    /// <exception cref="DataSourceException">A key says something that these data do not have.</exception>
    public static void RequireSuits(DataSpec spec, string kind)
    {
        if (spec.Resize is not null && kind != ImageKind)
        {
            throw new DataSourceException(
                $"data.resize (--resize): only image files can be resized, but these data are {kind}; leave it out");
        }

        if (spec.Scale is not null && kind is ImageKind or CifarKind or IdxKind)
        {
            throw new DataSourceException($"data.scale (--scale): {kind} files define black and white themselves; leave it out");
        }

        if (kind == TableKind)
        {
            return;
        }

        const string decimals = "decimalSeparator";
        (string Key, object? Value)[] said =
        [
            ("target", spec.Target), ("ignore", spec.Ignore), ("categorical", spec.Categorical), ("header", spec.Header), ("separator", spec.Separator),
            (decimals, spec.DecimalSeparator), ("missing", spec.Missing), ("unseen", spec.Unseen), ("group", spec.Group),
        ];
        if (said.FirstOrDefault(key => key.Value is not null) is { Key: { } key })
        {
            var option = key == decimals ? "decimal" : key;
            throw new DataSourceException($"data.{key} (--{option}): only CSV files have columns, but these data are {kind}; leave it out");
        }
    }

    private static DataSourceException Unknown(string file) => new(_others.TryGetValue(SourceFiles.Ending(file), out var conversion)
        ? $"{file}: {SourceFiles.Ending(file)} files cannot be read; convert it: "
            + $"{conversion.Replace("FILE", Path.GetFileName(file), StringComparison.Ordinal)}"
        : $"{file}: a single file must be a table ({string.Join(", ", TableFiles.Endings)}, plain or .gz); give a folder for other formats");
}
