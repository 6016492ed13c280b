using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>A run was broken off by something that the user can see to. The message is one line.</summary>
/// <param name="message">That line.</param>
/// <param name="cause">What it was.</param>
internal sealed class InterruptedException(string message, Exception cause) : Exception(message, cause);

/// <summary>Tells the user how to go on.</summary>
internal static class Interruption
{
    /// <summary>The line about a stop.</summary>
    public static string Stopped(string folder) => $"stopped  the results so far are in that folder; continue with: {Command(folder)}";

    /// <summary>Carries something out; what breaks it off says how to go on.</summary>
    /// <param name="terminal">Knows that it is going on.</param>
    /// <param name="folder">The folder of the experiment.</param>
    /// <param name="run">What to carry out.</param>
    public static T Explain<T>(Terminal terminal, string folder, Func<T> run)
    {
        try
        {
            return terminal.Work.Do(run);
        }
        catch (RecordingException trouble)
        {
            throw new InterruptedException($"{trouble.Message}; solve this, then continue with: {Command(folder)}", trouble);
        }
        catch (CheckpointException trouble)
        {
            throw new InterruptedException($"{trouble.Message}; to start that run from the beginning: {Command(folder)} --anew", trouble);
        }
    }

    private static string Command(string folder) => $"fa resume {Path.GetRelativePath(".", folder)}";
}
