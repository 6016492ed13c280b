using System.Diagnostics;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>The program itself, in a process of its own.</summary>
internal static class FaProcess
{
    /// <summary>Nothing takes as long on a machine that is free; on one that trains elsewhere a start alone may take a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string _dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    private static readonly string _fa = Path.Combine(AppContext.BaseDirectory, "fa.dll");

    /// <summary>Starts it.</summary>
    /// <remarks>
    /// With the usual answer to every signal: a shell's background jobs hand ignored ones down, and .NET leaves those ignored.
    /// </remarks>
    /// <returns>The process, which does not outlive its disposal.</returns>
    public static Process Start(string folder, params string[] args) => OperatingSystem.IsLinux()
        ? Start(folder, "env", ["--default-signal=HUP,INT,QUIT,TERM", _dotnet, _fa, .. args])
        : Start(folder, _dotnet, [_fa, .. args]);

    /// <summary>Waits until it has come so far.</summary>
    public static void WaitUntil(Process process, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(process.HasExited, "it ended before");
            Assert.True(clock.Elapsed < Patience, "it does not come so far");
            Thread.Sleep(20);
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and what went to standard output and standard error.</returns>
    public static async Task<(int Code, string Output, string Error)> Run(string folder, params string[] args) => await End(Start(folder, args));

    /// <summary>Starts a line of shell commands; <c>$fa</c> is the program.</summary>
    public static Process StartShell(string folder, string commands)
        => Start(folder, "env", ["--default-signal=HUP,INT,QUIT,TERM", "sh", "-c", $"fa='{_dotnet} {_fa}'\n{commands}"]);

    /// <summary>Runs a line of shell commands to its end; <c>$fa</c> is the program.</summary>
    public static async Task<(int Code, string Output, string Error)> RunShell(string folder, string commands)
        => await End(StartShell(folder, commands));

    /// <summary>
    /// Runs a line of shell commands in namespaces of its own, where it may mount file systems; <c>$fa</c> is the program.
    /// </summary>
    public static async Task<(int Code, string Output, string Error)> RunUnshared(string folder, string commands)
        => await End(Start(folder, "unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", $"fa='{_dotnet} {_fa}'\n{commands}"]));

    /// <summary>Whether this system lets a test mount file systems.</summary>
    public static async Task<bool> CanMount(string folder)
    {
        try
        {
            return OperatingSystem.IsLinux() && (await RunUnshared(folder, "mkdir m && mount -t tmpfs -o size=1m none m && umount m && rmdir m")).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static KilledProcess Start(string folder, string program, string[] args)
    {
        var process = new KilledProcess { StartInfo = new(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true } };
        process.Start();
        return process;
    }

    private static async Task<(int Code, string Output, string Error)> End(Process process)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            Assert.True(process.WaitForExit(Patience), "it does not end");
            return (process.ExitCode, await output, await error);
        }
    }

    /// <summary>Ends with the test, also where the test fails: nobody else would end it.</summary>
    private sealed class KilledProcess : Process
    {
        protected override void Dispose(bool disposing)
        {
            try
            {
                Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // Never started, or disposed of before.
            }

            base.Dispose(disposing);
        }
    }
}
