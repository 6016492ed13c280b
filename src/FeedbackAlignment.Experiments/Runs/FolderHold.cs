using System.Globalization;
using System.Text.Json;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// Keeps a folder for one process. The system holds the lock on <c>.lock</c> and lets go of it when the process ends, however it ends, so
/// that none is ever stale; <c>lock.json</c> tells others who it is.
/// </summary>
internal sealed class FolderHold : IDisposable
{
    private const string LockName = ".lock", HolderName = "lock.json";

    /// <summary>The files that it has in a folder.</summary>
    public static IReadOnlyList<string> Names { get; } = [LockName, HolderName];

    private readonly FileStream _lock;
    private readonly string _holder;

    /// <param name="folder">The folder, which exists.</param>
    /// <param name="clock">For the date.</param>
    /// <exception cref="FolderException">Another process writes there, or nobody can.</exception>
    public FolderHold(string folder, TimeProvider clock)
    {
        _holder = Path.Combine(folder, HolderName);
        try
        {
            _lock = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException trouble)
        {
            throw CannotWrite(folder, trouble);
        }
        catch (IOException trouble)
        {
            throw File.Exists(Path.Combine(folder, LockName))
                ? new FolderException($"{folder}: {Holder()}; wait until it ends, or stop it", trouble) : CannotWrite(folder, trouble);
        }

        try
        {
            File.WriteAllText(_holder, JsonSerializer.Serialize(new Who(Environment.ProcessId, Environment.MachineName, clock.GetUtcNow()), ExperimentJson.Line) + "\n");
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            _lock.Dispose();
            throw CannotWrite(folder, trouble);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_holder);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            // Who it names has let go all the same.
        }

        _lock.Dispose();
    }

    private static FolderException CannotWrite(string folder, Exception trouble) => new($"{folder}: cannot write there ({trouble.Message.TrimEnd('.')})", trouble);

    private string Holder()
    {
        try
        {
            var who = JsonSerializer.Deserialize<Who>(File.ReadAllText(_holder), ExperimentJson.Line)!;
            return string.Create(CultureInfo.InvariantCulture, $"process {who.Process} on {who.Machine} has been writing there since {who.Since:yyyy-MM-dd HH:mm:ss} UTC");
        }
        catch (Exception trouble) when (trouble is JsonException || RecordingException.IsCause(trouble))
        {
            return "another process is writing there";
        }
    }

    private sealed record Who(int Process, string Machine, DateTimeOffset Since);
}
