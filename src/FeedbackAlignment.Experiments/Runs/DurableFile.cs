namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// Files that are there whole or not at all, whatever happens while they are written: written aside, flushed to the disk, and given their
/// name at the end.
/// </summary>
public static class DurableFile
{
    private const string Aside = ".new";

    /// <summary>Writes a file; a reader sees the old one or the new one, never a part.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="keep">A path to move the old file to; null: it is replaced.</param>
    /// <exception cref="RecordingException">It cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write, string? keep = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            using (var file = new FileStream(path + Aside, FileMode.Create, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            // Between the two moves there is only the old file, under its other name.
            if (keep is not null && File.Exists(path))
            {
                File.Move(path, keep, overwrite: true);
            }

            File.Move(path + Aside, path, overwrite: true);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            DeleteAside(path);
            throw new RecordingException(path, trouble);
        }
    }

    /// <summary>Deletes a file, if it is there, and what an interrupted writing left beside it.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="RecordingException">It cannot be deleted.</exception>
    internal static void Delete(string path)
    {
        try
        {
            File.Delete(path);
            File.Delete(path + Aside);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new RecordingException(path, trouble);
        }
    }

    /// <summary>The name of the file that a file is, or is on the way to become.</summary>
    /// <param name="name">Name of a file in a folder.</param>
    internal static string NameOf(string name) => name.EndsWith(Aside, StringComparison.Ordinal) ? name[..^Aside.Length] : name;

    /// <summary>A part of a file takes room that may be wanted, and is nobody's.</summary>
    private static void DeleteAside(string path)
    {
        try
        {
            File.Delete(path + Aside);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            // The first trouble is the one to tell.
        }
    }
}
