using System.Text.Json.Nodes;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Tests.Exchange;

public sealed class RunExportTests : IDisposable
{
    private static readonly ExperimentSpec _direct = TinyExperiment.Spec with
    {
        Rules = ["direct-feedback-alignment"],
        Network = new() { Layers = "784-8-6-10" },
        Optimizer = new() { Kind = "adam" },
    };

    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void SafetensorsHoldWhatTheRunKept()
    {
        var (record, folder) = _experiments.Run(_direct);
        var file = RunExport.ToSafetensors(Open(folder));
        var weights = TinyExperiment.Weights(folder, "direct-feedback-alignment-1");

        // All arrays go over, under the same names.
        Assert.Equal(weights.Keys.Order(), file.Tensors.Select(tensor => $"{tensor.Name}.npy").Order());
        Assert.All(file.Tensors, tensor => Assert.Equal(Numbers(weights[$"{tensor.Name}.npy"]), Numbers(tensor.Values)));
        Assert.Equal(9 + 12, file.Tensors.Count);
        Assert.Equal([8], file.Find("optimizer.hidden1.biases.exp_avg")!.Shape);
        Assert.Equal([10, 8], file.Find("feedback.output-hidden1")!.Shape);
        Assert.Equal([], file.Find("optimizer.steps")!.Shape);
        Assert.Equal(8, file.Find("optimizer.steps")!.Values[0, 0]);
        Assert.NotEqual(0, file.Find("optimizer.output.weights.exp_avg")!.Values[0, 0]);
        Assert.Equal("tanh,tanh,linear", file.Metadata[NetworkFile.ActivationsKey]);
        Assert.Equal("784-8-6-10", file.Metadata["layers"]);
        Assert.Equal("direct-feedback-alignment", file.Metadata["rule"]);
        Assert.Equal("softmax-cross-entropy", file.Metadata["loss"]);
        Assert.Equal(SpecWriter.Write(record.Spec), file.Metadata["spec"]);
    }

    /// <summary>The names that version 0.1 wrote, which PyTorch wants.</summary>
    [Fact]
    public void SafetensorsCanHaveTheNamesOfPyTorch()
    {
        var (_, folder) = _experiments.Run(_direct);
        var run = Open(folder);
        var (own, theirs) = (RunExport.ToSafetensors(run), RunExport.ToSafetensors(run).WithPyTorchNames(run.Network));
        var names = new Dictionary<string, string>
        {
            ["0.weight"] = "hidden1.weights",
            ["0.bias"] = "hidden1.biases",
            ["2.weight"] = "hidden2.weights",
            ["2.bias"] = "hidden2.biases",
            ["4.weight"] = "output.weights",
            ["4.bias"] = "output.biases",
            ["feedback.4-0"] = "feedback.output-hidden1",
            ["feedback.4-2"] = "feedback.output-hidden2",
            ["optimizer.steps"] = "optimizer.steps",
            ["optimizer.0.weight.exp_avg"] = "optimizer.hidden1.weights.exp_avg",
            ["optimizer.4.bias.exp_avg_sq"] = "optimizer.output.biases.exp_avg_sq",
        };
        Assert.All(names, name => Assert.Equal(Numbers(own.Find(name.Value)!.Values), Numbers(theirs.Find(name.Key)!.Values)));
    }

    [Fact]
    public void TheFileIsANetworkThatDoesAsWellAsTheRecordSays()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment"] });
        using var stream = new MemoryStream();
        RunExport.ToSafetensors(Open(folder)).Write(stream);
        stream.Position = 0;
        var network = Network.Load(stream, "m.safetensors");

