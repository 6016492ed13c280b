using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>The playground as the command serves and writes it; what it does is tested in a browser.</summary>
public sealed partial class PlaygroundTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void TheSiteIsWrittenForAnyWebServer()
    {
        RequireSite();

        Assert.Equal(ExitCode.Done, _fa.Run("playground", "--out", _fa.Path("new/site")));
        Assert.StartsWith("site     ", _fa.Output, StringComparison.Ordinal);
        Assert.Superset(
            new HashSet<string> { "index.html", "worker.js", ".nojekyll", "_framework", "uplot" },
            Directory.EnumerateFileSystemEntries(_fa.Path("new/site")).Select(Path.GetFileName).ToHashSet()!);
    }

    [Fact]
    public void AFolderThatIsNotEmptyIsRefused()
    {
        RequireSite();
        Directory.CreateDirectory(_fa.Path("full"));
        File.WriteAllText(_fa.Path("full/mine.txt"), "mine");

        Assert.Equal(ExitCode.BadInput, _fa.Run("playground", "--out", _fa.Path("full")));
        Assert.Equal("fa: --out: TEMP/full is not empty; name a new folder, or an empty one", _fa.Error.Trim());
        Assert.Equal(ExitCode.BadInput, _fa.Run("playground", "--out", _fa.Path("full/mine.txt")));
        Assert.Equal("fa: --out: TEMP/full/mine.txt is a file; name a new folder, or an empty one", _fa.Error.Trim());
        Assert.Single(Directory.EnumerateFileSystemEntries(_fa.Path("full")));
    }

    [Theory]
    [InlineData("fa: --port: must be a number from 1 to 65535, was \"0\"", "playground", "--port", "0")]
    [InlineData("fa: --port: is for the page that fa serves; leave it out with --out", "playground", "--out", "x", "--port", "8080")]
    [InlineData("fa: --out: the folder has no name; name a new one", "playground", "--out", "")]
    public void MistakesAreSaid(string message, params string[] args)
    {
        RequireSite();

        Assert.Equal(ExitCode.BadInput, _fa.Run(args));
        Assert.StartsWith(message, _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePageLivesAsLongAsTheCommand()
    {
        RequireSite();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill is a command of Unix");
        using var fa = FaProcess.Start(_fa.Folder, "playground", "--no-open");
        var address = Address().Match(await fa.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "");
        Assert.True(address.Success);
        using var client = new HttpClient();
        var page = new Uri($"http://localhost:{address.Groups["port"].Value}/_framework/dotnet.js");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(page, TestContext.Current.CancellationToken)).StatusCode);
        using var kill = Process.Start("kill", ["-TERM", $"{fa.Id}"]);
        Assert.True(fa.WaitForExit(FaProcess.Patience));

        Assert.Equal(ExitCode.Done, fa.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(page, TestContext.Current.CancellationToken));
    }

    /// <summary>Skips a test where nobody has published the site; CI always does.</summary>
    private static void RequireSite()
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "playground.zip")))
        {
            const string how = "the playground is not published (dotnet publish src/FeedbackAlignment.Playground.Web, then build again)";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", how);
            Assert.Fail(how);
        }
    }

    [GeneratedRegex(@"page     http://localhost:(?<port>\d+)/$")]
    private static partial Regex Address();
}
