using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Tuning;

namespace FeedbackAlignment.Cli.Tests;

public sealed class TuneTests : IDisposable
{
    private readonly Fa _fa = new();

    private string[] Tiny =>
    [
        "tune", _fa.Write("tiny.json", """{ "data": { "train": 60, "validation": 100, "test": 100 }, "seeds": [1, 2] }"""),
        "--rules", "feedback-alignment,shallow", "--network", "784-8-10", "--epochs", "2", "--batch", "16", "--trials", "4", "--out", _fa.Path("run"),
    ];

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void TheWinnersSpecTrains()
    {
        Assert.Equal(ExitCode.Done, _fa.Run(Tiny));
        Assert.Empty(_fa.Error);
        Assert.Contains("budget   random, 4 full trainings for each of 2 rules\n", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("seeds    101 to search; 201, 202, 203, 204, 205 to choose; 1, 2 to report, beyond the budget\n", _fa.Output,
            StringComparison.Ordinal);
        Assert.Equal(2 * 4, _fa.Output.Split(" seed 101,").Length - 1);
        Assert.Matches(@"\n +(\d+)/\1  [^\n]+\nrule ", _fa.Output);
        Assert.Matches("\nfeedback-alignment: (the spec's own setting stays|the gain of tuning is within noise|tuning gained)", _fa.Output);
        Assert.Contains("The validation examples chose the settings", _fa.Output.Replace("\n", " ").Replace("  ", " "),
            StringComparison.Ordinal);
        Assert.Contains("winners  TEMP/run/winners.json; `fa train` runs it, with seeds 1, 2, and tests\n", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(_fa.Path("run/report.html")), StringComparison.Ordinal);
        Assert.Equal(9, File.ReadAllLines(_fa.Path("run/trials.csv")).Length);

        Assert.Equal(ExitCode.Done, _fa.Run("train", _fa.Path("run/winners.json"), "--quiet", "--out", _fa.Path("trained")));
        Assert.Equal(ExitCode.Done, _fa.Run("compare", "--spec", _fa.Path("run/winners/shallow.json"), "--quiet", "--out", _fa.Path("compared")));
    }

    /// <summary>A trial has a spec too; as an experiment of its own it would be tested.</summary>
    [Fact]
    public void ATrialIsNotGoneOnWithByItself()
    {
        _fa.Run([.. Tiny, "--quiet"]);
        var trial = _fa.Path("run/trials/shallow/001/rung-1-seed-101");
        var before = Directory.GetFileSystemEntries(trial);

        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", trial));
        Assert.EndsWith("and continue a tuning in its own folder\n", _fa.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(trial));
    }

    /// <summary>The spec is written last: what was killed before that has done nothing, and is in nobody's way.</summary>
    [Fact]
    public void OneThatWasKilledBeforeItBeganBegins()
    {
        _fa.Write("run/environment.json", "{}");
        _fa.Write("run/.spec.json.0123456789abcdef01234567.new", "{");
        _fa.Write("run/lock.json", "{}");
        Directory.CreateDirectory(_fa.Path("run/trials"));

        Assert.Equal(ExitCode.Done, _fa.Run([.. Tiny, "--quiet"]));
    }

    [Fact]
    public void JsonIsAllThatStandardOutputGets()
    {
        Assert.Equal(ExitCode.Done, _fa.Run([.. Tiny, "--json", "--quiet", "--method", "successive-halving"]));
        Assert.Equal(File.ReadAllText(_fa.Path("run/tuning.json")), _fa.Output);
        Assert.Equal(2, JsonNode.Parse(_fa.Output)!["rules"]!.AsArray().Count);
        Assert.Empty(_fa.Error);
    }

    [Fact]
    public void TheReportIsMadeAgainFromTheFolder()
    {
        _fa.Run([.. Tiny, "--quiet"]);
        var page = File.ReadAllText(_fa.Path("run/report.html"));
        File.Delete(_fa.Path("run/report.html"));

        Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("run")));
        Assert.Equal(page, File.ReadAllText(_fa.Path("run/report.html")));
        Assert.Contains("feedback-alignment", _fa.Output, StringComparison.Ordinal);
    }

    /// <summary>Another object that has the place of the spec reads as a spec of defaults, which no tuning ran under.</summary>
    [Theory]
    [InlineData("loss", "not complete; a recorded spec has network.layers and loss")]
    [InlineData("tuning", "not complete; the spec of a tuning has the section tuning")]
    public void ARecordWithoutACompleteSpecIsRefusedInALine(string key, string mistake)
    {
        _fa.Run([.. Tiny, "--quiet"]);
        var record = JsonNode.Parse(File.ReadAllText(_fa.Path("run/tuning.json")))!;
        record["spec"]![key] = null;
        File.WriteAllText(_fa.Path("run/tuning.json"), record.ToJsonString());

        Assert.Equal(ExitCode.BadInput, _fa.Run("report", _fa.Path("run")));
        Assert.Matches($"^fa: .*tuning.json: {mistake}\n$", _fa.Error);
    }

    [Fact]
    public void StoppedItSaysHowToGoOnAndFails()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Equal(ExitCode.Failed, _fa.Run(Tiny, stopped.Token));
        Assert.Contains("; continue with: fa resume ", _fa.Output, StringComparison.Ordinal);
        Assert.False(TuningFolder.Read(_fa.Path("run")).Finished);

        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run"), "--quiet"));
        Assert.True(TuningFolder.Read(_fa.Path("run")).Finished);
        Assert.Equal(ExitCode.Done, _fa.Run("tune", _fa.Path("run/spec.json"), "--out", _fa.Path("run")));
        Assert.Equal(Directory.GetFiles(_fa.Path("run/trials"), "run.json", SearchOption.AllDirectories).Length,
            _fa.Output.Split("done before").Length - 1);
    }

    [Fact]
    public void ARuleWithoutAWinnerFails()
    {
        var spec = _fa.Write("hopeless.json", """
            {
              "rules": ["shallow"],
              "data": { "source": "teacher-linear", "train": 60, "validation": 100, "test": 100 },
              "network": { "layers": "30-8-10" },
              "training": { "epochs": 2 },
              "optimizer": { "learningRate": 1e10 },
              "tuning": { "trials": 2, "space": { "learningRate": { "from": 1e9, "to": 1e12 } } }
            }
            """);
        Assert.Equal(ExitCode.Failed, _fa.Run("tune", spec, "--quiet", "--out", _fa.Path("run")));
        Assert.Contains("shallow: no full training completed", _fa.Output.Replace("\n", " "), StringComparison.Ordinal);
        Assert.False(File.Exists(_fa.Path("run/winners.json")));
    }

    [Fact]
    public void SeedsForTwoPurposesAreRefusedInOneLine()
    {
        var spec = _fa.Write("overlap.json",
            """{ "data": { "train": 60, "validation": 100, "test": 100 }, "seeds": [1, 101], "tuning": { "trialSeeds": [101] } }""");
        Assert.Equal(ExitCode.BadInput, _fa.Run("tune", spec, "--out", _fa.Path("run")));
        Assert.Contains("a seed must serve one purpose, but 101 is in seeds and in tuning.trialSeeds; choose others", _fa.Error,
            StringComparison.Ordinal);
        Assert.Single(_fa.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(_fa.Path("run")));

        Assert.Equal(ExitCode.Done, _fa.Run("train", spec, "--rules", "shallow", "--network", "784-8-10", "--epochs", "1", "--quiet",
            "--out", _fa.Path("trained")));
    }

    [Fact]
    public void AtATerminalABarForEachRuleComesAndGoes()
    {
        using var fa = new Fa(terminal: true);
        var spec = fa.Write("tiny.json", """{ "rules": ["shallow"], "data": { "train": 60, "validation": 100, "test": 100 }, "network": { "layers": "784-8-10" }, "training": { "epochs": 1 }, "tuning": { "trials": 2 } }""");
        Assert.Equal(ExitCode.Done, fa.Run("tune", spec, "--out", fa.Path("run")));
        Assert.Contains("winners", fa.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("  2/2  ", fa.Output, StringComparison.Ordinal);
    }
}
