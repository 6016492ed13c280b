using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>The live page as the command starts and ends it; what it shows is tested in a browser.</summary>
public sealed partial class WatchTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public async Task ThePageLivesAsLongAsTheCommand()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill is a command of Unix");
        using var fa = FaProcess.Start(_fa.Folder, "watch", ".", "--no-open");
        var address = Address().Match(await fa.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "");
        Assert.True(address.Success);
        using var client = new HttpClient();
        var page = new Uri($"http://localhost:{address.Groups["port"].Value}/");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(page, TestContext.Current.CancellationToken)).StatusCode);
        using var kill = Process.Start("kill", ["-TERM", $"{fa.Id}"]);
        Assert.True(fa.WaitForExit(FaProcess.Patience));

        Assert.Equal(ExitCode.Done, fa.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(page, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TheKeyIsInNoCommandLine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc has the command lines of Linux");
        using var fa = FaProcess.Start(_fa.Folder, "watch", ".", "--no-open");
        var address = Address().Match(await fa.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "");
        var lines = Directory.GetDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)).Select(CommandLine)
            .ToList();

        Assert.Contains(lines, line => line.Contains("fa-live.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(address.Groups["key"].Value, StringComparison.Ordinal));

        static string CommandLine(string folder)
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Fact]
    public async Task AnExperimentIsShownUntilItEnds()
    {
        var (code, output, error) = await FaProcess.Run(
            _fa.Folder, [.. _fa.Tiny, "--rules", "shallow", "--live", "--no-open", "--out", "run"]);

        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(Address(), output);
        Assert.Empty(error);
    }

    [Fact]
    public void FaItselfAsksForTheBaseRuntimeOnly()
    {
        var settings = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fa.runtimeconfig.json"));

        Assert.Contains("Microsoft.NETCore.App", settings, StringComparison.Ordinal);
        Assert.DoesNotContain("AspNetCore", settings, StringComparison.Ordinal);
    }

    /// <summary>A .NET with the base runtime and nothing else, made of links.</summary>
    [Fact]
    public async Task WithoutAspNetCoreFaStartsAndSaysWhatThePageNeeds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the .NET of links is one of Linux");
        var here = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var bare = _fa.Path("dotnet");
        Directory.CreateDirectory(Path.Combine(bare, "shared"));
        File.Copy(Path.Combine(here, "dotnet"), Path.Combine(bare, "dotnet"));
        Directory.CreateSymbolicLink(Path.Combine(bare, "host"), Path.Combine(here, "host"));
        Directory.CreateSymbolicLink(Path.Combine(bare, "shared", "Microsoft.NETCore.App"),
            Path.Combine(here, "shared", "Microsoft.NETCore.App"));
        var fa = Path.Combine(AppContext.BaseDirectory, "fa.dll");

        var help = await FaProcess.RunShell(_fa.Folder, $"DOTNET_ROOT='{bare}' '{bare}/dotnet' '{fa}' --version");
        var watch = await FaProcess.RunShell(_fa.Folder, $"DOTNET_ROOT='{bare}' '{bare}/dotnet' '{fa}' watch .");

        Assert.Equal(ExitCode.Done, help.Code);
        Assert.Equal(ExitCode.BadInput, watch.Code);
        Assert.StartsWith("fa: the live page needs the ASP.NET Core runtime 10, which is not on this machine", watch.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fa: nowhere: no such folder; name one that `fa compare`, `fa train` or another command has made", "watch", "nowhere")]
    [InlineData("fa: --port: must be a number from 1 to 65535, was \"0\"", "watch", ".", "--port", "0")]
    [InlineData("fa: --port: is for the live page; add --live, or leave it out", "compare", "--port", "8080")]
    [InlineData("fa: --no-open: is for the live page; add --live, or leave it out", "compare", "--no-open")]
    public void MistakesAreSaid(string message, params string[] args)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run(args));
        Assert.StartsWith(message, _fa.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"page     http://localhost:(?<port>\d+)/#token=(?<key>[0-9a-f]{48})")]
    private static partial Regex Address();
}
