using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>What an experiment leaves behind, read by other means than those that wrote it.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void AFolderHasTheseFilesAndNoOthers()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });

        Assert.Equal(
            [
                "data.json", "environment.json", "results.json", "resume.json",
                "runs/shallow-1/alignment.csv", "runs/shallow-1/curve.csv", "runs/shallow-1/metrics.jsonl", "runs/shallow-1/run.json",
                "runs/shallow-1/test-mistakes.npy", "runs/shallow-1/weights.npz",
                "spec.json",
            ],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ResultsHaveThePromisedNames()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec);

        var results = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "results.json")))!.AsObject();
        Assert.Equal(["runs", "environment", "spec", "data", "rules", "examples"], results.Select(pair => pair.Key));
        var run = results["runs"]![1]!.AsObject();
        Assert.Equal("feedback-alignment", (string?)run["rule"]);
        Assert.Equal(1, (int)run["seed"]!);
        Assert.Equal("completed", (string?)run["status"]);
        Assert.Equal(2, (double)run["epochs"]!);
        Assert.Equal(120, (long)run["examples"]!);
        Assert.Equal(record.Runs[1].TrainLoss, (double)run["trainLoss"]!);
        Assert.Equal(record.Runs[1].ValidationError, (double)run["validationError"]!);
        Assert.Equal(record.Runs[1].TestError, (double)run["testError"]!);
        Assert.InRange((double)run["testError"]!, 0, 1);
        Assert.True((double)run["seconds"]! > 0);
        var last = run["alignmentAngles"]!["hidden1"]!.AsArray()[^1]!;
        Assert.Equal(120, (long)last["examples"]!);
        Assert.InRange((double)last["degrees"]!, 1, 179);
        Assert.Equal("784-8-10", (string?)results["spec"]!["network"]!["layers"]);
        Assert.Equal(ThisMachine.Version, (string?)results["environment"]!["version"]);
        Assert.Equal(60, (int)results["data"]!["train"]!);
    }

    [Fact]
    public void AnExperimentIsReadAsItWasWritten()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec);
        var written = JsonSerializer.Serialize(record, ExperimentJson.Indented);

        Assert.Equal(written, JsonSerializer.Serialize(ExperimentFolder.Read(folder), ExperimentJson.Indented));
        Assert.Equal(written, JsonSerializer.Serialize(ExperimentFolder.Read(Path.Combine(folder, "results.json")), ExperimentJson.Indented));
        Assert.Equal(
            JsonSerializer.Serialize(record.Runs[0] with { Spec = record.Spec }, ExperimentJson.Indented) + "\n",
            File.ReadAllText(TinyExperiment.RunPath(folder, "backpropagation-1", "run.json")));
        Assert.Equal(JsonSerializer.Serialize(record.Environment, ExperimentJson.Indented) + "\n", File.ReadAllText(Path.Combine(folder, "environment.json")));
        Assert.Null(record.Data.Schema);
        var data = TinyExperiment.Load(TinyExperiment.Spec).Record;
        Assert.Equal(data.Schema!.Classes, record.Data.ClassNames);
        Assert.Equal(JsonSerializer.Serialize(record.Data with { Schema = data.Schema, ClassNames = null }, ExperimentJson.Indented) + "\n",
            File.ReadAllText(Path.Combine(folder, "data.json")));
        Assert.Equal(SpecWriter.Write(record.Spec), File.ReadAllText(Path.Combine(folder, "spec.json")));
    }

    [Fact]
    public void MetricsAreTheRecordsInTheOrderTheyWereMade()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec);
        foreach (var run in record.Runs)
        {
            var lines = File.ReadLines(TinyExperiment.RunPath(folder, $"{run.Rule}-1", "metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();

            Assert.Equal(run.Curve, lines.Where(line => (string?)line["kind"] == "curve").Select(line => line.Deserialize<CurveRecord>(ExperimentJson.Line)));
            Assert.Equal(run.Alignment, lines.Where(line => (string?)line["kind"] == "alignment").Select(line => line.Deserialize<AlignmentRecord>(ExperimentJson.Line)));
            Assert.Equal(run.Curve.Count + run.Alignment.Count, lines.Count);
            Assert.Equal([0, 60, 120], run.Curve.Select(point => point.Examples));
            Assert.Equal(lines.Select(line => (long)line["examples"]!).Order(), lines.Select(line => (long)line["examples"]!));
        }
    }

    [Fact]
    public void TablesHoldTheSameNumbers()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec);
        foreach (var run in record.Runs)
        {
            Assert.Equal(run.Curve, Table<CurveRecord>(TinyExperiment.RunPath(folder, $"{run.Rule}-1", "curve.csv")));
            Assert.Equal(run.Alignment, Table<AlignmentRecord>(TinyExperiment.RunPath(folder, $"{run.Rule}-1", "alignment.csv")));
        }
    }

    [Fact]
    public void InstrumentsThatAreOffWriteNothing()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["backpropagation"], Training = TinyExperiment.Spec.Training with { MeasureEvery = 0 } });

        Assert.Empty(record.Runs[0].Alignment);
        Assert.Empty(record.Runs[0].AlignmentAngles);
        Assert.Single(File.ReadAllLines(TinyExperiment.RunPath(folder, "backpropagation-1", "alignment.csv")));
        Assert.Equal(3, File.ReadAllLines(TinyExperiment.RunPath(folder, "backpropagation-1", "metrics.jsonl")).Length);
    }

    [Theory]
    [InlineData("backpropagation", "")]
    [InlineData("feedback-alignment", "feedback.output-hidden2.npy 10x6, feedback.hidden2-hidden1.npy 6x8")]
    [InlineData("direct-feedback-alignment", "feedback.output-hidden1.npy 10x8, feedback.output-hidden2.npy 10x6")]
    [InlineData("shallow", "")]
    public void WeightsAreSavedWithTheirFeedback(string rule, string feedback)
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = [rule], Network = new() { Layers = "784-8-6-10" } });

        var arrays = TinyExperiment.Weights(folder, $"{rule}-1").Select(array => $"{array.Key} {array.Value.Rows}x{array.Value.Columns}");
        Assert.Equal(
            new[]
            {
                "hidden1.weights.npy 8x784", "hidden1.biases.npy 1x8", "hidden2.weights.npy 6x8", "hidden2.biases.npy 1x6", "output.weights.npy 10x6", "output.biases.npy 1x10",
                "optimizer.steps.npy 1x1",
            }.Concat(Memory("hidden1", "8x784", "1x8")).Concat(Memory("hidden2", "6x8", "1x6")).Concat(Memory("output", "10x6", "1x10")).Concat(feedback.Split(", ", StringSplitOptions.RemoveEmptyEntries)).Order(StringComparer.Ordinal),
            arrays.Order(StringComparer.Ordinal));

        // Nothing has moved the hidden layers under the shallow rule, and so nothing is remembered: zeros.
        static string[] Memory(string layer, string weights, string biases)
            => [$"optimizer.{layer}.weights.momentum_buffer.npy {weights}", $"optimizer.{layer}.biases.momentum_buffer.npy {biases}"];
    }

    [Fact]
    public void ArraysAreAsNumPyWritesThem()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["backpropagation"] });

        using var archive = ZipFile.OpenRead(TinyExperiment.RunPath(folder, "backpropagation-1", "weights.npz"));
        using var stream = archive.GetEntry("output.weights.npy")!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var array = bytes.ToArray();
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], array[..8]);
        var header = array[8] + (256 * array[9]);
        Assert.Equal(0, (10 + header) % 64);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (10, 8), }", Encoding.ASCII.GetString(array, 10, header).TrimEnd());
        Assert.Equal((byte)'\n', array[10 + header - 1]);
        Assert.Equal(10 + header + (10 * 8 * 4), array.Length);
    }

    private static List<T> Table<T>(string path)
    {
        using var table = new CsvHelper.CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
        return [.. table.GetRecords<T>()];
    }
}
