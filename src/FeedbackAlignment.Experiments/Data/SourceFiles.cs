namespace FeedbackAlignment.Experiments.Data;

/// <summary>Finds and opens the files of a folder.</summary>
internal static class SourceFiles
{
    /// <summary>The file, plain or packed, or null.</summary>
    public static string? Find(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        return File.Exists(plain) ? plain : File.Exists(plain + ".gz") ? plain + ".gz" : null;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Takes the stream and what to call the file.</param>
    /// <exception cref="DataSourceException">The file cannot be opened or read.</exception>
    public static T Read<T>(string path, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return read(stream, path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"{path}: cannot be read ({trouble.Message})", trouble);
        }
    }
}
