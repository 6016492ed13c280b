using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Reads back what a command left behind as JSON.</summary>
internal static class RecordFile
{
    /// <summary>What makes an experiment's files, for <see cref="Read"/>.</summary>
    public const string ExperimentMakers = "`fa compare` or `fa train`";

    /// <summary>The content of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="makers">The commands that make such files, for the message.</param>
    /// <exception cref="FolderException">It is not there, cannot be read, or holds something else.</exception>
    /// <exception cref="DataFormatException">It is beyond the <see cref="JsonBounds"/>.</exception>
    public static T Read<T>(Place file, string makers)
    {
        try
        {
            using var stream = file.Read();
            JsonBounds.Require(stream, file.FullPath);
            return JsonSerializer.Deserialize<T>(stream, ExperimentJson.Indented) ?? throw new JsonException("the file holds null");
        }
        catch (JsonException trouble)
        {
            var place = trouble is { Path.Length: > 1 } ? $" (trouble at {Display.Message(trouble.Path)})" : "";
            throw new FolderException($"{file}: not a file that {makers} writes{place}; name a folder that it has made", trouble);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"{file}: cannot be read ({Display.Message(trouble.Message.TrimEnd('.'))}); name a folder that {makers} has made", trouble);
        }
    }

    /// <summary>The content of a file; null if it is not there, cannot be read, or is something else.</summary>
    /// <param name="file">The file.</param>
    public static T? TryRead<T>(Place file)
        where T : class
        => TryRead<T>(file.FullPath, () => file.Read());

    /// <summary>The same for a file of a folder that is open already: thousands are read so.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    public static T? TryRead<T>(OpenFolder folder, string name)
        where T : class
        => TryRead<T>(Path.Combine(folder.FullPath, name), () => folder.Read(name));

    private static T? TryRead<T>(string path, Func<Stream> open)
        where T : class
    {
        try
        {
            using var stream = open();
            JsonBounds.Require(stream, path);
            return JsonSerializer.Deserialize<T>(stream, ExperimentJson.Line);
        }
        catch (Exception trouble) when (trouble is JsonException or IOException or UnauthorizedAccessException or DataFormatException)
        {
            return null;
        }
    }

    /// <summary>The content of a file that can be done without; null if it is not there.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="FolderException">It cannot be read.</exception>
    /// <exception cref="DataFormatException">It is beyond the <see cref="JsonBounds"/>.</exception>
    public static T? ReadOrNull<T>(Place file)
        where T : class
    {
        try
        {
            using var stream = file.Read();
            JsonBounds.Require(stream, file.FullPath);
            return JsonSerializer.Deserialize<T>(stream, ExperimentJson.Indented);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception trouble) when (trouble is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FolderException(
                $"{file}: cannot be read ({Display.Message(trouble.Message.TrimEnd('.'))}); delete the file to continue without it",
                trouble);
        }
    }
}
