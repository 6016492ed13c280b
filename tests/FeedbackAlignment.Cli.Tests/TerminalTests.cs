using System.Diagnostics;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>What is shown depends on the terminal, and a terminal that goes away takes no training with it.</summary>
public sealed class TerminalTests
{
    /// <summary>A child on a terminal of its own, which is closed when the training has begun; prints how the child ended.</summary>
    private const string CloseTheWindow = """
        import os, pty, sys, time
        child, window = pty.fork()
        if child == 0:
            os.chdir(sys.argv[1])
            os.environ["TERM"] = "xterm"
            os.execvp(sys.argv[2], sys.argv[2:])
        metrics = os.path.join(sys.argv[1], "run/runs/shallow-1/metrics.jsonl")
        os.set_blocking(window, False)
        while not (os.path.exists(metrics) and os.path.getsize(metrics) > 0):
            try: os.read(window, 65536)
            except BlockingIOError: time.sleep(0.05)
        os.close(window)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """;

    /// <summary>A command may end by itself at the moment in which it is broken off.</summary>
    [Fact]
    public void ThatACommandWasStoppedIsToldOnce()
    {
        using var fa = new Fa();
        var terminal = fa.Terminal();
        terminal.TellStopped();
        terminal.TellStopped();
        Assert.Equal("fa: stopped\n", fa.Error);
    }

    [Fact]
    public void ATerminalWithoutControlSequencesGetsLines()
    {
        using var dumb = new Fa(terminal: true, dumb: true);
        Assert.Equal(ExitCode.Done, dumb.Run([.. dumb.Tiny, "--rules", "shallow", "--out", dumb.Path("run")]));
        Assert.Contains("\n  2/2  shallow seed ", dumb.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Ctrl-C", dumb.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', dumb.Output);

        using var drawn = new Fa(terminal: true);
        Assert.Equal(ExitCode.Done, drawn.Run([.. drawn.Tiny, "--rules", "shallow", "--out", drawn.Path("run")]));
        Assert.Contains("Ctrl-C", drawn.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2/2  shallow", drawn.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClosedWindowLeavesACheckpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/python3"), "needs a system with Python to open a terminal and close it");
        using var fa = new Fa();
        var script = fa.Write("close.py", CloseTheWindow);
        var (dotnet, program) = (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "fa.dll"));

        // Whoever runs the tests may ignore a hangup, as nohup does; what it ignores is handed down.
        using var python = Process.Start(new ProcessStartInfo(
            "env",
            ["--default-signal=HUP,INT,QUIT,TERM", "/usr/bin/python3", script, fa.Folder, dotnet, program, "compare", "--train", "60",
                "--network", "784-8-10", "--rules", "shallow", "--seeds", "1", "--epochs", "1000000", "--out", "run"])
        { RedirectStandardOutput = true })!;
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(python.WaitForExit(FaProcess.Patience));
        Assert.Equal("1\n", output);
        Assert.True(File.Exists(fa.Path("run/runs/shallow-1/checkpoint.state")));
        Assert.True(File.Exists(fa.Path("run/results.json")));
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaidToBeMissing()
    {
        using var fa = new Fa();
        foreach (var command in (string[])["compare", "tune"])
        {
            Assert.Equal(ExitCode.BadInput, fa.Run(command, "--data", "my-data", "--out", fa.Path("never")));
            Assert.StartsWith("fa: data source './my-data': no such folder or file (", fa.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhereFaIsNoCommandTheUserIsToldWhatToType()
    {
        using var fa = new Fa { StandsForFa = "dotnet run -c Release --project src/FeedbackAlignment.Cli --" };
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        fa.Run([.. fa.Tiny, "--rules", "shallow", "--out", fa.Path("run")], stop.Token);
        Assert.EndsWith("run\ncommand  `fa` stands for `dotnet run -c Release --project src/FeedbackAlignment.Cli --`\n", fa.Output, StringComparison.Ordinal);
        fa.Run("dance");
        Assert.Equal("fa: there is no command \"dance\"; `fa --help` lists them\nfa: `fa` stands for `dotnet run -c Release --project src/FeedbackAlignment.Cli --`\n", fa.Error);
        fa.Run("compare", "--epochs", "0");
        Assert.DoesNotContain("stands for", fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatToTypeFollowsFromWhereTheProgramIs()
    {
        using var fa = new Fa();
        var project = fa.Write("src/FeedbackAlignment.Cli/FeedbackAlignment.Cli.csproj", "");
        var built = fa.Path("src/FeedbackAlignment.Cli/bin/Release/net10.0/");
        Assert.Equal($"dotnet run -c Release --project {Path.GetRelativePath(".", Path.GetDirectoryName(project)!)} --", CommandName.StandsForFa(fa.Path("empty"), built, "/usr/bin/dotnet"));
        Assert.Equal($"dotnet {fa.Path("elsewhere/fa.dll")}", CommandName.StandsForFa("", fa.Path("elsewhere"), "/usr/bin/dotnet"));
        Assert.Equal("/opt/fa/fa", CommandName.StandsForFa("", "/opt/fa/", "/opt/fa/fa"));

        // A program of somebody's own: an fa that the shell knows cannot stand for it.
        fa.Write("own/Own.fsproj", "");
        Assert.Equal(
            $"dotnet run -c Release --project {Path.GetRelativePath(".", fa.Path("own"))} --",
            CommandName.StandsForFa(fa.Path("tools"), fa.Path("own/bin/Release/net10.0/"), "/usr/bin/dotnet", "Own"));
        Assert.Equal($"dotnet {fa.Path("elsewhere/Own.dll")}",
            CommandName.StandsForFa(fa.Path("tools"), fa.Path("elsewhere"), "/usr/bin/dotnet", "Own"));
        fa.Write("tools/fa", "");
        Assert.Null(CommandName.StandsForFa($"{fa.Path("empty")}{Path.PathSeparator}{fa.Path("tools")}", built, "/usr/bin/dotnet"));
    }

    [Fact]
    public void TheLineOnTopOfTheHelpNamesArgumentsAsTheListBelow()
    {
        using var fa = new Fa();
        fa.Run("train", "--help");
        Assert.Contains("fa train [<SPEC.json>] [options]", fa.Output, StringComparison.Ordinal);
        fa.Run("diff", "--help");
        Assert.Contains("fa diff <RUN> <RUN> [options]", fa.Output, StringComparison.Ordinal);
        fa.Run("compare", "--help");
        Assert.Contains("banded", fa.Output, StringComparison.Ordinal);
    }
}
