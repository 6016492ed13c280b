using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Reproduction;

namespace FeedbackAlignment.Cli.Tests;

/// <summary><c>fa reproduce</c>, as far as a second allows: the theory, which trains nothing, and claims without their data.</summary>
public sealed class ReproduceTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void TheListHasEveryClaimAndRunsNothing()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("reproduce", "--list"));

        Assert.All(ClaimCatalog.All, claim => Assert.Contains($"\n{claim.Id}\n", "\n" + _fa.Output, StringComparison.Ordinal));
        Assert.Contains("tolerance: ", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("expected: ", _fa.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fa.Folder));
    }

    [Fact]
    public void TheListOfAGroupHasNoOther()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("reproduce", "theory", "--list"));
        Assert.Contains("theorem-1\n", _fa.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("mnist", _fa.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AClaimIsCheckedAndLeavesPageDocumentAndRecords()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("reproduce", "theorem-2", "--strict", "--effort", "quick", "--out", _fa.Path("run")));

        Assert.Contains("reproduced", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("report   TEMP/run/report.html\n", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(_fa.Path("run/report.html")));
        Assert.Contains("theorem-2", File.ReadAllText(_fa.Path("run/reproduction.md")));
        Assert.True(File.Exists(_fa.Path("run/figures.json")));
    }

    [Fact]
    public void JsonIsTheRecordAndNothingElse()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("reproduce", "flow-field", "--json", "--effort", "quick", "--out", _fa.Path("run")));

        var claim = JsonNode.Parse(_fa.Output)!["claims"]!.AsArray().Single()!;
        Assert.Equal("flow-field", (string?)claim["id"]);
        Assert.Equal(18, (int)claim["row"]!);
        Assert.Equal("reproduced", (string?)claim["verdict"]);
        Assert.Equal(1.26, (double)claim["paper"]!);
        Assert.Equal(1.26, (double)claim["measured"]!, 1e-3);
        Assert.Equal(1, (int)claim["n"]!);
        Assert.NotNull((string?)claim["tolerance"]);
    }

    [Fact]
    public void WithoutItsDataAClaimIsNotRunAndSaysWhy()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("reproduce", "mnist-angle", "--effort", "quick", "--data-dir", _fa.Path("nothing"), "--out", _fa.Path("run")));

        Assert.Contains("not run", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("fa data get mnist", _fa.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theorem-2", "--effort", "quick", "fa reproduce theorem-2 --effort quick")]
    [InlineData("theory", "--effort", "standard", "fa reproduce theory")]
    public void TheReportSaysHowToRunTheSameAgain(string claims, string option, string effort, string expected)
    {
        _fa.Run("reproduce", claims, option, effort, "--quiet", "--out", _fa.Path("run"));

        Assert.Contains($"```\n{expected}\n```", File.ReadAllText(_fa.Path("run/reproduction.md")), StringComparison.Ordinal);
        Assert.Contains($">{expected}<", File.ReadAllText(_fa.Path("run/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void BoundsThatLieCloseAreToldApart()
    {
        _fa.Run("reproduce", "flow-field", "--effort", "quick", "--quiet", "--out", _fa.Path("run"));
        Assert.Contains("in 1.259 … 1.261", File.ReadAllText(_fa.Path("run/reproduction.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheReportIsMadeAgainFromTheFolder()
    {
        _fa.Run("reproduce", "flow-field", "--effort", "quick", "--quiet", "--out", _fa.Path("run"));
        var page = File.ReadAllText(_fa.Path("run/report.html"));
        File.Delete(_fa.Path("run/report.html"));

        Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("run")));
        Assert.Equal(page, File.ReadAllText(_fa.Path("run/report.html")));
    }

    [Fact]
    public void EveryUnknownClaimIsNamedWithItsNearest()
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run("reproduce", "theorem-3", "lineer", "--out", _fa.Path("run")));

        Assert.Equal(2, _fa.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"theorem-3\"", _fa.Error, StringComparison.Ordinal);
        Assert.Contains("linear", _fa.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fa.Path("run")));
    }

    [Fact]
    public void AnUnknownEffortIsRefusedBeforeAnythingRuns()
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run("reproduce", "theory", "--effort", "some", "--out", _fa.Path("run")));
        Assert.Equal("fa: --effort: must be quick, standard or paper, was \"some\"\n", _fa.Error);
        Assert.False(Directory.Exists(_fa.Path("run")));
    }

    [Fact]
    public void ACancelledReproductionKeepsWhatThereIsAndFails()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Equal(ExitCode.Failed, _fa.Run(["reproduce", "linear-speed", "theorem-2", "--effort", "quick", "--out", _fa.Path("run")], stopped.Token));

        Assert.Contains("stopped before it began", _fa.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_fa.Path("run/reproduction.json")));
    }
}