        var test = new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(TinyExperiment.Load(record.Spec).Split.Test);
        Assert.Equal(record.Runs[0].TestError, test.Error);
    }

    /// <summary>A rule's own parameters are no feedback and no weights of the network; without them the run could not go on.</summary>
    [Fact]
    public void WhatARuleHasLearnedItselfIsSavedToo()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        var path = Path.GetDirectoryName(TinyExperiment.RunPath(folder, "shallow-1", "run.json"))!;
        var run = FinishedRun.Open(path, Components.Standard);
        var rule = new RuleWithMemory(new RuleSetup(run.Network, run.Loss, 4, new RandomStreams(1)));
        rule.Parameters[0].Read()[1, 2] = 7;
        rule.Parameters[1].Read()[0, 1] = 8;
        new RunFolder(Place.OfRun(path)).WriteEnd(run.Record, run.Spec, rule, new Sgd(rule.LearnedParameters, momentum: 0.5f));

        Assert.Equal(7, TinyExperiment.Weights(folder, "shallow-1")["rule.mirror.weights.npy"][1, 2]);
        var file = RunExport.ToSafetensors(FinishedRun.Open(path, Components.Standard));
        Assert.Equal(7, file.Find("rule.mirror.weights")!.Values[1, 2]);
        Assert.Equal([2], file.Find("rule.mirror.biases")!.Shape);
        Assert.Equal([2, 3], file.Find("optimizer.rule.mirror.weights.momentum_buffer")!.Shape);
    }

    [Fact]
    public void EventsAreTheRecordedMetrics()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment"] });
        using var stream = new MemoryStream();
        RunExport.WriteEvents(Open(folder), stream);
        var events = EventFile.Read(stream.ToArray());
        var run = record.Runs[0];

        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(run.Curve.Select(point => (point.Examples, (float)point.ValidationError!.Value)), Points("error/validation"));
        Assert.Equal(run.Curve.Where(point => point.TrainLoss is not null).Select(point => (point.Examples, (float)point.TrainLoss!.Value)), Points("loss/train"));
        Assert.Equal(run.Curve.Select(point => (point.Examples, (float)point.LearningRate)), Points("learning-rate"));
        Assert.Equal([(run.KeptAtExamples, (float)run.TestError!.Value)], Points("error/test"));
        foreach (var layer in run.Alignment.GroupBy(reading => reading.Layer))
        {
            Assert.Equal(Known(reading => reading.ErrorAngle), Points($"error-angle/{layer.Key}"));
            Assert.Equal(Known(reading => reading.WeightAngle), Points($"weight-angle/{layer.Key}"));
            Assert.Equal(Known(reading => reading.GradientNormRatio), Points($"gradient-norm-ratio/{layer.Key}"));

            IEnumerable<(long, float)> Known(Func<AlignmentRecord, double?> number)
                => layer.Where(reading => number(reading) is not null).Select(reading => (reading.Examples, (float)number(reading)!.Value));
        }

        Assert.NotEmpty(Points("error-angle/hidden1"));
        Assert.Equal(events.Select(each => each.Time).Order(), events.Select(each => each.Time));
        Assert.InRange(events[^1].Time - events[0].Time, run.Seconds * 0.99, run.Seconds * 1.01);

        IEnumerable<(long, float)> Points(string tag) => events.Where(each => each.Tag == tag).Select(each => (each.Step, each.Value!.Value));
    }

    /// <summary>A run that diverged leaves an optimizer full of what is no number: its metrics are wanted all the more.</summary>
    [Theory]
    [InlineData(KeepIds.BestValidation, true)]
    [InlineData(KeepIds.Last, false)]
    public void ARunThatDivergedHasEventsAndSaysWhetherItsWeightsAreOfUse(string keep, bool finite)
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with
        {
            Rules = ["backpropagation"],
            Network = TinyExperiment.Spec.Network with { Activation = Activation.Relu.Id },
            Loss = "squared-error",
            Optimizer = new() { LearningRate = 1e38f, Momentum = 0.9f },
            Training = TinyExperiment.Spec.Training with { Keep = keep, MeasureEvery = 0 },
        });
        Assert.Equal(RunStatus.Diverged, record.Runs[0].Status);
        Assert.Contains(TinyExperiment.Weights(folder, "backpropagation-1", finite: false).Where(array => array.Key.StartsWith("optimizer.", StringComparison.Ordinal)), array => Numbers(array.Value).Any(number => !float.IsFinite(number)));

        var run = Open(folder);
        using var stream = new MemoryStream();
        RunExport.WriteEvents(run, stream);
        Assert.Contains(EventFile.Read(stream.ToArray()), each => each.Tag == "error/validation");
        Assert.NotEmpty(RunExport.ToSafetensors(run).Tensors);
        Assert.Equal(finite, run.HasFiniteWeights);
        if (finite)
        {
            StoredModel.Open(folder, Components.Standard);
        }
        else
        {
            Assert.StartsWith($"{folder}: the weights are not finite because the run diverged (the loss was ",
                Assert.Throws<FolderException>(() => StoredModel.Open(folder, Components.Standard)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RunsAreFoundInTheirExperiment()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec);
        var one = Path.Combine(folder, "runs", "shallow-1");

        Assert.Equal([one], RunSearch.All(one));
        Assert.Equal(4, RunSearch.All(folder).Count);
        Assert.Contains("there are 4 runs; name one of them: ", Assert.Throws<FolderException>(() => RunSearch.One(folder)).Message, StringComparison.Ordinal);
        Assert.Contains("no finished run", Assert.Throws<FolderException>(() => RunSearch.All(Path.Combine(folder, "nowhere"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights.npz", "", "not a whole archive")]
    [InlineData("weights.npz", "PK\u0005\u0006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "there is no hidden1.weights (8 × 784) in it")]
    [InlineData("run.json", "{", "not a file that `fa compare` or `fa train` writes")]
    [InlineData("../../spec.json", "{}", "not complete")]
    [InlineData("../../spec.json", """{ "loss": "none" }""", "spec.json: loss: must be one of")]
    [InlineData("../../environment.json", "null", "not a file that `fa compare` or `fa train` writes")]
    [InlineData("../../environment.json", null, "cannot be read")]
    public void WhatIsDamagedIsSaidInOneLine(string name, string? content, string problem)
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        var file = Path.Combine(folder, "runs", "shallow-1", name);
        File.Delete(file);
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        var trouble = Assert.ThrowsAny<Exception>(() => Open(folder));
        Assert.True(trouble is FolderException or DataFormatException, trouble.ToString());
        Assert.Contains(problem, trouble.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', trouble.Message);
    }

    /// <summary>Another run's record of its data, or one whose classes somebody deleted.</summary>
    [Fact]
    public void DataThatDoNotFitTheNetworkAreRefusedByTheNameOfTheirFile()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        var file = Path.Combine(folder, "data.json");
        var data = JsonNode.Parse(File.ReadAllText(file))!;
        (data["schema"] ??= new JsonObject())["classes"] = new JsonArray();
        File.WriteAllText(file, data.ToJsonString());
        var trouble = Assert.Throws<DataFormatException>(() => Open(folder).ToModel());
        Assert.EndsWith("data.json: there are 0 class names, must be 10, one for each output", trouble.Message, StringComparison.Ordinal);
    }

    private static FinishedRun Open(string folder) => FinishedRun.Open(RunSearch.One(folder), Components.Standard);

    private static float[] Numbers(Matrix values) => [.. Enumerable.Range(0, values.Rows).SelectMany(row => Enumerable.Range(0, values.Columns).Select(column => values[row, column]))];

    private sealed class RuleWithMemory(RuleSetup setup) : ErrorFeedbackRule(setup)
    {
        private readonly Parameter[] _own =
            [new("mirror.weights", ParameterKind.Weights, new Matrix(2, 3)), new("mirror.biases", ParameterKind.Biases, new Matrix(1, 2))];

        public override IReadOnlyList<Parameter> Parameters => _own;

        protected override void PropagateError(in Crossing at, Matrix below) => below.Fill(0);
    }
}
