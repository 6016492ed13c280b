using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>What was trained under one spec does not go on, and is not shown, under another.</summary>
public sealed class RecordedSpecTests
{
    private static readonly string[] _free = ["name", "training.threads"];

    /// <summary>Every key that a spec can have, each with another value than it has; the checkpoint alone knows the old one.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStoppedRunIsGoneOnWithUnderEveryKeyOfItsSpecButTheFreeOnes(bool phased)
    {
        using var experiment = new StoppedExperiment(phased ? Phased : StoppedExperiment.Spec);
        var complete = experiment.Run(stopAfter: 50).Spec;
        File.Delete(Path.Combine(experiment.Folder, "results.json"));
        File.Delete(Path.Combine(experiment.Folder, "resume.json"));
        File.Delete(experiment.RunPath("run.json"));
        var folder = ExperimentFolder.Open(experiment.Folder);
        folder.RequireSpec(complete, Components.Standard, Unexpected);

        List<string> refused = [];
        foreach (var (path, change) in Changes(SpecContract.Root, ""))
        {
            var json = JsonSerializer.SerializeToNode(complete, ExperimentJson.Line)!.AsObject();
            change(json);
            var other = json.Deserialize<ExperimentSpec>(ExperimentJson.Line)!;
            if (_free.Contains(path))
            {
                folder.RequireSpec(other, Components.Standard, Unexpected);
            }
            else
            {
                refused.Add(path);
                var message = Assert.Throws<FolderException>(() => folder.RequireSpec(other, Components.Standard, Unexpected)).Message;
                Assert.StartsWith($"{experiment.Folder}: was begun under another spec: {path}", message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', message);
            }
        }

        Assert.ProperSubset(
            refused.ToHashSet(),
            new HashSet<string> { "rules", "seeds", "data.source", "network.activation", "loss", "feedback.seed", "optimizer.learningRate", "optimizer.schedule.warmUpExamples", "training.phases", "ruleSettings", "tuning" });
    }

    [Fact]
    public void AllKeysThatDifferAreNamedAtOnceWithBothValues()
    {
        using var experiment = new StoppedExperiment(Phased);
        var spec = experiment.Run(stopAfter: 50).Spec;
        var phases = spec.Training.Phases!.ToArray();
        phases[1] = phases[1] with { RedrawFeedback = false };
        Assert.Equal(
            $"{experiment.Folder}: was begun under another spec: feedback.seed was null, is now 7; optimizer.learningRate was 0.001, is now 0.5; training.phases[1].redrawFeedback was true, is now false; "
            + "restore the old values to continue, or start a new run from the weights of a run with `fa train --from RUN`",
            Assert.Throws<FolderException>(() => ExperimentFolder.Open(experiment.Folder).RequireSpec(
                spec with
                {
                    Feedback = spec.Feedback with { Seed = 7 },
                    Optimizer = spec.Optimizer with { LearningRate = 0.5f },
                    Training = spec.Training with { Phases = phases },
                }, Components.Standard,
                Unexpected)).Message);
    }

    /// <summary>Whatever of the folder's files still has the spec, an edit of spec.json is noticed before anything is trained.</summary>
    [Theory]
    [InlineData("checkpoint.state")]
    [InlineData("run.json")]
    [InlineData("results.json")]
    [InlineData("resume.json")]
    public void OneFileThatHasTheSpecIsEnough(string left)
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(stopAfter: 50, every: null);
        foreach (var file in (string[])[experiment.RunPath("checkpoint.state"), experiment.RunPath("run.json"), Path.Combine(experiment.Folder, "results.json"), Path.Combine(experiment.Folder, "resume.json")])
        {
            if (Path.GetFileName(file) != left)
            {
                File.Delete(file);
            }
        }

        var spec = Edit(experiment.Folder, spec => spec with { Optimizer = spec.Optimizer with { Rho = 0.5f } });
        Assert.Contains("optimizer.rho was 0.99, is now 0.5",
            Assert.Throws<FolderException>(() =>
            ExperimentFolder.Open(experiment.Folder).RequireSpec(spec, Components.Standard, Unexpected)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ANewNameAndOtherThreadsGoOnToTheSameBytesAndAreWrittenDown()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: "whole");
        experiment.Run(stopAfter: 50);
        var spec = Edit(experiment.Folder, spec => spec with { Name = "another", Training = spec.Training with { Threads = 2 } });
        var own = TinyExperiment.Load(spec);
        var record = new ExperimentRunner(spec, own.Split, own.Record, ExperimentFolder.Open(experiment.Folder), Components.Standard,
            TimeProvider.System).Run(new Nobody(), default);
        Assert.Equal("another", record.Spec.Name);
        Assert.Equal(experiment.Left("whole"), experiment.Left());
    }

    /// <summary>Version 0.1 wrote no spec into checkpoints, records and resume.json.</summary>
    [Fact]
    public void WithoutASpecToCompareARunGoesOnAndTheUserIsTold()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: "whole");
        experiment.Run(stopAfter: 50, every: null);
        MakeOld(experiment);
        experiment.Run();
        Assert.Equal(
            $"{experiment.Folder}: was begun by an earlier version, whose checkpoints do not contain the spec; whether spec.json is "
            + "still the same cannot be checked", Assert.Single(experiment.Notices));
        experiment.AssertSameAs("whole");
    }

    /// <summary>Where nothing else has the spec, spec.json itself is what another spec is held against.</summary>
    [Fact]
    public void AnOldRunIsNotGoneOnWithUnderASpecFromElsewhere()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        var spec = experiment.Run(stopAfter: 50, every: null).Spec;
        MakeOld(experiment);

        var other = spec with { Optimizer = spec.Optimizer with { LearningRate = 0.5f } };
        var refusal = Assert.Throws<FolderException>(() =>
            ExperimentFolder.Open(experiment.Folder).RequireSpec(other, Components.Standard, _ => { }));
        Assert.Contains("optimizer.learningRate was", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScheduleIds.Cosine, true)]
    [InlineData(ScheduleIds.Exponential, true)]
    [InlineData(ScheduleIds.Constant, false)]
    public void AnOldRunWithAWarmUpIsRefusedWhereItsCourseWasAnother(string schedule, bool refused)
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec with { Optimizer = new() { Schedule = new() { Kind = schedule, WarmUpExamples = 30 } } });
        experiment.Run(stopAfter: 50, every: null);
        MakeOld(experiment);
        if (refused)
        {
            Assert.Equal(
                $"{Path.GetDirectoryName(experiment.RunPath("run.json"))}: was begun by an earlier version, in which {schedule} began "
                    + "during the warm-up and not after it; finish it with that version, or start again in another folder",
                Assert.Throws<FolderException>(() => experiment.Run()).Message);
        }
        else
        {
            experiment.Run();
        }
    }

    [Fact]
    public void FinishedRunsAreReadUnderTheSpecThatTheyRanUnderAndTheUserIsTold()
    {
        using var experiments = new TinyExperiment();
        var (record, folder) = experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment"] });
        Edit(folder, spec => spec with { Network = spec.Network with { Activation = Activation.Relu.Id } });
        var run = TinyExperiment.RunPath(folder, "feedback-alignment-1", "");
        const string Change = "network.activation was \"tanh\", is now \"relu\"";
        foreach (var results in (bool[])[true, false])
        {
            AssertTold(notice => Assert.Equal(Activation.Tanh.Id,
                ArchivedExperiment.Read(folder, RuleCatalog.Standard, notice).Spec.Network.Activation));
            AssertTold(notice => Assert.Equal(Activation.Tanh.Id,
                ArchivedExperiment.Read(run, RuleCatalog.Standard, notice).Spec.Network.Activation));
            AssertTold(notice => Assert.Equal("tanh", FinishedRun.Open(run, Components.Standard, notice).Network.Layers[0].Activation.Id));
            AssertTold(notice => Assert.Equal("tanh",
                StoredModel.Open(run, Components.Standard, notice: notice).Network.Layers[0].Activation.Id));
            Assert.Equal(["network.activation"], Assert.Single(RunArchive.Find(folder)).ChangedKeys);
            Assert.EndsWith("spec.json, after these are put back in it: network.activation \"tanh\"", ArchivedExperiment.Again(folder, record.Spec), StringComparison.Ordinal);
            Assert.Contains(Change,
                Assert.Throws<FolderException>(() =>
                ExperimentFolder.Open(folder).RequireSpec(Edit(folder, spec => spec), Components.Standard, Unexpected)).Message,
                StringComparison.Ordinal);
            File.Delete(Path.Combine(folder, "results.json"));
        }

        Edit(folder, _ => record.Spec);
        Assert.Equal(["feedback-alignment"], ArchivedExperiment.Read(folder, RuleCatalog.Standard, Unexpected).Spec.Rules);
        FinishedRun.Open(run, Components.Standard, Unexpected);
        Assert.Empty(Assert.Single(RunArchive.Find(folder)).ChangedKeys);
        Assert.EndsWith("spec.json", ArchivedExperiment.Again(folder, record.Spec), StringComparison.Ordinal);

        void AssertTold(Action<Action<string>> read)
        {
            List<string> told = [];
            read(told.Add);
            Assert.Equal($"{Path.Combine(folder, "spec.json")} was changed after the training: {Change}. What follows is about the old value", Path.GetFullPath(Assert.Single(told)));
        }
    }

    [Fact]
    public void RunsOfDifferentSpecsAreNotOneExperiment()
    {
        using var experiments = new TinyExperiment();
        var (_, folder) = experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment", "shallow"] });
        var (_, other) = experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment", "shallow"], Training = TinyExperiment.Spec.Training with { BatchSize = 15 } });
        File.Delete(Path.Combine(folder, "results.json"));
        File.Copy(TinyExperiment.RunPath(other, "shallow-1", "run.json"), TinyExperiment.RunPath(folder, "shallow-1", "run.json"), overwrite: true);
        Assert.Contains("shallow-1: was not trained under the same spec as ",
            Assert.Throws<FolderException>(() => ArchivedExperiment.Read(folder, RuleCatalog.Standard)).Message, StringComparison.Ordinal);
    }

    private static ExperimentSpec Phased => StoppedExperiment.Spec with
    {
        Training = StoppedExperiment.Spec.Training with { Epochs = null, Phases = [new() { Examples = 60 }, new() { Examples = 60, RedrawFeedback = true }] },
    };

    private static void Unexpected(string notice) => Assert.Fail(notice);

    private static ExperimentSpec Edit(string folder, Func<ExperimentSpec, ExperimentSpec> change)
    {
        var file = Path.Combine(folder, "spec.json");
        var spec = change(SpecReader.Read(File.ReadAllText(file), Components.Standard));
        File.WriteAllText(file, SpecWriter.Write(spec));
        return spec;
    }

    /// <summary>Makes of a stopped experiment what version 0.1 left when its results were forgotten.</summary>
    private static void MakeOld(StoppedExperiment experiment)
    {
        File.Delete(Path.Combine(experiment.Folder, "results.json"));
        foreach (var file in (string[])[Path.Combine(experiment.Folder, "resume.json"), experiment.RunPath("run.json")])
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            Assert.True(json.Remove("spec"));
            File.WriteAllText(file, json.ToJsonString());
        }

        OldCheckpoint.RemoveSpec(experiment.RunPath("checkpoint.state"));
    }

    /// <summary>For every key the change of its value to another one of the same type. Dictionaries and lists change as a whole.</summary>
    private static IEnumerable<(string Path, Action<JsonObject> Change)> Changes(JsonTypeInfo type, string path)
    {
        foreach (var property in type.Properties)
        {
            var here = SpecContract.Join(path, property.Name);
            if (SpecContract.Of(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } section
                && property.Name is not ("spiking" or "tuning" or "study"))
            {
                foreach (var inner in Changes(section, here))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return (here, spec =>
                {
                    var steps = here.Split('.');
                    var parent = steps[..^1].Aggregate(spec, (json, step) => json[step]!.AsObject());
                    parent[steps[^1]] = Another(property.PropertyType, parent[steps[^1]]);
                }
                );
            }
        }
    }

    private static JsonNode? Another(Type type, JsonNode? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? !(value?.GetValue<bool>() ?? false)
            : type == typeof(string) ? $"{value} another"
            : type == typeof(float) || type == typeof(double) ? (value is null ? 0.25 : value.GetValue<double>() + 0.25)
            : type.IsPrimitive ? (value is null ? 3 : value.GetValue<long>() + 1)
            : type == typeof(StudySpec) ? new JsonObject { ["grid"] = new JsonObject { ["loss"] = new JsonArray("squared-error") } }
            : SpecContract.Of(type).Kind == JsonTypeInfoKind.Object ? JsonSerializer.SerializeToNode(SpecContract.Of(type).CreateObject!(), type, ExperimentJson.Line)
            : SpecContract.Of(type).Kind == JsonTypeInfoKind.Dictionary ? new JsonObject { ["hidden1"] = Entry(SpecContract.Of(SpecContract.Of(type).ElementType!)) }
            : value is JsonArray { Count: > 0 } list ? new JsonArray([.. list.Skip(1).Select(item => item!.DeepClone())])
            : SpecContract.Of(type).ElementType == typeof(PhaseSpec) ? new JsonArray(new JsonObject { ["examples"] = 5 })
            : SpecContract.Of(type).ElementType == typeof(string) ? new JsonArray("a column")
            : new JsonArray(1);
    }

    /// <summary>An entry of a dictionary that says something.</summary>
    private static JsonNode Entry(JsonTypeInfo type)
    {
        if (type.Type == typeof(double))
        {
            return JsonValue.Create(0.25);
        }

        var entry = JsonSerializer.SerializeToNode(type.CreateObject!(), ExperimentJson.Line)!.AsObject();
        var property = type.Properties[0];
        entry[property.Name] = Another(property.PropertyType, entry[property.Name]);
        return entry;
    }

    private sealed class Nobody : ExperimentObserver;
}
