using System.Text.Json;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Cli.Tests;

public sealed class StudyTests : IDisposable
{
    private const string Spec = """
        {
          "name": "tiny", "rules": ["backpropagation", "feedback-alignment"], "seeds": [1, 2],
          "data": { "train": 60, "validation": 40, "test": 40 }, "network": { "layers": "784-6-10" },
          "training": { "epochs": 1, "batchSize": 20, "measureExamples": 10 }, "study": { "grid": { "feedback.scale": [1, 2] } }
        }
        """;

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void AStudyIsPlannedRunLookedAtAndContinued()
    {
        var (spec, study) = (_fa.Write("s.json", Spec), _fa.Path("study"));
        _fa.Done("study", spec, "--out", study, "--dry-run");
        Assert.False(Directory.Exists(study));
        Assert.Contains("2 settings × 2 rules × 2 seeds = 8, of which 2 are equal to others: 6 to do", _fa.Output,
            StringComparison.Ordinal);

        _fa.Done("study", spec, "--out", study, "--most", "2");
        Assert.Contains("left     4 runs; continue with: fa study", _fa.Output, StringComparison.Ordinal);
        _fa.Done("study", study, "--status");
        Assert.Contains("2 finished, 0 claimed, 4 waiting, 0 failed, of 6 (8 with equal ones)", _fa.Output, StringComparison.Ordinal);

        _fa.Done("work", study, "--most", "1", "--quiet");
        _fa.Done("resume", study);
        Assert.Contains("Lowest mean validation error: ", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("chosen on validation among 3 rows", _fa.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        // The same command again has nothing to do.
        _fa.Done("study", spec, "--out", study);
        Assert.Contains("done     0 trained, 0 copied", _fa.Output, StringComparison.Ordinal);

        _fa.Done("report", study);
        Assert.Matches("(?m)^backpropagation +any +.* 2/2 +0 +0$", _fa.Output);
        Assert.Contains("report   TEMP/study/report.html", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("</html>", File.ReadAllText(_fa.Path("study/report.html")), StringComparison.Ordinal);
        _fa.Done("runs", study, "--csv");
        var lines = _fa.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(9, lines.Length);
        Assert.StartsWith("run,setting,rule,seed,feedback.scale,state,validationError,", lines[0], StringComparison.Ordinal);
        Assert.Equal(2, lines.Count(line => line.Contains(",backpropagation,1,", StringComparison.Ordinal)));
        Assert.All(lines.Skip(1), line => Assert.Contains(",completed,", line, StringComparison.Ordinal));
        _fa.Done("runs", study);
        Assert.Contains("6 of 6 runs", _fa.Output, StringComparison.Ordinal);
        Assert.Empty(_fa.Error);
    }

    [Fact]
    public void ARunOfAStudyIsARunLikeOthers()
    {
        var study = _fa.Path("study");
        _fa.Done("study", _fa.Write("s.json", Spec), "--out", study, "--quiet");
        var run = Directory.EnumerateDirectories(Path.Combine(study, "runs")).First();
        _fa.Done("show", run);
        Assert.Contains("fa study ", _fa.Output, StringComparison.Ordinal);
        Assert.Empty(_fa.Error);
        _fa.Done("export", run, "--format", "safetensors");
        _fa.Done("evaluate", run);
        Assert.Equal(ExitCode.BadInput, _fa.Run("show", study));
        Assert.Contains("is a study of many settings", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AGridOnTheCommandLineIsTheSameAsInASpec()
    {
        _fa.Done("study", _fa.Write("s.json", Spec), "--out", _fa.Path("spec"), "--quiet");
        var plain = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Spec)!;
        plain.Remove("study");
        _fa.Done("compare", "--spec", _fa.Write("plain.json", JsonSerializer.Serialize(plain)), "--grid", "feedback.scale=1,2", "--out",
            _fa.Path("grid"));
        Assert.Equal(File.ReadAllText(_fa.Path("spec/plan.jsonl")), File.ReadAllText(_fa.Path("grid/plan.jsonl")));
        Assert.Contains("0 trained, 6 copied from other studies", _fa.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesWithCommasAreSeparatedBySemicolons()
    {
        var out1 = _fa.Path("grid");
        _fa.Done("compare", "--rules", "backpropagation", "--seeds", "1", "--train", "30", "--epochs", "1", "--grid",
            "network.layers=784, dense 5 relu, dense 10;784-4-10", "--grid", "network.bias=true,false", "--grid",
                "training.patience=null,3",
            "--out", out1, "--quiet");
        var study = StudyFolder.Open(out1);
        using var spec = JsonDocument.Parse(File.ReadAllText(study.SpecPath));
        Assert.Equal(
            """{"network.layers":["784, dense 5 relu, dense 10","784-4-10"],"network.bias":[true,false],"training.patience":[null,3]}""",
            JsonSerializer.Serialize(spec.RootElement.GetProperty("study").GetProperty("grid")));
    }

    [Theory]
    [InlineData("compare --grid feedback.scale",
        "--grid: must be a key and its values, e.g. feedback.scale=0.1,1,10, was \"feedback.scale\"")]
    [InlineData("compare --grid =1", "--grid: must be a key and its values")]
    [InlineData("compare --grid feedback.scale=1 --grid feedback.scale=2", "--grid: feedback.scale is given twice")]
    [InlineData("compare --grid feedback.scael=1", "--grid feedback.scael: unknown key, did you mean \"scale\"?")]
    [InlineData("compare --grid rules=backpropagation,shallow", "--grid rules: cannot be varied: rules multiply by themselves")]
    [InlineData("compare --train 30 --grid feedback.scale=0", "feedback.scale: must be > 0, was 0")]
    [InlineData("compare --grid feedback.scale=1 --json", "--json: a study has no results.json")]
    [InlineData("train IN/s.json", "study: this spec describes a study; run it with `fa study`")]
    [InlineData("tune IN/s.json", "study: this spec describes a study; run it with `fa study`")]
    [InlineData("study IN/nothing.json", "IN/nothing.json: cannot be read")]
    [InlineData("study IN/s.json --status", "is not the folder of a study")]
    [InlineData("study IN/s.json --stale 0", "--stale: must be a number > 0")]
    [InlineData("study IN/s.json --most 0", "--most: must be at least 1, was 0")]
    [InlineData("work IN", "has no study.json; name a folder that `fa study` has made")]
    [InlineData("work IN/study --minutes soon", "--minutes: must be a number > 0")]
    [InlineData("study IN/study --stale 5", "--stale: IN/study is a study that was begun with its own")]
    [InlineData("study IN/other.json --out IN/study", "another study is there; choose a new folder")]
    [InlineData("runs IN --csv", "--csv: IN is not the folder of a study")]
    [InlineData("runs IN/study --csv --limit 2", "--csv: prints all runs of a study; leave --limit out")]
    [InlineData("resume IN/study --json", "is a study, for which there is neither --json nor --anew")]
    public void WhatCannotBeIsToldInOneLineAndNothingIsBegun(string command, string line)
    {
        _fa.Done("study", _fa.Write("s.json", Spec), "--out", _fa.Path("study"), "--most", "1", "--quiet");
        _fa.Write("other.json", Spec.Replace("[1, 2] }", "[1, 3] }", StringComparison.Ordinal));
        string[] before = [.. Directory.EnumerateFileSystemEntries(_fa.Folder, "*", SearchOption.AllDirectories)];
        Assert.Equal(ExitCode.BadInput,
            _fa.Run(command.Split(' ').Select(word => word.Replace("IN", _fa.Folder, StringComparison.Ordinal))));
        Assert.Contains(line.Replace("IN", "TEMP", StringComparison.Ordinal), _fa.Error, StringComparison.Ordinal);
        Assert.Single(_fa.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_fa.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void DamagedPlansAreToldInOneLine()
    {
        _fa.Done("study", _fa.Write("s.json", Spec), "--out", _fa.Path("study"), "--most", "1", "--quiet");
        var plan = File.ReadAllText(_fa.Path("study/plan.jsonl"));
        foreach (var (damaged, line) in ((string, string)[])
            [
                ("", "plan.jsonl: is damaged"), (plan[..100], "plan.jsonl: is damaged"), ("null\n", "plan.jsonl: is damaged"),
                (plan.Replace("\"name\":\"", "\"name\":\"../", StringComparison.Ordinal), "plan.jsonl: is damaged"),
                (plan.Replace("\"feedback.scale\":2", "\"feedback.scale\":4", StringComparison.Ordinal), "have changed; restore them"),
            ])
        {
            _fa.Write("study/plan.jsonl", damaged);
            Assert.Equal(ExitCode.BadInput, _fa.Run("work", _fa.Path("study")));
            Assert.Contains(line, _fa.Error, StringComparison.Ordinal);
        }

        // What is claimed by a worker that ends so is free again.
        _fa.Write("study/plan.jsonl", plan);
        _fa.Done("work", _fa.Path("study"));
        _fa.Done("study", _fa.Path("study"), "--status");
        Assert.Contains("6 finished, 0 claimed, 0 waiting", _fa.Output, StringComparison.Ordinal);
    }
}
