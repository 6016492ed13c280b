using System.Text.Json.Nodes;
using FeedbackAlignment.Cli.Display;

namespace FeedbackAlignment.Cli.Tests;

/// <summary><c>fa runs</c>, <c>fa show</c> and <c>fa diff</c>.</summary>
public sealed class LookBackTests : IDisposable
{
    private readonly Fa _fa = new();

    public LookBackTests()
    {
        _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("runs/one")]);
        _fa.Run([.. _fa.Tiny, "--quiet", "--learning-rate", "0.2", "--out", _fa.Path("runs/two")]);
    }

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void RunsAreListedFilteredSortedAndCounted()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("runs", _fa.Path("runs")));
        Assert.EndsWith("16 of 16 runs in TEMP/runs\n", _fa.Output);

        Assert.Equal(ExitCode.Done, _fa.Run("runs", _fa.Path("runs"), "--rule", "shallow", "--sort", "error", "--limit", "3", "--state", "completed", "--data", "digits", "--network", "784-8-10"));
        var lines = _fa.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.All(lines[1..4], line => Assert.Matches(@"^shallow  [0-9.]+ %  +completed  \d+ \w+ +digits  784-8-10  TEMP/runs/(one|two)/runs/shallow-[12]$", line));
        double[] errors = [.. lines[1..4].Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]))];
        Assert.Equal(errors.Order(), errors);
        Assert.Equal("3 of 16 runs in TEMP/runs", lines[4]);

        _fa.Run("runs", _fa.Path("runs"), "--rule", "shallow", "--json");
        Assert.Equal(4, JsonNode.Parse(_fa.Output)!.AsArray().Count);
    }

    [Fact]
    public void ARunIsShownWithHowItWentAndHowToRunItAgain()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("show", _fa.Path("runs/two/runs/feedback-alignment-2")));
        Assert.Contains("rule      feedback-alignment, seed 2\n", _fa.Output);
        Assert.Contains("setting   optimizer.learningRate = 0.2\n", _fa.Output);
        Assert.Contains("state     completed, after 120 examples (2 epochs)", _fa.Output);
        Assert.Matches(@"curve     [▁-█]{3}  validation error [0-9.]+ % → [0-9.]+ %", _fa.Output);
        Assert.Matches(@"angle     [▁-█]+  hidden1 [0-9.]+° → [0-9.]+°", _fa.Output);
        Assert.Matches(@"again     fa train .*two/spec\.json\n$", _fa.Output);

        _fa.Run("show", _fa.Path("runs/two/results.json"));
        Assert.Matches(@"again     fa train .*two/spec\.json\n$", _fa.Output);

        Assert.Equal(ExitCode.Done, _fa.Run("show", _fa.Path("runs/two")));
        Assert.Contains("rule                       test error", _fa.Output);
    }

    [Fact]
    public void TwoExperimentsAreComparedSettingBySettingAndRunByRun()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("runs/two")));
        Assert.StartsWith("optimizer.learningRate: 0.05 | 0.2\n\nsurroundings: no difference\n", _fa.Output);
        Assert.Equal(8, _fa.Output.Split('\n').Count(line => line.TrimEnd().EndsWith(" no", StringComparison.Ordinal)));

        _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("runs/one"));
        Assert.StartsWith("settings: no difference\n", _fa.Output);
        Assert.Equal(8, _fa.Output.Split('\n').Count(line => line.TrimEnd().EndsWith(" yes", StringComparison.Ordinal)));

        _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("runs/two"), "--json");
        Assert.Equal("optimizer.learningRate", (string?)JsonNode.Parse(_fa.Output)!["settings"]![0]!["path"]);
    }

    /// <summary>
    /// The rules of two experiments are paired by seed, rule by rule; equal folders are identical, and other data are not compared.
    /// </summary>
    [Fact]
    public void TwoExperimentsArePairedBySeed()
    {
        _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("runs/two"));
        Assert.Matches(@"(?m)^feedback-alignment +[+−]?[0-9.]+ \[[+−]?[0-9.]+, [+−]?[0-9.]+\] +– +[0-9.]+ +–", _fa.Output);
        Assert.Contains("against the first: 4 comparisons, p after Holm’s correction", _fa.Output, StringComparison.Ordinal);

        _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("runs/one"));
        Assert.DoesNotContain("against the first", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("Identical test errors: backpropagation, feedback-alignment, direct-feedback-alignment and shallow",
            _fa.Output.Replace('\n', ' '), StringComparison.Ordinal);

        _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("runs/two"), "--json");
        Assert.Equal(4, (int)JsonNode.Parse(_fa.Output)!["comparisons"]!["size"]!);

        _fa.Run([.. _fa.Tiny, "--train", "61", "--quiet", "--rules", "shallow", "--out", _fa.Path("other")]);
        _fa.Run("diff", _fa.Path("runs/one"), _fa.Path("other"));
        Assert.Contains("no paired tests: the data differ, and with them perhaps the test examples\n", _fa.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherRuleIsTheReferenceOfTheTestsAndAnUnknownOneIsRefused()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("runs/one"), "--against", "frozen"));
        Assert.Contains("against shallow: 3 comparisons", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("Each rule against Shallow learning", File.ReadAllText(_fa.Path("runs/one/report.html")), StringComparison.Ordinal);

        Assert.Equal(ExitCode.BadInput, _fa.Run("report", _fa.Path("runs/one"), "--against", "pepita"));
        Assert.Equal("fa: --against: \"pepita\" is not among the rules that are compared: backpropagation, feedback-alignment, "
            + "direct-feedback-alignment, shallow", _fa.Error.TrimEnd());
        Assert.Equal(ExitCode.BadInput, _fa.Run([.. _fa.Tiny, "--against", "pepita", "--out", _fa.Path("none")]));
        Assert.False(Directory.Exists(_fa.Path("none")));
    }

    [Fact]
    public void SingleRunsGoOnOnePageToo()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("runs/one/runs/shallow-1"), _fa.Path("runs/two/runs/shallow-1"), "--out", _fa.Path("both.html")));
        Assert.Equal(2, _fa.Output.Split('\n').Count(line => line.StartsWith("shallow  ", StringComparison.Ordinal)));
        Assert.Matches(@"fa train \S+one/spec\.json", File.ReadAllText(_fa.Path("both.html")));
        Assert.DoesNotContain("angles:", _fa.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("▁█", 0.0, 1.0)]
    [InlineData("█ ▁▁", 9.0, null, 1.0, 1.0)]
    [InlineData("▁▁", 2.0, 2.0)]
    public void ACurveBecomesBars(string bars, params object?[] values) => Assert.Equal(bars, RunSheet.Sparkline([.. values.Select(value => (double?)value)]));
}
