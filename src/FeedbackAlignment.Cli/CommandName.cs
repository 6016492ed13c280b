namespace FeedbackAlignment.Cli;

/// <summary>
/// Messages name commands that begin with <c>fa</c>. Where the shell does not know that command, the user is told what to type instead.
/// </summary>
internal static class CommandName
{
    private const string Project = "FeedbackAlignment.Cli.csproj", Program = "fa.dll";

    /// <summary>What to type for <c>fa</c>.</summary>
    /// <param name="path">The folders in which the shell looks for commands.</param>
    /// <param name="folder">The folder of the program.</param>
    /// <param name="process">The file that runs: the program, or <c>dotnet</c>.</param>
    /// <returns>Null: <c>fa</c> itself is a command.</returns>
    public static string? StandsForFa(string path, string folder, string process)
    {
        if (path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(place => File.Exists(Path.Combine(place, "fa")) || File.Exists(Path.Combine(place, "fa.exe"))))
        {
            return null;
        }

        for (var above = Path.TrimEndingDirectorySeparator(folder); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(Path.Combine(above, Project)))
            {
                return $"dotnet run -c Release --project {Path.GetRelativePath(".", above)} --";
            }
        }

        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? $"dotnet {Path.Combine(folder, Program)}" : process;
    }

    /// <summary>The line that says so.</summary>
    public static string Line(string standsForFa) => $"`fa` stands for `{standsForFa}`";
}
