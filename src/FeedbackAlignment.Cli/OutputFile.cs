using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli;

/// <summary>A file that the user asked for: there whole, or as it was before.</summary>
internal static class OutputFile
{
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

        if (Directory.Exists(file))
        {
            throw new BadInputException($"{file}: is a folder; name a file in it with --out");
        }

        return Try(file, () =>
        {
            NamedOutput.Write(file, write);
            return Path.GetFullPath(file);
        });
    }

    /// <summary>Writes a file that the command has named, in a folder that the user has named, and the folders on the way to it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>The whole path.</returns>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static string WriteInside(string folder, string name, Action<Stream> write)
        => Try(Path.Combine(folder, name), () => NamedOutput.WriteInside(folder, name, write));

    private static string Try(string file, Func<string> write)
    {
        try
        {
            return write();
        }
        catch (Exception trouble) when (trouble is RecordingException or IOException or UnauthorizedAccessException)
        {
            var cause = trouble is RecordingException { InnerException: { } inner } ? inner : trouble;
            throw new BadInputException($"{file}: cannot be written ({cause.Message.TrimEnd('.')}); choose another file with --out");
        }
    }
}
