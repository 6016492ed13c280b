using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Symbolic links in a data folder, which are followed: tools such as DVC and git-annex keep the files themselves elsewhere.</summary>
public static class DataLinks
{
    private static readonly EnumerationOptions _all = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 2,
        AttributesToSkip = 0,
        IgnoreInaccessible = true
    };

    /// <summary>How many of the files of a data source are links.</summary>
    /// <param name="path">A folder or a file.</param>
    public static int Count(string path)
        => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", _all).Count(IsLink) : IsLink(path) ? 1 : 0;

    private static bool IsLink(string path) => InputFile.LinkTarget(path, last: false) is not null;
}
