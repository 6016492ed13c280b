using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Reads NPY files: inputs, and labels (classes) or targets (numbers). The training files decide the classes and the scale.
/// </summary>
internal static class ArrayFiles
{
    /// <summary>What a byte goes up to.</summary>
    private const float ByteMost = 255;

    public static bool AreAt(string folder) => Find(folder, "train", Inputs) is not null;

    /// <summary>Reads the files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="spec">What is said of them.</param>
    /// <param name="format">The format of the spec.</param>
    public static SourceExamples Load(string folder, DataSpec spec, int format)
    {
        var isOld = format < ExperimentSpec.CurrentFormat;
        var inputs = ReadInputs(Find(folder, "train", Inputs)!, isOld);
        var labels = Find(folder, "train", Labels);
        var targets = Find(folder, "train", Targets);
        if (labels is not null && targets is not null)
        {
            throw new DataSourceException(
                $"{Path.GetFullPath(folder)}: there are both {Path.GetFileName(labels)} (classes) and {Path.GetFileName(targets)} "
                + "(numbers); keep the one to predict");
        }

        RequireTask(spec.Task, labels, targets, folder);
        var numbers = labels is null ? null : SourceFiles.Read(labels, NpyReader.ReadLabels);
        var schema = new DataSchema
        {
            Files = "npy",
            Classification = numbers is not null,
            Classes = numbers is null ? null : isOld ? LabelClasses.Counted(numbers, OtherLabels(), labels!) : LabelClasses.Of(numbers, labels!, spec.Task),
            Image = inputs.Image,
        };

        // Bytes of which none is above 1 are no gray values: they are yes and no already.
        var areGray = inputs.Bytes && !isOld && Preparation.Greatest(inputs.Values) > 1;
        var scale = spec.Scale ?? (areGray && spec.Standardize is null or StandardizeIds.None ? [0, ByteMost] : null);
        return new SourceExamples($"NPY files in {folder}", Join(inputs, folder, "train", schema, inputs), Others("test"))
        {
            Validation = Others("val") ?? Others("valid") ?? Others("validation"),
            ClassNames = schema.Classes,
            Schema = schema,
            Spec = spec with { Task = schema.Classification ? TaskIds.Classify : TaskIds.Regress, Scale = scale },
            Remarks = spec.Scale is null && scale is not null ? ["inputs are bytes: 0 … 255 become 0 … 1 in all files"] : [],
        };

        IReadOnlyList<long> OtherLabels() => Find(folder, "test", Labels) is { } file ? SourceFiles.Read(file, NpyReader.ReadLabels) : [];

        DataSet? Others(string part) => Find(folder, part, Inputs) is { } file ? Join(ReadInputs(file, isOld), folder, part, schema, inputs, isOld) : null;
    }

    /// <summary>Reads the examples of one part against a schema.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="part"><c>train</c>, <c>test</c> …</param>
    /// <param name="schema">The schema.</param>
    public static DataSet? Load(string folder, string part, DataSchema schema)
        => Find(folder, part, Inputs) is { } file ? Join(SourceFiles.Read(file, NpyReader.Read), folder, part, schema, null) : null;

    /// <summary>Reads inputs. In a spec of version 0.1 bytes are brought to 0 … 1 here, with that version's rounding.</summary>
    private static NpyArray ReadInputs(string file, bool isOld)
    {
        var inputs = SourceFiles.Read(file, NpyReader.Read);
        if (isOld && inputs.Bytes)
        {
            Preparation.Multiply(inputs.Values, 1 / ByteMost);
        }

        return inputs;
    }

    private static string[] Inputs(string part) => [$"{part}-inputs.npy", $"x_{part}.npy", $"X_{part}.npy"];

    private static string[] Labels(string part) => [$"{part}-labels.npy"];

    private static string[] Targets(string part) => [$"{part}-targets.npy"];

    private static string? Find(string folder, string part, Func<string, string[]> names) => SourceFiles.FindOne(folder, names(part));

    private static DataSet Join(NpyArray inputs, string folder, string part, DataSchema schema, NpyArray? training, bool isOld = false)
    {
        if (training is not null && training.Values.Columns != inputs.Values.Columns)
        {
            throw new DataFormatException(inputs.Source, null, $"there are {inputs.Values.Columns} numbers in an example, but {training.Values.Columns} in {training.Source}");
        }

        if (training is not null && training.Bytes != inputs.Bytes && isOld)
        {
            throw new DataFormatException(inputs.Source, null, $"the type must be that of {training.Source}, since a spec of version 0.1 scales bytes and nothing else");
        }

        if (schema.Classification)
        {
            var file = Require(folder, part, Labels);
            var labels = SourceFiles.Read(file, NpyReader.ReadLabels);
            RequireSameCount(inputs, labels.Count, file);
            return new DataSet(inputs.Values, LabelClasses.Places(labels, schema.Classes!, file), schema.Classes!.Count) { Image = inputs.Image };
        }

        var targets = SourceFiles.Read(Require(folder, part, Targets), NpyReader.Read);
        RequireSameCount(inputs, targets.Values.Rows, targets.Source);
        return new DataSet(inputs.Values, targets.Values) { Image = inputs.Image };
    }

    private static string Require(string folder, string part, Func<string, string[]> names) => Find(folder, part, names)
        ?? throw new DataSourceException($"{Path.GetFullPath(folder)}: no {names(part)[0]} (plain or .gz), which belongs to the other files there");

    private static void RequireTask(string? task, string? labels, string? targets, string folder)
    {
        if ((task == TaskIds.Regress && labels is not null) || (task == TaskIds.Classify && targets is not null))
        {
            throw new DataSourceException($"data.task (--task): {task} is asked for, but {labels ?? targets} has {(labels is null ? "numbers, not classes" : "classes")}; the name must be {(labels is null ? "train-labels.npy" : "train-targets.npy")}");
        }

        if (labels is null && targets is null)
        {
            throw new DataSourceException($"{Path.GetFullPath(folder)}: neither train-labels.npy (classes) nor train-targets.npy (numbers) is beside the inputs");
        }
    }

    private static void RequireSameCount(NpyArray inputs, int count, string source)
    {
        if (inputs.Values.Rows != count)
        {
            throw new DataFormatException(source, null, $"the file has {count} examples, but {inputs.Source} has {inputs.Values.Rows}");
        }
    }
}
