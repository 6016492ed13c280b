using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Tests.Specs;

namespace FeedbackAlignment.Experiments.Tests;

public sealed class ExperimentJsonTests
{
    private static readonly ExperimentRecord _record = new()
    {
        Runs =
        [
            new()
            {
                Rule = "feedback-alignment",
                Seed = ulong.MaxValue,
                Status = RunStatus.Completed,
                Epochs = 1 / 3.0,
                Examples = 1_800_000,
                TrainLoss = 0.1,
                ValidationError = 0.02,
                TestError = 0.021,
                KeptAtExamples = 5,
                Seconds = 1.5,
                AlignmentAngles = new Dictionary<string, IReadOnlyList<AngleRecord>> { ["hidden1"] = [new(0, 90.1), new(100, null)] },
                Curve = [new(0, 0, null, 2.3, 0.9, 0.1)],
                Alignment = [new() { Examples = 0, Layer = "output", GradientAngle = 0 }],
            },
            new() { Rule = "shallow", Seed = 1, Status = RunStatus.Diverged, Reason = "the loss became infinite", TrainLoss = double.PositiveInfinity },
            new() { Rule = "shallow", Seed = 2, Status = RunStatus.Cancelled },
        ],
        Environment = new()
        {
            Version = "0.1.0",
            Runtime = ".NET 10",
            System = "Linux",
            Architecture = "X64",
            Processors = 2,
            VectorBits = 512,
            Started = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero),
        },
        Spec = TestSpecs.Unusual,
        Data = new() { Description = "digits drawn from seed 1", Train = 1, Validation = 2, Test = 3, Inputs = 784, Outputs = 10, Classification = true },
    };

    [Fact]
    public void ARecordRoundTrips()
    {
        var text = JsonSerializer.Serialize(_record, ExperimentJson.Indented);
        var read = JsonSerializer.Deserialize<ExperimentRecord>(text, ExperimentJson.Indented)!;
        Assert.Equal(text, JsonSerializer.Serialize(read, ExperimentJson.Indented));
        Assert.Equivalent(_record.Runs[0], read.Runs[0], strict: true);
        Assert.Equivalent(_record.Spec, read.Spec, strict: true);
        Assert.Equal(_record.Environment, read.Environment);
        Assert.Equal(_record.Data, read.Data);
    }

    [Theory]
    [InlineData("\"runs\": [", "\"runs\": [ null,")]
    [InlineData("\"curve\": [", "\"curve\": [ null,")]
    [InlineData("\"rules\": [", "\"rules\": [ null,")]
    [InlineData("\"hidden1\": [", "\"hidden2\": null, \"hidden1\": [")]
    [InlineData("\"hidden1\": [", "\"hidden1\": [ null,")]
    [InlineData("\"examples\": 1800000", "\"examples\": -1")]
    [InlineData("\"processors\": 2", "\"processors\": -1")]
    [InlineData("\"test\": 3", "\"test\": -1")]
    public void ARecordWithAHoleOrACountBelow0IsRefused(string right, string wrong)
    {
        var text = JsonSerializer.Serialize(_record, ExperimentJson.Indented);
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ExperimentRecord>(
            text.Replace(right, wrong, StringComparison.Ordinal), ExperimentJson.Indented));
    }

    [Fact]
    public void ResultsHaveTheNamesThatScriptsReadThemBy()
    {
        var results = JsonSerializer.SerializeToNode(_record, ExperimentJson.Indented)!;
        var run = results["runs"]![0]!;
        Assert.Equal(["runs", "environment", "spec", "data", "rules", "examples"], results.AsObject().Select(pair => pair.Key));
        Assert.Equal("feedback-alignment", (string?)run["rule"]);
        Assert.Equal(ulong.MaxValue, (ulong?)run["seed"]);
        Assert.Equal(["completed", "diverged", "cancelled"], results["runs"]!.AsArray().Select(each => (string?)each!["status"]));
        Assert.Equal(1_800_000, (long?)run["examples"]);
        Assert.All(["epochs", "trainLoss", "validationError", "testError", "seconds"], name => Assert.NotNull(run[name]));
        Assert.Equal("""[{"examples":0,"degrees":90.1},{"examples":100,"degrees":null}]""", run["alignmentAngles"]!["hidden1"]!.ToJsonString());
        Assert.Equal("3-4-2", (string?)results["spec"]!["network"]!["layers"]);
    }

    [Fact]
    public void NumbersThatJsonHasNoWordForBecomeNull()
    {
        var line = JsonSerializer.Serialize(new CurveRecord(1, 1, double.NaN, double.PositiveInfinity, 0.5, double.NegativeInfinity), ExperimentJson.Line);
        Assert.Equal("""{"examples":1,"epoch":1,"trainLoss":null,"validationLoss":null,"validationError":0.5,"learningRate":null}""", line);
        var read = JsonSerializer.Deserialize<CurveRecord>(line, ExperimentJson.Line)!;
        Assert.Null(read.TrainLoss);
        Assert.Null(read.ValidationLoss);
        Assert.Equal(double.NaN, read.LearningRate);
    }

    [Fact]
    public void RecordsOfALaterVersionAreRead()
    {
        var later = JsonSerializer.SerializeToNode(_record, ExperimentJson.Indented)!;
        later["runs"]![0]!["somethingNew"] = new JsonObject();
        Assert.Equal(3, later.Deserialize<ExperimentRecord>(ExperimentJson.Indented)!.Runs.Count);
    }

    [Fact]
    public void ARecordWithoutWhatIsRequiredIsRefused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ExperimentRecord>("""{"runs":[]}""", ExperimentJson.Indented));
}
