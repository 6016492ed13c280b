namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>A right folder, held in memory: written out for each pair, which is cheaper than to find out what a command has changed.</summary>
internal sealed class Pristine
{
    private readonly string[] _folders;

    public Pristine(string path)
    {
        _folders = [.. Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories)
            .Select(folder => Path.GetRelativePath(path, folder)).Order(StringComparer.Ordinal)];
        Files = new SortedDictionary<string, byte[]>(
            Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .ToDictionary(file => Path.GetRelativePath(path, file), File.ReadAllBytes), StringComparer.Ordinal);
        Runs = [.. _folders.Where(folder => Path.GetFileName(Path.GetDirectoryName(folder)) is "runs")];
    }

    /// <summary>The files, by path from the folder.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>The folders of single runs.</summary>
    public IReadOnlyList<string> Runs { get; }

    /// <summary>Writes the folder, some files of it with another content.</summary>
    public void WriteTo(string path, IReadOnlyDictionary<string, byte[]> changed)
    {
        Directory.CreateDirectory(path);
        foreach (var folder in _folders)
        {
            Directory.CreateDirectory(Path.Combine(path, folder));
        }

        foreach (var (name, content) in Files)
        {
            File.WriteAllBytes(Path.Combine(path, name), changed.GetValueOrDefault(name, content));
        }
    }
}
