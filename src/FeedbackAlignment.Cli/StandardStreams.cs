using System.Globalization;
using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Cli;

/// <summary>
/// Whether standard output and standard error are there. A shell can close them (<c>&gt;&amp;-</c>); the number then goes to the next file
/// that the runtime opens for itself, and nothing must be written into that.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Whether a stream can be written to and is no pipe of the runtime's own.</summary>
    /// <param name="number">1: standard output; 2: standard error.</param>
    public static bool IsOpen(int number)
    {
        const string folder = "/proc/self/fd";
        if (!OperatingSystem.IsLinux() || !Directory.Exists(folder))
        {
            return true;
        }

        var target = Target(number);
        if (target is null || !CanWrite(number))
        {
            return false;
        }

        // A pipe that this process reads itself is one of the runtime's.
        return !target.StartsWith("pipe:", StringComparison.Ordinal)
            || !Directory.EnumerateFiles(folder).Select(file => int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture))
                .Any(other => other > 2 && Target(other) == target && !CanWrite(other));
    }

    private static string? Target(int number)
    {
        try
        {
            return new FileInfo($"/proc/self/fd/{number}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The last octal digit of the flags says how the file was opened: 0 to read, 1 to write, 2 for both.</summary>
    private static bool CanWrite(int number)
    {
        try
        {
            using var lines = new StreamReader(InputFile.Open($"/proc/self/fdinfo/{number}"));
            var flags = lines.ReadToEnd().Split('\n').FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return flags is not [.., '0' or '4'];
        }
        catch (IOException)
        {
            return false;
        }
    }
}
