namespace FeedbackAlignment.Experiments.Files;

/// <summary>A new folder among the temporary ones that only this user can enter. It is gone when it is disposed of.</summary>
public sealed class PrivateFolder : IDisposable
{
    private readonly string _path;

    /// <param name="prefix">What its name begins with.</param>
    public PrivateFolder(string prefix) => _path = Directory.CreateTempSubdirectory(prefix).FullName;

    /// <summary>Writes a file that only this user can read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its content.</param>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = Path.Combine(_path, name);
        using var file = new StreamWriter(path, options);
        file.Write(text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
