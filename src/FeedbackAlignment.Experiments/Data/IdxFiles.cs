using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Reads IDX files named like MNIST's, in every spelling that is usual.</summary>
internal static class IdxFiles
{
    public static bool AreAt(string folder) => Images(folder, "train") is not null;

    /// <summary>Reads the files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="spec">What is said of them.</param>
    /// <param name="format">The format of the spec.</param>
    public static SourceExamples Load(string folder, DataSpec spec, int format)
    {
        if (spec.Task == TaskIds.Regress)
        {
            throw new DataSourceException($"data.task (--task): {TaskIds.Regress} is asked for, but the labels of IDX files are classes; leave it out");
        }

        var labels = ReadLabels(folder, "train");
        var numbers = Numbers(labels);
        var test = Images(folder, "t10k") is null ? "test" : "t10k";
        var classes = format >= ExperimentSpec.CurrentFormat ? LabelClasses.Of(numbers, labels.Source, spec.Task)
            : LabelClasses.Counted(numbers, Images(folder, test) is null ? [] : Numbers(ReadLabels(folder, test)), labels.Source);
        var schema = new DataSchema { Files = "idx", Classification = true, Classes = classes };
        var training = Load(folder, "train", schema)!;
        return new SourceExamples($"IDX files in {folder}", training, Load(folder, test, schema))
        {
            Validation = Load(folder, "val", schema) ?? Load(folder, "validation", schema),
            ClassNames = schema.Classes,
            Schema = schema with { Image = training.Image },
        };
    }

    /// <summary>Reads the examples of one part against a schema; null where there are none.</summary>
    public static DataSet? Load(string folder, string part, DataSchema schema)
    {
        if (Images(folder, part) is not { } file)
        {
            return null;
        }

        var images = SourceFiles.Read(file, IdxReader.ReadImages);
        var labels = ReadLabels(folder, part);
        var places = LabelClasses.Places(Numbers(labels), schema.Classes!, labels.Source);
        return IdxReader.Join(images, labels with { Labels = places }, schema.Classes!.Count);
    }

    private static long[] Numbers(IdxLabels labels) => [.. labels.Labels.Select(label => (long)label)];

    private static IdxLabels ReadLabels(string folder, string part)
        => SourceFiles.Read(Labels(folder, part) ?? throw new DataSourceException($"{Path.GetFullPath(folder)}: no {part}-labels-idx1-ubyte (plain or .gz), which belongs to the other files there"), (stream, source) => IdxReader.ReadLabels(stream, source));

    private static string? Images(string folder, string part) => SourceFiles.FindOne(folder, $"{part}-images-idx3-ubyte", $"{part}-images.idx3-ubyte");

    private static string? Labels(string folder, string part) => SourceFiles.FindOne(folder, $"{part}-labels-idx1-ubyte", $"{part}-labels.idx1-ubyte");
}
