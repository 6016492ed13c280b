using FeedbackAlignment.Experiments.Files;

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

    /// <summary>The only file of some names, plain or packed; null where there is none.</summary>
    /// <exception cref="DataSourceException">There are several.</exception>
    public static string? FindOne(string folder, params IEnumerable<string> names)
    {
        string[] found = [.. names.SelectMany(name => (string[])[name, name + ".gz"]).Select(name => Path.Combine(folder, name)).Where(File.Exists)];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new DataSourceException(
                $"{Path.GetFullPath(folder)}: {Path.GetFileName(found[0])} and {Path.GetFileName(found[1])} would be the same part of "
                + "the data; keep one of them");
    }

    /// <summary>The name of a file without <c>.gz</c> and the ending before it.</summary>
    public static string Stem(string path) => Path.GetFileNameWithoutExtension(Plain(path));

    /// <summary>The ending of a file's name, without <c>.gz</c>, in lower case, e.g. <c>.csv</c>.</summary>
    public static string Ending(string path) => Path.GetExtension(Plain(path)).ToLowerInvariant();

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Takes the stream and what to call the file.</param>
    /// <exception cref="DataSourceException">The file cannot be opened or read.</exception>
    public static T Read<T>(string path, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = InputFile.Open(path);
            return read(stream, path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"{path}: cannot be read ({trouble.Message})", trouble);
        }
    }

    private static string Plain(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
}
