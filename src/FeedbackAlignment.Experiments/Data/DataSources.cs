using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>From what a spec says about data to the data.</summary>
/// <param name="directory">The data folder; see <see cref="DataDirectory"/>. It need not exist for data that the project makes.</param>
/// <param name="threads">Threads that draw digits, ≥ 1. Changes speed, never a result.</param>
public sealed class DataSources(string directory, int threads = 1)
{
    /// <summary>The layer sizes of teachers that are not described.</summary>
    internal const string LinearSizes = "30-10", TanhSizes = "30-20-10-10";

    private const int MadeTrain = 10_000, MadeValidation = 2_000, MadeTest = 5_000;

    /// <summary>Reads or makes the data of a spec.</summary>
    /// <param name="spec">What is wanted.</param>
    /// <param name="format">The format of the spec that it stands in (see <see cref="ExperimentSpec.Format"/>).</param>
    /// <exception cref="DataSourceException">
    /// The data are missing, too few, not the ones they should be, or can be read in two ways; or the teacher's sizes make no sense.
    /// </exception>
    /// <exception cref="SpecException">More examples are wanted than can be held in memory.</exception>
    /// <exception cref="DataFormatException">A file is damaged or of another format, or a value does not suit its column.</exception>
    public LoadedData Load(DataSpec spec, int format = ExperimentSpec.CurrentFormat)
    {
        ArgumentNullException.ThrowIfNull(spec);
        RequirePositive(spec.Train, "data.train");
        RequirePositive(spec.Validation, "data.validation");
        RequirePositive(spec.Test, "data.test");
        if (IsKnown(spec.Source))
        {
            OwnFiles.RequireSuits(spec, spec.Source);
            if (spec.Standardize is not (null or StandardizeIds.None) || spec.Scale is not null || spec.Task is not null || spec.Resize is not null)
            {
                throw new DataSourceException($"data: task, scale, standardize and resize are for data of your own; {spec.Source} is always read in one way");
            }

            var (description, split, classes) = LoadKnown(spec);
            var schema = SchemaOf(split, classes, spec);
            foreach (var part in spec.InputScale == 1 ? [] : (DataSet[])[split.Train, split.Validation, split.Test])
            {
                Preparation.Multiply(part.Inputs, spec.InputScale);
            }

            return new LoadedData(split, Describe(description, split) with { Schema = schema },
                spec with { Standardize = StandardizeIds.None }, []);
        }

        return new OwnData(spec, format).Load();
    }

    private static bool IsKnown(string source) => SpecVocabulary.DataSources.Contains(source);

    /// <summary>
    /// Images that are known by name can be compared with a user's own: their pixels are 0 … 1, and their classes have names, if only
    /// numbers.
    /// </summary>
    private static DataSchema? SchemaOf(DataSplit split, IReadOnlyList<string>? classes, DataSpec spec)
        => split.Train is not { Image: { } image, Labels: not null } ? null : new()
        {
            Files = image.Channels == 1 ? "idx" : spec.Source == DataSourceIds.Cifar10 ? "cifar" : "images",
            Classification = true,
            Classes = classes ?? [.. Enumerable.Range(0, split.Train.Targets.Columns).Select(label => $"{label}")],
            Image = image,
            Greatest = Preparation.Greatest(split.Train.Inputs),
            InputScale = spec.InputScale,
            ClassCounts = split.Train.CountClasses(),
        };

