using System.Diagnostics;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>The command <c>fa</c> in a process of its own.</summary>
internal static class RealProcess
{
    /// <summary>Runs it to its end; a training is stopped as a user does.</summary>
    public static CommandEnd Run(IReadOnlyList<string> args, TimeSpan longestTraining)
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
        if (!process.WaitForExit(longestTraining))
        {
            Unix.Terminate(process.Id);
        }

        process.WaitForExit();
        return new CommandEnd(process.ExitCode, output.Result, error.Result);
    }
}
