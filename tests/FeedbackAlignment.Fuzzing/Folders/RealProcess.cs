using System.Diagnostics;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>The command <c>fa</c> in a process of its own.</summary>
internal static class RealProcess
{
    /// <summary>How often its processor time is looked at.</summary>
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it to its end; a training is stopped as a user does.</summary>
    /// <param name="args">The command.</param>
    /// <param name="mostWork">The processor time after which it is stopped.</param>
    public static CommandEnd Run(IReadOnlyList<string> args, TimeSpan mostWork)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(
            new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "fa.dll"), .. args])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (!process.WaitForExit(_glance))
        {
            if (Unix.WorkOf(process) > mostWork)
            {
                Unix.Terminate(process.Id);
                break;
            }
        }

        process.WaitForExit();
        return new CommandEnd(process.ExitCode, output.Result, error.Result);
    }
}
