namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// A file that the user has named, or one of a data folder, to read. Links are followed. Only a regular file is opened: to open a pipe may
/// take forever, and to open a device may move something.
/// </summary>
public static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It is not there, is no regular file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder, or may not be read.</exception>
    public static FileStream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw new IOException("a path is empty, or has a character in it that no path can have");
        }

        if (!LinuxFiles.AreThere)
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }

        using var found = LinuxFiles.Find(path);
        return LinuxFiles.Look(found, path).Kind switch
        {
            EntryKind.File => new FileStream(LinuxFiles.Reopen(found, FileAccess.Read, path), FileAccess.Read),
            var kind => throw OpenFolder.NoFile(path, kind),
        };
    }

    /// <summary>Whether there is a regular file, or a link to one.</summary>
    /// <param name="path">Its path.</param>
    public static bool Exists(string path) => KindOf(path) == EntryKind.File;

    /// <summary>What a path that the user has named leads to.</summary>
    internal static EntryKind KindOf(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            return EntryKind.None;
        }

        if (!LinuxFiles.AreThere)
        {
            return File.Exists(path) ? EntryKind.File : Directory.Exists(path) ? EntryKind.Folder : EntryKind.None;
        }

        try
        {
            using var found = LinuxFiles.Find(path);
            return LinuxFiles.Look(found, path).Kind;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return EntryKind.None;
        }
    }

    /// <summary>What a link leads to; null: it is no link, or not there.</summary>
    /// <param name="path">The link.</param>
    /// <param name="last">Follows links to links.</param>
    internal static string? LinkTarget(string path, bool last)
    {
        try
        {
            return File.ResolveLinkTarget(path, last)?.FullName;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
