using System.Globalization;

namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// A file that the user has named to be written. A regular file is there whole or as it was before. What is no regular file, such as
/// <c>/dev/stdout</c> or a pipe, is written into. Links that the user has named are followed.
/// </summary>
public static class NamedOutput
{
    private const int MostLinks = 40;

    /// <summary>Writes it, and makes the folders on the way to it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder, or may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        if (path.Contains('\0'))
        {
            throw new IOException("the path has a character in it that no path can have");
        }

        var target = Path.GetFullPath(path);
        for (var links = 0; InheritedHandle(target) is null && InputFile.LinkTarget(target, last: false) is { } next; links++)
        {
            target = links < MostLinks ? next : throw new IOException($"'{path}' is a symbolic link that leads to itself");
        }

        if (InheritedHandle(target) is { } handle)
        {
            using var stream = Inherited(handle);
            write(stream);
            return;
        }

        switch (InputFile.KindOf(target))
        {
            case EntryKind.File or EntryKind.None:
                var place = Path.GetDirectoryName(target)
                    ?? throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.");
                Directory.CreateDirectory(place);
                using (var folder = OpenFolder.Named(place))
                {
                    folder.Write(Path.GetFileName(target), write);
                }

                break;
            case EntryKind.Pipe or EntryKind.Device:
                using (var into = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    write(into);
                }

                break;
            default:
                throw new UnauthorizedAccessException($"'{path}' is a folder or a disk, not a file");
        }
    }

    /// <summary>Deletes all files that this process has begun to write aside: it is about to end.</summary>
    public static void DeleteUnfinished() => OpenFolder.DeleteOwnAsides();

    /// <summary>
    /// Writes a file that a command has named, in a folder that the user has named. A link in that folder is replaced, not followed.
    /// </summary>
    /// <param name="folder">The folder: any, or that of an experiment or a run.</param>
    /// <param name="name">The file's name, with the folders on the way to it and <c>/</c> between them.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>The whole path.</returns>
    /// <exception cref="Runs.RecordingException">It cannot be written.</exception>
    public static string WriteInside(string folder, string name, Action<Stream> write)
    {
        var place = Place.OfFolder(folder).In(name);
        try
        {
            place.Folder!.Make().Dispose();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new Runs.RecordingException(place.FullPath, trouble);
        }

        place.Write(write);
        return Path.GetFullPath(place.FullPath);
    }

    /// <summary>
    /// The number of an open file of this process, which a path such as <c>/dev/stdout</c> stands for. Its name may be that of a regular
    /// file, but who opened it has decided where in it to write.
    /// </summary>
    private static int? InheritedHandle(string path)
    {
        if (path is "/dev/stdout" or "/dev/stderr")
        {
            return path == "/dev/stdout" ? 1 : 2;
        }

        foreach (var folder in (string[])["/dev/fd/", "/proc/self/fd/", $"/proc/{Environment.ProcessId}/fd/"])
        {
            if (path.StartsWith(folder, StringComparison.Ordinal)
                && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    private static Stream Inherited(int handle) => handle switch
    {
        1 => Console.OpenStandardOutput(),
        2 => Console.OpenStandardError(),
        _ => new FileStream($"/proc/self/fd/{handle}", FileMode.Append, FileAccess.Write, FileShare.ReadWrite),
    };
}
