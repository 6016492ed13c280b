using System.Diagnostics;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>The program itself, as the shell starts and stops it.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    public async Task ASignalLeavesAReadableRun(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill is a command of Unix");
        using var fa =
            FaProcess.Start(_fa.Folder, "compare", "--train", "60", "--network", "784-8-10", "--epochs", "1000000", "--out", "run");

        // From the beginning on: a pipe that nobody reads stops who writes.
        var output = fa.StandardOutput.ReadToEndAsync();
        var error = fa.StandardError.ReadToEndAsync();
        FaProcess.WaitUntil(fa, () => Directory.Exists(_fa.Path("run/runs"))
            && Directory.EnumerateFiles(_fa.Path("run/runs"), "metrics.jsonl", SearchOption.AllDirectories)
                .Any(file => new FileInfo(file).Length > 2000));
        using var kill = Process.Start("kill", [$"-{signal}", $"{fa.Id}"]);
        Assert.True(fa.WaitForExit(FaProcess.Patience));

        Assert.Equal(ExitCode.Failed, fa.ExitCode);
        Assert.Empty(await error);
        Assert.Contains("stopped  the results so far are in that folder", await output);
        var record = ExperimentFolder.Read(_fa.Path("run"));
        Assert.NotEmpty(record.Runs);
        Assert.All(record.Runs, run => Assert.Equal(RunStatus.Cancelled, run.Status));

        // The others may have been about to begin.
        Assert.Contains(record.Runs, run => run.Examples > 0);
        Assert.Contains("</html>", File.ReadAllText(_fa.Path("run/report.html")));
        Assert.Contains("continue with: fa resume run\n", await output);
        Assert.All(record.Runs, run => Assert.True(File.Exists(_fa.Path($"run/runs/{run.Rule}-{run.Seed}/checkpoint.state"))));
    }

    [Fact]
    public async Task WithoutAFolderItMakesOneUnderRuns()
    {
        using var fa = Start([.. _fa.Tiny, "--rules", "shallow", "--json"]);
        var error = fa.StandardError.ReadToEndAsync();
        var results = await fa.StandardOutput.ReadToEndAsync();
        Assert.True(fa.WaitForExit(FaProcess.Patience));

        Assert.Equal(ExitCode.Done, fa.ExitCode);
        Assert.Contains("2/2", await error);
        var folder = Assert.Single(Directory.GetDirectories(_fa.Path("runs")));
        Assert.Matches(@"^compare-\d{8}-\d{6}$", Path.GetFileName(folder));
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "results.json")), results);
        Assert.NotNull(JsonNode.Parse(results)!["runs"]);
    }

    [Fact]
    public void BadInputIsExitCode2()
    {
        using var fa = Start("compare", "--network", "784-x-10");
        Assert.Equal("fa: --network: \"784-x-10\": \"x\" is not a layer size; write sizes joined by \"-\", e.g. 784-1000-10 or 784-4x240-10", fa.StandardError.ReadToEnd().TrimEnd());
        Assert.True(fa.WaitForExit(FaProcess.Patience));

        Assert.Equal(ExitCode.BadInput, fa.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_fa.Folder));
    }

    private Process Start(params string[] args) => FaProcess.Start(_fa.Folder, args);
}
