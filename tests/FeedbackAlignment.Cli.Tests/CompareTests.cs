using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Cli.Tests;

public sealed partial class CompareTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void TheFinalTableIsAsApproved()
    {
        Assert.Equal(ExitCode.Done, _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("run")]));

        Assert.Empty(_fa.Error);
        Approved.Matches("tests/FeedbackAlignment.Cli.Tests/Approved/FinalTable.txt", Seconds().Replace(_fa.Output, " #.# s"));
        Assert.All(_fa.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void LinesTellHowFarItIs()
    {
        Assert.Equal(ExitCode.Done, _fa.Run([.. _fa.Tiny, "--out", _fa.Path("run")]));

        Assert.Contains("network  784-8-10 tanh, softmax-cross-entropy, sgd\n", _fa.Output);
        Assert.Contains("data     digits drawn from seed 1: 60 training, 100 validation, 100 test\n", _fa.Output);
        Assert.Equal(8, Line().Count(_fa.Output));
        Assert.Contains("  8/8  ", _fa.Output);
    }

    /// <summary>Kolen–Pollack without weight decay is no mistake, but hardly meant.</summary>
    [Fact]
    public void ARuleThatNeedsWeightDecayAndHasNoneIsNoted()
    {
        string[] asked = [.. _fa.Tiny, "--seeds", "1"];
        Assert.Equal(ExitCode.Done, _fa.Run([.. asked, "--rules", "kolen-pollack", "--out", _fa.Path("without")]));
        Assert.Contains("note     kolen-pollack without optimizer.weightDecay never forgets its initial feedback weights\n", _fa.Output);
        Assert.Equal(ExitCode.Done, _fa.Run([.. asked, "--rules", "kolen-pollack", "--weight-decay", "0.001", "--out", _fa.Path("with")]));
        Assert.DoesNotContain("note     ", _fa.Output);
        Assert.Equal(ExitCode.Done, _fa.Run([.. asked, "--rules", "feedback-alignment", "--out", _fa.Path("other")]));
        Assert.DoesNotContain("note     ", _fa.Output);
    }

    [Fact]
    public void QuietShowsResultsOnly()
    {
        Assert.Equal(ExitCode.Done, _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("run")]));

        Assert.StartsWith("rule ", _fa.Output);
        Assert.Equal(0, Line().Count(_fa.Output));
        Assert.EndsWith("report   TEMP/run/report.html\nresults  TEMP/run/results.json\n", _fa.Output);
        Assert.Contains("<svg", File.ReadAllText(_fa.Path("run/report.html")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void JsonIsAllThatStandardOutputGets(bool terminal)
    {
        using var fa = new Fa(terminal);
        Assert.Equal(ExitCode.Done, fa.Run([.. fa.Tiny, "--json", "--out", fa.Path("run")]));

        Assert.Equal(File.ReadAllText(fa.Path("run/results.json")), fa.Output);
        Assert.Equal(8, JsonNode.Parse(fa.Output)!["runs"]!.AsArray().Count);
        Assert.Contains(terminal ? "all 8 runs" : "  8/8  ", fa.Error);
        Assert.Equal(ExitCode.Done, fa.Run([.. fa.Tiny, "--json", "--quiet", "--out", fa.Path("again")]));
        Assert.Empty(fa.Error);
    }

    [Fact]
    public void RulesAllAreAllThatCanTeachTheNetwork()
    {
        Assert.Equal(ExitCode.Done, _fa.Run([.. _fa.Tiny, "--rules", "all", "--quiet", "--out", _fa.Path("run")]));

        Assert.Equal(
            Rules.RuleCatalog.Standard.Entries.Where(rule => !rule.NeedsConvolution).Select(rule => rule.Id),
            ExperimentFolder.Read(_fa.Path("run")).Spec.Rules);
    }

    [Fact]
    public void RulesAllLeavesOutWhatCannotTeachTheNetworkAndSaysSo()
    {
        string[] spiking = ["compare", "--spec", _fa.Write("spiking.json", """
            { "data": { "train": 4, "validation": 4, "test": 4 }, "seeds": [1], "loss": "logistic-cross-entropy", "training": { "examples": 4, "batchSize": 1, "measureEvery": 0 },
              "network": { "layers": "784-3-10", "activation": "logistic", "spiking": { "steps": 4, "settle": 1 } } }
            """), "--rules", "all", "--out", _fa.Path("run")];
        Assert.Equal(ExitCode.Done, _fa.Run(spiking));

        Assert.Contains("without  node-perturbation: ", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(Rules.RuleCatalog.Standard.Entries.Where(rule => !rule.NeedsAnswersAtOnce && !rule.NeedsConvolution)
            .Select(rule => rule.Id),
            ExperimentFolder.Read(_fa.Path("run")).Spec.Rules);
    }

    private const string Tuned = """
        { "data": { "train": 4, "validation": 4, "test": 4 }, "seeds": [1], "rules": ["backpropagation", "shallow", "pepita"],
          "training": { "batchSize": 2, "measureEvery": 0, "phases": [{ "examples": 4 }, { "examples": 4, "rule": "kolen-pollack" }] },
          "ruleSettings": { "backpropagation": { "learningRate": 0.1 }, "frozen": { "learningRate": 0.2 },
            "pepita": { "learningRate": 0.3 }, "kolen-pollack": { "learningRate": 0.4 } },
          "tuning": { "rules": { "backpropagation": { "space": { "learningRate": { "from": 0.1, "to": 1 } } } } },
          "network": { "layers": "784-3-10" } }
        """;

    [Fact]
    public void SettingsOfRulesThatAreLeftOutAreNotUsedAndANoteSaysSo()
    {
        string[] given = ["compare", "--spec", _fa.Write("tuned.json", Tuned), "--rules", "frozen", "--quiet", "--out", _fa.Path("run")];
        Assert.Equal(ExitCode.Done, _fa.Run(given));

        Assert.Equal(
            "fa: note: settings for backpropagation, pepita are not used, because --rules leaves them out", _fa.Error.TrimEnd());
        var spec = ExperimentFolder.Read(_fa.Path("run")).Spec;
        Assert.Equal(["shallow"], spec.Rules);
        Assert.Equal(["kolen-pollack", "shallow"], spec.RuleSettings.Keys.Order());
    }

    [Theory]
    [InlineData("pepita", "pepitta", "there is no rule \"pepitta\"")]
    [InlineData("\"pepita\"]", "\"feedback-alignment\"]", "ruleSettings.pepita: this rule is not among the rules of the spec;")]
    public void MistakesInTheFileStayMistakes(string right, string wrong, string message)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run(
            "train", _fa.Write("tuned.json", Tuned.Replace(right, wrong)), "--rules", "shallow", "--quiet", "--out", _fa.Path("run")));
        Assert.Contains(message, _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleForEveryHiddenLayerAndAnotherNameOfARuleAreTakenAsRules()
    {
        const string mixture = "direct-feedback-alignment+backpropagation";
        Assert.Equal(ExitCode.Done, _fa.Run([.. _fa.Tiny.Select(word => word == "784-8-10" ? "784-8-6-10" : word), "--rules", $"{mixture},frozen", "--quiet", "--out", _fa.Path("run")]));

        var record = ExperimentFolder.Read(_fa.Path("run"));
        Assert.Equal([mixture, "shallow"], record.Spec.Rules);
        Assert.Equal(["backpropagation", "shallow", mixture], record.Rules.Select(rule => rule.Id));
        Assert.True(Directory.Exists(_fa.Path($"run/runs/{mixture}-1")));
        Assert.Matches(@"(?m)^direct-feedback-alignment +\d", _fa.Output);
        Assert.Matches(@"(?m)^\+backpropagation *$", _fa.Output);
        Assert.All(_fa.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void OptionsAreInTheRecordedSpec()
    {
        _fa.Run(
            "compare", "--rules", "shallow", "--network", "784-5-10", "--activation", "relu", "--init", "he-normal", "--init-scale", "0.5", "--loss", "squared-error", "--data", "digits",
            "--train", "70", "--examples", "35", "--batch", "7", "--learning-rate", "0.03", "--optimizer", "rmsprop", "--weight-decay", "1e-3", "--schedule", "cosine", "--feedback", "uniform",
            "--feedback-scale", "0.2", "--seeds", "1", "--threads", "2", "--augment", "flip, crop 3",
            "--weight-decay-mode", "coupled", "--quiet", "--out", _fa.Path("run"));

        var spec = ExperimentFolder.Read(_fa.Path("run")).Spec;
        Assert.Equal(["shallow"], spec.Rules);
        Assert.Equal([1UL], spec.Seeds);
        Assert.Equal(("784-5-10", "relu", "he-normal", 0.5f), (spec.Network.Layers, spec.Network.Activation, spec.Network.Initialization.Scheme, spec.Network.Initialization.Scale));
        Assert.Equal(("squared-error", "digits", 70), (spec.Loss, spec.Data.Source, spec.Data.Train));
        Assert.Equal((35L, null, 7, (int?)2), (spec.Training.Examples, spec.Training.Epochs, spec.Training.BatchSize, spec.Training.Threads));
        Assert.Equal(("rmsprop", 0.03f, 0, 1e-3f, "cosine"),
            (spec.Optimizer.Kind, spec.Optimizer.LearningRate, spec.Optimizer.Momentum, spec.Optimizer.WeightDecay!.Value,
            spec.Optimizer.Schedule.Kind));
        Assert.Equal(("coupled", 3, true),
            (spec.Optimizer.WeightDecayMode, spec.Training.Augmentation.Crop, spec.Training.Augmentation.Flip));
        Assert.Equal(("uniform", 0.2f), (spec.Feedback.Scheme, spec.Feedback.Scale));
    }

    [Fact]
    public void NamingTheDefaultOptimizerChangesNothing()
    {
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--quiet", "--out", _fa.Path("one")]);
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--optimizer", "sgd", "--quiet", "--out", _fa.Path("two")]);

        Assert.Equal(File.ReadAllText(_fa.Path("one/spec.json")), File.ReadAllText(_fa.Path("two/spec.json")));
    }

    [Fact]
    public void AnOptionChangesOneValueAndNotItsSection()
    {
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--learning-rate", "0.02", "--quiet", "--out", _fa.Path("run")]);

        var spec = ExperimentFolder.Read(_fa.Path("run")).Spec;
        Assert.Equal((0.02f, 0.9f), (spec.Optimizer.LearningRate, spec.Optimizer.Momentum));
    }

    [Fact]
    public void OptionsWinOverTheSpecTheyStartFrom()
    {
        var file = _fa.Write("spec.json", """
            {
              // The rate and momentum of sgd are none for adam; the schedule stays.
              "optimizer": { "learningRate": 0.5, "momentum": 0.9, "schedule": { "kind": "cosine" } },
              "data": { "train": 60, "validation": 40, "test": 40 }, "network": { "layers": "784-8-10" }, "training": { "examples": 60 }, "rules": ["shallow"], "seeds": [4],
            }
            """);
        Assert.Equal(ExitCode.Done, _fa.Run("compare", "--spec", file, "--optimizer", "adam", "--epochs", "2", "--quiet", "--out", _fa.Path("run")));

        var spec = ExperimentFolder.Read(_fa.Path("run")).Spec;
        Assert.Equal(("adam", 0.001f, 0, "cosine"), (spec.Optimizer.Kind, spec.Optimizer.LearningRate, spec.Optimizer.Momentum, spec.Optimizer.Schedule.Kind));
        Assert.Equal((2, null, 60, 4UL), (spec.Training.Epochs, spec.Training.Examples, spec.Data.Train, spec.Seeds[0]));
    }

    [Fact]
    public void TrainRunsARecordedSpecToTheSameErrors()
    {
        _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("one")]);
        Assert.Equal(ExitCode.Done, _fa.Run("train", _fa.Path("one/spec.json"), "--quiet", "--out", _fa.Path("two")));

        Assert.Equal(
            ExperimentFolder.Read(_fa.Path("one")).Runs.Select(run => (run.Rule, run.Seed, run.TestError, run.TrainLoss)),
            ExperimentFolder.Read(_fa.Path("two")).Runs.Select(run => (run.Rule, run.Seed, run.TestError, run.TrainLoss)));
    }

    [Fact]
    public void ADivergedRunIsAFailureThatIsReported()
    {
        Assert.Equal(ExitCode.Failed, _fa.Run([.. _fa.Tiny, "--learning-rate", "1e6", "--out", _fa.Path("run")]));

        Assert.Empty(_fa.Error);
        Assert.Contains("shallow seed 2: diverged, the ", _fa.Output);
        Assert.Contains("feedback-alignment: 2 diverged\n", _fa.Output);
        Assert.Contains("usually a smaller learning rate helps\n", _fa.Output);
        Assert.All(_fa.Output.Split('\n').SkipWhile(line => !line.StartsWith("rule ", StringComparison.Ordinal)), line => Assert.True(line.Length <= 80, line));
        Assert.True(File.Exists(_fa.Path("run/report.html")));
    }

    [Fact]
    public void WhatWasStoppedBeforeItBeganIsStillWrittenDown()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Equal(ExitCode.Failed, _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("run")], stopped.Token));
        Assert.Contains("stopped  the results so far are in that folder", _fa.Output);
        Assert.Empty(ExperimentFolder.Read(_fa.Path("run")).Runs);
        Assert.True(File.Exists(_fa.Path("run/report.html")));
    }

    [Fact]
    public void DataAreWhereTheOptionSaysElseWhereTheEnvironmentSays()
    {
        string[] args = ["compare", "--data", "mnist", "--out", _fa.Path("run")];
        _fa.DataVariable = _fa.Path("environment");
        _fa.Run(args);
        Assert.Contains("TEMP/environment/mnist;", _fa.Error);
        _fa.Run([.. args, "--data-dir", _fa.Path("option")]);
        Assert.Contains("TEMP/option/mnist;", _fa.Error);
        _fa.DataVariable = null;
        _fa.Run(args);
        Assert.Contains("/data/mnist;", _fa.Error);
    }

    [Fact]
    public void AFoldersNameNeedsNoSlash()
    {
        // Relative to the current folder, which all tests of this process share: so a name of its own, in it.
        var name = Path.GetFileName(_fa.Folder);
        var here = Directory.CreateDirectory(name);
        try
        {
            File.WriteAllText(Path.Combine(name, "train.csv"), "a,b,class\n0,1,x\n1,0,y\n0,2,x\n2,0,y\n");
            File.WriteAllText(Path.Combine(name, "test.csv"), "a,b,class\n0,3,x\n3,0,y\n");
            Assert.Equal(ExitCode.Done, _fa.Run("compare", "--data", name, "--seeds", "1", "--quiet", "--out", _fa.Path("run")));
        }
        finally
        {
            here.Delete(recursive: true);
        }

        var record = ExperimentFolder.Read(_fa.Path("run"));
        Assert.Equal($"./{name}", record.Spec.Data.Source);
        Assert.Equal(("2-200-100-2", 3, 1, 2), (record.Spec.Network.Layers, record.Data.Train, record.Data.Validation, record.Data.Test));
    }

    [Fact]
    public void DebugShowsWhere()
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run("compare", "--network", "x", "--debug"));

        Assert.Contains("   at FeedbackAlignment.Cli.", _fa.Error);
    }

    [Fact]
    public void ARegressionIsToldInItsOwnNumbers()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("compare", "--data", "teacher-linear", "--network", "30-20-20-20-20-20-10", "--train", "100", "--epochs", "1", "--seeds", "2", "--out", _fa.Path("run")));

        Assert.DoesNotContain("%", _fa.Output);
        Assert.All(_fa.Output.Split('\n').SkipWhile(line => !line.StartsWith("rule ", StringComparison.Ordinal)), line => Assert.True(line.Length <= 80, line));
        Assert.False(ExperimentFolder.Read(_fa.Path("run")).Data.Classification);
    }

    [Fact]
    public void SquaredErrorOnClassesIsStillToldInPercent()
    {
        Assert.Equal(ExitCode.Done, _fa.Run([.. _fa.Tiny, "--loss", "squared-error", "--rules", "shallow", "--out", _fa.Path("run")]));

        Assert.Equal(RunStatus.Completed, ExperimentFolder.Read(_fa.Path("run")).Runs[0].Status);
        Assert.Matches(@"shallow seed 1: validation error \d+\.\d\d %", _fa.Output);
    }

    /// <summary>Sixty examples are soon known by heart; that nothing gets better then is a good end.</summary>
    [Fact]
    public void RunsThatStopEarlyHaveCompletedTheirTask()
    {
        Assert.Equal(ExitCode.Done, _fa.Run(["compare", "--network", "784-8-10", "--train", "60", "--seeds", "1", "--rules", "shallow", "--learning-rate", "0.5", "--epochs", "1000", "--patience", "2", "--out", _fa.Path("run")]));

        var run = ExperimentFolder.Read(_fa.Path("run")).Runs[0];
        Assert.Equal(RunStatus.StoppedEarly, run.Status);
        Assert.NotNull(run.TestError);
        Assert.Matches(@"shallow seed 1: validation error \d+\.\d\d %", _fa.Output);
        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run")));
        Assert.Equal(ExitCode.Done, _fa.Run("show", _fa.Path("run")));
        Assert.Contains("stopped early: 2 evaluations in a row were no better on the validation examples", _fa.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@" {1,2}\d+\.\d s")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"^ +\d/8  \S+ seed \d: validation error \d+\.\d\d %, \d+\.\d s$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
