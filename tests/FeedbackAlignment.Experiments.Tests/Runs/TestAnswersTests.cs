using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class TestAnswersTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void WhatIsMisreadAgreesWithTheTestErrorToTheExample()
    {
        var spec = TinyExperiment.Spec with { Data = TinyExperiment.Spec.Data with { Test = 9 }, Rules = ["backpropagation", "shallow"] };
        var (record, _) = _experiments.Run(spec);
        var labels = TinyExperiment.Load(spec).Split.Test.Labels!;

        Assert.Contains(record.Runs, run => run.TestError > 0);
        Assert.All(record.Runs, run => Assert.Equal(run.TestError!.Value, run.Misread.Count / 9.0, 12));
        Assert.All(record.Runs, run => Assert.Equal(run.Misread.Select(misread => misread.Example),
            run.TestMistakes!.Index().Where(example => example.Item).Select(example => example.Index)));
        Assert.All(record.Runs.SelectMany(run => run.Misread), misread => Assert.NotEqual(labels[misread.Example], misread.Answer));
        Assert.Equal(record.Runs.SelectMany(run => run.Misread).Select(misread => misread.Example).Distinct().Order(), record.Examples.Select(example => example.Example));
        Assert.All(record.Examples, example => Assert.Equal((labels[example.Example], 28, 28, 784), (example.Class, example.Height, example.Width, example.Pixels!.Length)));
        Assert.All(record.Examples, example => Assert.Equal((0, 255), (example.Pixels!.Min(), example.Pixels!.Max())));
        Assert.NotNull(record.Data.Baseline!.Class);
    }

    [Fact]
    public void ColorsOfAPixelLieSideBySide()
    {
        // Two pixels, red and blue, channel by channel.
        var test = new DataSet(Matrix.From(new float[,] { { 1, 0, 0, 0, 0, 1 } }), [1], 2) { Image = new ImageShape(1, 2, 3) };
        var run = new RunRecord { Rule = "backpropagation", Seed = 1, Status = RunStatus.Completed, Misread = [new(0, 0)] };
        var example = Assert.Single(TestAnswers.Examples([run], test, schema: null));

        Assert.Equal((1, 2, 3), (example.Height, example.Width, example.Channels));
        Assert.Equal([255, 0, 0, 0, 0, 255], example.Pixels!);
        Assert.Empty(example.Inputs);
    }

    [Fact]
    public void ResultsHaveTheNamesOfTheClasses()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });

        Assert.Null(record.Data.Schema);
        Assert.Equal(TinyExperiment.Load(TinyExperiment.Spec).Record.Schema!.Classes!, record.Data.ClassNames!);
        Assert.Equal(record.Data.ClassNames, ExperimentFolder.Read(folder).Data.ClassNames);
    }

    [Fact]
    public void NoMoreThanTenAreKept()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"], Training = TinyExperiment.Spec.Training with { Epochs = null, Examples = 16 } });

        Assert.True(record.Runs[0].TestError > 0.2);
        Assert.Equal(10, record.Runs[0].Misread.Count);
        Assert.Equal(record.Runs[0].TestError!.Value, record.Runs[0].TestMistakes!.Count(mistake => mistake) / 50.0, 12);
        Assert.Equal(10, record.Examples.Count);
        Assert.Equal(record.Examples[3].Pixels, ExperimentFolder.Read(folder).Examples[3].Pixels);
    }

    [Fact]
    public void InputsWithNamesAreKeptInTheUnitsOfTheFile()
    {
        DataSchema schema = new()
        {
            Files = "csv",
            Classification = true,
            InputNames = ["length", "constant", "width"],
            Inputs = new Standardization([100, 7, 0.5f], [50, 0, 2]),
            InputScale = 0.5f,
        };
        var (record, _) = _experiments.Run(TinyExperiment.Spec with
        {
            Rules = ["shallow"],
            Training = TinyExperiment.Spec.Training with { Epochs = null, Examples = 16 },
        });
        var run = record.Runs[0] with { Misread = [new(0, 0)] };
        var test = new DataSet(Matrix.From([1, 0, -0.25f], 1, 3), [1], 2);

        var example = Assert.Single(TestAnswers.Examples([run], test, schema));
        Assert.Equal([200, 7, -0.5f], example.Inputs);
        Assert.Equal(schema.InputNames, example.Names);
        Assert.Equal([51, 0, -12.75f],
            Assert.Single(TestAnswers.Examples([run], test, schema with { Inputs = null, InputScale = 0.01f, Scale = [0, 0.51f] })).Inputs);
        Assert.Equal([1, 0, -0.25f], Assert.Single(TestAnswers.Examples([run], test, schema: null)).Inputs);

        // Of two categories, the one that is not there is left out; a number that is 0 stays.
        example = Assert.Single(TestAnswers.Examples([run], test, schema with
        {
            Inputs = null,
            InputScale = 1,
            InputNames = ["color=red", "color=blue", "width"],
            Columns = [new("color", ColumnRole.Input, ColumnValues.Texts, ["red", "blue"]),
                new("width", ColumnRole.Input, ColumnValues.Numbers)],
        }));
        Assert.Equal(["color=red", "width"], example.Names);
        Assert.Equal([1, -0.25f], example.Inputs);
    }

    [Fact]
    public void TheErrorsOfTheOutputsAddUpToTheTestError()
    {
        var spec = new ExperimentSpec
        {
            Rules = ["backpropagation"],
            Seeds = [1],
            Data = new() { Source = DataSourceIds.TeacherLinear, Train = 60, Validation = 40, Test = 300 },
            Network = new() { Layers = "30-8-10" },
            Training = new() { Epochs = 1, BatchSize = 16, MeasureExamples = 20 },
        };
        var run = Assert.Single(_experiments.Run(spec).Record.Runs);
        var targets = TinyExperiment.Load(spec).Split.Test.Targets;

        Assert.Equal(10, run.OutputErrors.Count);
        Assert.Equal(run.TestError!.Value, run.OutputErrors.Sum() / (SquaredLength(targets) / 300), 6);
        Assert.Empty(run.Misread);
        Assert.Null(run.TestMistakes);
    }

    [Fact]
    public void ATieIsNoAnswer()
    {
        var network = Network.Mlp("2-2", 1);
        foreach (var parameter in network.Parameters)
        {
            parameter.Set(new Matrix(parameter.Rows, parameter.Columns));
        }

        var (first, all) = TestAnswers.Misread(network, new DataSet(new Matrix(1, 2), [1], 2));
        Assert.Equal(new MisreadRecord(0, null), Assert.Single(first));
        Assert.Equal([true], all!);
    }

    private static double SquaredLength(Matrix values)
    {
        var sum = 0.0;
        for (var row = 0; row < values.Rows; row++)
        {
            foreach (var value in values.Row(row))
            {
                sum += (double)value * value;
            }
        }

        return sum;
    }
}
