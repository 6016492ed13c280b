namespace FeedbackAlignment.Cli;

/// <summary>A file that the user asked for: there whole, or as it was before.</summary>
internal static class OutputFile
{
    private const string Aside = ".new";

    /// <summary>Writes it, and the folders on the way to it.</summary>
    /// <param name="file">Its path; it may be there already.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>The whole path.</returns>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static string Write(string file, Action<Stream> write)
    {
        if (string.IsNullOrWhiteSpace(file))
        {
            throw new BadInputException("the file to write has no name; choose one with --out");
        }

        var full = Path.GetFullPath(file);
        if (Directory.Exists(full))
        {
            throw new BadInputException($"{file}: is a folder; name a file in it with --out");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = File.Create(full + Aside))
            {
                write(stream);
            }

            File.Move(full + Aside, full, overwrite: true);
            return full;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            DeleteAside(full);
            throw new BadInputException($"{file}: cannot be written ({trouble.Message.TrimEnd('.')}); choose another file with --out");
        }
    }

    private static void DeleteAside(string full)
    {
        try
        {
            File.Delete(full + Aside);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // The first trouble is the one to tell.
        }
    }
}
