namespace FeedbackAlignment.Cli;

/// <summary>
/// Messages name commands that begin with <c>fa</c>. Where the shell does not know that command, or another program runs with rules of its
/// own, the user is told what to type instead.
/// </summary>
internal static class CommandName
{
    /// <summary>The name of the program itself.</summary>
    public const string Fa = "fa";

    private const string Project = "FeedbackAlignment.Cli.csproj";

    private static readonly string[] _projects = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>What to type for <c>fa</c>.</summary>
    /// <param name="path">The folders in which the shell looks for commands.</param>
    /// <param name="folder">The folder of the program.</param>
    /// <param name="process">The file that runs: the program, or <c>dotnet</c>.</param>
    /// <param name="program">The program's name: <c>fa</c>, or that of somebody's own, for which an <c>fa</c> cannot stand.</param>
    /// <returns>Null: <c>fa</c> itself is a command.</returns>
    public static string? StandsForFa(string path, string folder, string process, string program = Fa)
    {
        if (program == Fa && path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(place => File.Exists(Path.Combine(place, "fa")) || File.Exists(Path.Combine(place, "fa.exe"))))
        {
            return null;
        }

        for (var above = Path.TrimEndingDirectorySeparator(folder); above is not null; above = Path.GetDirectoryName(above))
        {
            if (program == Fa ? File.Exists(Path.Combine(above, Project)) : HasProject(above))
            {
                return $"dotnet run -c Release --project {Path.GetRelativePath(".", above)} --";
            }
        }

        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? $"dotnet {Path.Combine(folder, $"{program}.dll")}" : process;
    }

    /// <summary>The words that start the program again, wherever that is.</summary>
    /// <param name="process">The file that runs: the program, or <c>dotnet</c>.</param>
    /// <param name="folder">The folder of the program.</param>
    /// <param name="program">The program's name.</param>
    public static IReadOnlyList<string> Words(string process, string folder, string program)
        => Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.Combine(folder, $"{program}.dll")] : [process];

    private static bool HasProject(string folder)
        => Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(file => _projects.Contains(Path.GetExtension(file)));

    /// <summary>The line that says so.</summary>
    public static string Line(string standsForFa) => $"`fa` stands for `{standsForFa}`";
}