    private (string Description, DataSplit Split, IReadOnlyList<string>? Classes) LoadKnown(DataSpec spec)
    {
        var (train, validation, test) = (spec.Train ?? MadeTrain, spec.Validation ?? MadeValidation, spec.Test ?? MadeTest);
        switch (spec.Source)
        {
            case DataSourceIds.Digits:
                RequireRoom(train, validation, test, DigitGenerator.Side * DigitGenerator.Side);
                return ($"digits drawn from seed {spec.Seed}", new DigitGenerator(spec.Seed).DrawSplit(train, validation, test, threads), null);
            case DataSourceIds.Shapes:
                RequireRoom(train, validation, test, ShapeGenerator.Channels * ShapeGenerator.Side * ShapeGenerator.Side);
                return ($"shapes in color drawn from seed {spec.Seed}", new ShapeGenerator(spec.Seed).DrawSplit(train, validation, test, threads),
                    ShapeGenerator.Names);
            case DataSourceIds.Banded:
                RequireRoom(train, validation, test, BandedPlane.Classes);
                return ($"a plane of bands drawn from seed {spec.Seed}", new BandedPlane(spec.Seed).DrawSplit(train, validation, test), null);
            case DataSourceIds.TeacherLinear or DataSourceIds.TeacherTanh:
                var (name, teacher) = MakeTeacher(spec);
                RequireRoom(train, validation, test, Math.Max(teacher.Sizes[0], teacher.Sizes[^1]));
                return (name, teacher.DrawSplit(train, validation, test), null);
            default:
                var examples = PublicFiles.Load(PublicDataSet.All.First(data => data.Id == spec.Source), directory);
                return (examples.Description, Division.Of(examples, spec), examples.ClassNames);
        }
    }

    private static (string Description, Teacher Teacher) MakeTeacher(DataSpec spec)
    {
        if (!(spec.TeacherScale > 0))
        {
            throw new DataSourceException($"data.teacherScale: must be > 0, was {spec.TeacherScale}");
        }

        if (spec.Source == DataSourceIds.TeacherTanh)
        {
            var sizes = ParseSizes(spec.Teacher ?? TanhSizes);
            return ($"tanh teacher {string.Join('-', sizes)} drawn from seed {spec.Seed}", Teacher.Tanh(spec.Seed, sizes, spec.TeacherScale));
        }

        return ParseSizes(spec.Teacher ?? LinearSizes) is [var inputs, var outputs]
            ? ($"linear teacher {inputs}-{outputs} drawn from seed {spec.Seed}", Teacher.Linear(spec.Seed, inputs, outputs, spec.TeacherScale))
            : throw new DataSourceException($"data.teacher: a linear teacher has two sizes, e.g. {LinearSizes}, was '{spec.Teacher}'");
    }

    private static int[] ParseSizes(string text) => Network.TryParseSizes(text, out var sizes, out _)
        ? RunMemory.OfWeights(NetworkPlan.Parse(text)) is var bytes && MemoryBudget.Fits(bytes) ? sizes
            : throw new DataSourceException($"data.teacher: {MemoryBudget.Refusal(bytes, "its weights would take")}")
        : throw new DataSourceException($"data.teacher: must be at least two layer sizes, e.g. {TanhSizes}, was '{text}'");

    private static void RequirePositive(int? count, string path)
    {
        if (count < 1)
        {
            throw new DataSourceException($"{path}: must be > 0, was {count}");
        }
    }

    /// <summary>A matrix is one array, and its lines may be padded.</summary>
    private static void RequireRoom(int train, int validation, int test, int width)
    {
        const int padding = 32;
        var most = Array.MaxLength / (width + padding);
        var bytes = Matrix.BytesOf((long)train + validation + test, width);
        if (!MemoryBudget.Fits(bytes))
        {
            var all = $"{train} training, {validation} validation and {test} test examples would take";
            throw new SpecException([new("data.train", MemoryBudget.Refusal(bytes, all))]);
        }

        foreach (var (path, count) in ((string, int)[])[("data.train", train), ("data.validation", validation), ("data.test", test)])
        {
            if (count > most)
            {
                throw new SpecException(
                    [new(path, $"must be ≤ {most} with {width} numbers an example, or they do not fit in memory; was {count}")]);
            }
        }
    }

    /// <summary>The record of a division.</summary>
    internal static DataRecord Describe(string description, DataSplit split) => new()
    {
        Description = description,
        Train = split.Train.Count,
        Validation = split.Validation.Count,
        Test = split.Test.Count,
        Inputs = split.Train.Inputs.Columns,
        Outputs = split.Train.Targets.Columns,
        Classification = split.Train.Labels is not null,
        Baseline = Baselines.Of(split),
    };
}
