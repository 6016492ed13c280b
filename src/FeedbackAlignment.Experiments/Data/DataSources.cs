using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

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
    /// <exception cref="DataSourceException">The data are missing, too few, or not the ones they should be; or the teacher's sizes make no sense.</exception>
    /// <exception cref="SpecException">More examples are wanted than can be held in memory.</exception>
    /// <exception cref="DataFormatException">A file is damaged or of another format.</exception>
    public LoadedData Load(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        RequirePositive(spec.Train, "data.train");
        RequirePositive(spec.Validation, "data.validation");
        RequirePositive(spec.Test, "data.test");
        var (description, split) = LoadSource(spec);
        if (spec.InputScale != 1)
        {
            foreach (var part in new[] { split.Train, split.Validation, split.Test })
            {
                Scaling.Multiply(part.Inputs, spec.InputScale);
            }
        }

        return new LoadedData(split, Describe(description, split));
    }

    private (string Description, DataSplit Split) LoadSource(DataSpec spec)
    {
        var (train, validation, test) = (spec.Train ?? MadeTrain, spec.Validation ?? MadeValidation, spec.Test ?? MadeTest);
        switch (spec.Source)
        {
            case DataSourceIds.Digits:
                RequireRoom(train, validation, test, DigitGenerator.Side * DigitGenerator.Side);
                return ($"digits drawn from seed {spec.Seed}", new DigitGenerator(spec.Seed).DrawSplit(train, validation, test, threads));
            case DataSourceIds.Banded:
                RequireRoom(train, validation, test, BandedPlane.Classes);
                return ($"a plane of bands drawn from seed {spec.Seed}", new BandedPlane(spec.Seed).DrawSplit(train, validation, test));
            case DataSourceIds.TeacherLinear or DataSourceIds.TeacherTanh:
                var (name, teacher) = MakeTeacher(spec);
                RequireRoom(train, validation, test, Math.Max(teacher.Sizes[0], teacher.Sizes[^1]));
                return (name, teacher.DrawSplit(train, validation, test));
            default:
                var examples = PublicDataSet.All.FirstOrDefault(data => data.Id == spec.Source) is { } known
                    ? PublicFiles.Load(known, directory)
                    : FolderFiles.Load(spec.Source);
                return (examples.Description, Division.Of(examples, spec));
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

    private static int[] ParseSizes(string text) => NetworkShape.TryParse(text, out var shape, out _)
        ? [.. shape.Sizes]
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
        foreach (var (path, count) in ((string, int)[])[("data.train", train), ("data.validation", validation), ("data.test", test)])
        {
            if (count > most)
            {
                throw new SpecException([new(path, $"must be ≤ {most} with {width} numbers an example, or they cannot be held in memory at once; was {count}")]);
            }
        }
    }

    private static DataRecord Describe(string description, DataSplit split) => new()
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
