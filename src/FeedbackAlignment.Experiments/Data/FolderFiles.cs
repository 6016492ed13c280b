using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Reads a user's own folder: IDX files named like MNIST's, or NPY files, or CSV files.</summary>
internal static class FolderFiles
{
    private const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>More classes than this are a mistake in a file of labels.</summary>
    private const int MostClasses = 100_000;

    public static SourceExamples Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataSourceException(
                $"data source '{folder}': there is no such folder ({Path.GetFullPath(folder)}); give a folder with your files, or one of {string.Join(", ", SpecVocabulary.DataSources)}");
        }

        var examples = SourceFiles.Find(folder, TrainImages) is not null ? LoadIdx(folder)
            : SourceFiles.Find(folder, "train-inputs.npy") is not null ? LoadNpy(folder)
            : SourceFiles.Find(folder, "train.csv") is not null ? LoadCsv(folder)
            : CifarFiles.IsAt(folder) ? CifarFiles.Load(folder)
            : ImageFolder.IsAt(folder) ? ImageFolder.Load(folder, resize: null)
            : throw new DataSourceException(
                $"{Path.GetFullPath(folder)}: no training data; looked for {TrainImages}[.gz], train-inputs.npy, train.csv, data_batch_1.bin and folders of images");
        if (examples.Test is { } test)
        {
            RequireSameShape(folder, "inputs", examples.Training.Inputs, test.Inputs);
            RequireSameShape(folder, "targets", examples.Training.Targets, test.Targets);
        }

        return examples;
    }

    private static SourceExamples LoadIdx(string folder)
    {
        var trainImages = SourceFiles.Read(Require(folder, TrainImages), IdxReader.ReadImages);
        var trainLabels = ReadLabels(TrainLabels);
        var testImages = SourceFiles.Read(Require(folder, TestImages), IdxReader.ReadImages);
        var testLabels = ReadLabels(TestLabels);
        var classes = 1 + Math.Max(trainLabels.Labels.Max(), testLabels.Labels.Max());
        return new($"IDX files in {folder}", IdxReader.Join(trainImages, trainLabels, classes), IdxReader.Join(testImages, testLabels, classes));

        IdxLabels ReadLabels(string name) => SourceFiles.Read(Require(folder, name), (stream, source) => IdxReader.ReadLabels(stream, source));
    }

    private static SourceExamples LoadNpy(string folder)
    {
        var isRegression = SourceFiles.Find(folder, "train-labels.npy") is null;
        var train = Inputs("train");
        var test = Inputs("test");
        if (isRegression)
        {
            return new($"NPY files in {folder}", WithTargets(train, "train"), WithTargets(test, "test"));
        }

        var trainLabels = Labels("train");
        var testLabels = Labels("test");
        var classes = 1 + Math.Max(trainLabels.Max(), testLabels.Max());
        return new($"NPY files in {folder}", WithLabels(train, trainLabels, classes, "train"), WithLabels(test, testLabels, classes, "test"));

        NpyArray Inputs(string part) => SourceFiles.Read(Require(folder, $"{part}-inputs.npy"), NpyReader.Read);

        IReadOnlyList<int> Labels(string part)
            => SourceFiles.Read(Require(folder, $"{part}-labels.npy"), (stream, source) => NpyReader.ReadLabels(stream, source, MostClasses));

        DataSet WithTargets(NpyArray inputs, string part)
        {
            var targets = SourceFiles.Read(Require(folder, $"{part}-targets.npy"), NpyReader.Read);
            RequireSameCount(inputs, targets.Values.Rows, targets.Source);
            return new DataSet(ToUnit(inputs), targets.Values) { Image = inputs.Image };
        }

        DataSet WithLabels(NpyArray inputs, IReadOnlyList<int> labels, int count, string part)
        {
            RequireSameCount(inputs, labels.Count, Require(folder, $"{part}-labels.npy"));
            return new DataSet(ToUnit(inputs), labels, count) { Image = inputs.Image };
        }
    }

    private static SourceExamples LoadCsv(string folder)
    {
        var train = SourceFiles.Read(Require(folder, "train.csv"), (stream, source) => CsvReader.Read(stream, source));
        var test = SourceFiles.Read(Require(folder, "test.csv"), (stream, source) => CsvReader.Read(stream, source, train.Classes));
        return new($"CSV files in {folder}", train.Examples, test.Examples);
    }

    /// <summary>Bytes are gray values: to [0, 1], as with IDX.</summary>
    private static Matrix ToUnit(NpyArray inputs)
    {
        if (inputs.Bytes)
        {
            Scaling.Multiply(inputs.Values, 1 / 255f);
        }

        return inputs.Values;
    }

    private static string Require(string folder, string name)
        => SourceFiles.Find(folder, name) ?? throw new DataSourceException($"{Path.GetFullPath(folder)}: no {name} (plain or .gz), which belongs to the other files there");

    private static void RequireSameCount(NpyArray inputs, int count, string source)
    {
        if (inputs.Values.Rows != count)
        {
            throw new DataFormatException(source, null, $"the file has {count} examples, but {inputs.Source} has {inputs.Values.Rows}");
        }
    }

    private static void RequireSameShape(string folder, string what, Matrix train, Matrix test)
    {
        if (train.Columns != test.Columns)
        {
            throw new DataSourceException($"{Path.GetFullPath(folder)}: {what} have {train.Columns} numbers in the training files, but {test.Columns} in the test files");
        }
    }
}
