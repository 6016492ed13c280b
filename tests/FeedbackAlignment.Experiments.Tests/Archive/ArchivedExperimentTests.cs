using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Archive;

public sealed class ArchivedExperimentTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void AnExperimentThatWasKilledReadsAsItsFinishedRuns()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow", "backpropagation"], Seeds = [2, 1] });
        File.Delete(Path.Combine(folder, "results.json"));
        File.Delete(TinyExperiment.RunPath(folder, "backpropagation-2", "run.json"));

        var read = ArchivedExperiment.Read(folder, RuleCatalog.Standard);
        Assert.Equal(["shallow-1", "shallow-2", "backpropagation-1"], read.Runs.Select(run => $"{run.Rule}-{run.Seed}"));
        Assert.Equal(Outcomes(record, run => run is not { Rule: "backpropagation", Seed: 2 }), Outcomes(read, _ => true));
        Assert.Equal(JsonSerializer.Serialize(record.Data), JsonSerializer.Serialize(read.Data));
        Assert.Equal(record.Environment, read.Environment);
    }

    /// <summary>Charts name the loss, and drawings the layers: a record without them is not one that a command has written.</summary>
    [Theory]
    [InlineData("results.json")]
    [InlineData("spec.json")]
    public void ARecordWhoseSpecIsNotCompleteIsRefused(string file)
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        var results = Path.Combine(folder, "results.json");
        if (file == "spec.json")
        {
            File.Delete(results);
            File.Delete(TinyExperiment.RunPath(folder, "shallow-1", "run.json"));
            File.WriteAllText(Path.Combine(folder, file), """{ "a": null }""");
        }
        else
        {
            var record = JsonNode.Parse(File.ReadAllText(results))!;
            record["spec"] = new JsonObject { ["a"] = null };
            File.WriteAllText(results, record.ToJsonString());
        }

        var refusal = Assert.Throws<FolderException>(() => ArchivedExperiment.Read(folder, RuleCatalog.Standard)).Message;
        Assert.EndsWith("not complete; a recorded spec has network.layers and loss", refusal, StringComparison.Ordinal);
    }

    /// <summary>Specs refuse that; a record may be damaged.</summary>
    [Fact]
    public void ARecordThatNamesARuleTwiceIsReadAsIfOnce()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow", "backpropagation"] });
        File.Delete(Path.Combine(folder, "results.json"));
        foreach (var run in (string[])["shallow-1", "backpropagation-1"])
        {
            var path = TinyExperiment.RunPath(folder, run, "run.json");
            var record = JsonNode.Parse(File.ReadAllText(path))!;
            record["spec"]!["rules"] = new JsonArray("backpropagation", "shallow", "backpropagation");
            File.WriteAllText(path, record.ToJsonString());
        }

        Assert.Equal(["backpropagation", "shallow"], ArchivedExperiment.Read(folder, RuleCatalog.Standard).Runs.Select(run => run.Rule));
    }

    [Fact]
    public void ARunReadsAsAnExperimentOfItsOwn()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow", "backpropagation"], Seeds = [1, 2] });
        var read = ArchivedExperiment.Read(Path.Combine(folder, "runs", "backpropagation-2"), RuleCatalog.Standard);
        Assert.Equal(Outcomes(record, run => run is { Rule: "backpropagation", Seed: 2 }), Outcomes(read, _ => true));
        Assert.Equal(["backpropagation"], read.Spec.Rules);
        Assert.Equal([2ul], read.Spec.Seeds);
        Assert.Equal(record.Spec.Network.Layers, read.Spec.Network.Layers);
    }

    [Fact]
    public void WhatHasNotEndedAndWhatIsNoRunIsRefusedWithTheReason()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        File.Delete(Path.Combine(folder, "results.json"));
        File.Delete(TinyExperiment.RunPath(folder, "shallow-1", "run.json"));
        Assert.Contains("has not ended", Message(Path.Combine(folder, "runs", "shallow-1")), StringComparison.Ordinal);
        Assert.Contains("no run of this experiment has ended", Message(folder), StringComparison.Ordinal);
        Assert.Contains("fa compare", Message(Path.Combine(folder, "runs")), StringComparison.Ordinal);

        static string Message(string path)
            => Assert.Throws<FolderException>(() => ArchivedExperiment.Read(path, RuleCatalog.Standard)).Message;
    }

    [Fact]
    public void ADifferenceNamesEverySettingThatDiffersAndNoOther()
    {
        var one = TinyExperiment.Spec with { RuleSettings = new Dictionary<string, Experiments.Specs.RuleSettings> { ["shallow"] = new() { LearningRate = 0.5f } } };
        var other = TinyExperiment.Spec with { Seeds = [1, 2], Network = TinyExperiment.Spec.Network with { Activation = "relu" } };
        Assert.Equal(
            [
                new("seeds", "[1]", "[1,2]"),
                new("network.activation", "\"tanh\"", "\"relu\""),
                new("ruleSettings.shallow.learningRate", "0.5", null),
                new("ruleSettings.shallow.feedbackScale", "null", null),
                new("ruleSettings.shallow.feedbackLearningRateFactor", "null", null),
                new("ruleSettings.shallow.options", "{}", null),
                new("ruleSettings", null, "{}"),
            ],
            SpecDifference.Between(one, other));
        Assert.Empty(SpecDifference.Between(one, one with { }));
    }

    [Fact]
    public void RunsOfTheSameSpecAreTheSameAndOthersAreNot()
    {
        var spec = TinyExperiment.Spec with { Rules = ["shallow", "backpropagation"] };
        var (one, _) = _experiments.Run(spec);
        var (two, folder) = _experiments.Run(spec with { Seeds = [1, 2] });
        var (hotter, _) = _experiments.Run(spec with { Optimizer = new() { LearningRate = 0.2f } });

        var same = ExperimentDifference.Between(one, two);
        Assert.Equal("seeds", Assert.Single(same.Settings).Path);
        Assert.Empty(same.Surroundings);
        Assert.Equal(2, same.Results.Count);
        Assert.All(same.Results, run => Assert.True(run.SameResults));
        Assert.Empty(same.OnlyFirst);
        Assert.Equal(["shallow-2", "backpropagation-2"], same.OnlySecond);
        Assert.All(ExperimentDifference.Between(one, hotter).Results, run => Assert.False(run.SameResults));

        ExperimentRecord Alone(string run) => ArchivedExperiment.Read(Path.Combine(folder, "runs", run), RuleCatalog.Standard);
        var pair = Assert.Single(ExperimentDifference.Between(Alone("shallow-1"), Alone("backpropagation-2")).Results);
        Assert.Equal(("shallow", "backpropagation", false), (pair.First.Rule, pair.Second.Rule, pair.SameResults));
    }

    private static IEnumerable<string> Outcomes(ExperimentRecord record, Func<RunRecord, bool> which) => record.Runs.Where(which).OrderBy(run => run.Rule).ThenBy(run => run.Seed).Select(TinyExperiment.Outcome);
}
