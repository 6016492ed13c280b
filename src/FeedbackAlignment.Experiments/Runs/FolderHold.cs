using System.Globalization;
using System.Text.Json;
using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// Keeps a folder for one process. The system holds the lock on <c>.lock</c> and lets go of it when the process ends, however it ends, so
/// that none is ever stale; <c>lock.json</c> tells others who it is.
/// </summary>
internal sealed class FolderHold : IDisposable
{
    private const string LockName = ".lock", HolderName = "lock.json";
    private const int MostBytes = 4096;

    /// <summary>The files that it has in a folder.</summary>
    public static IReadOnlyList<string> Names { get; } = [LockName, HolderName];

    private readonly FileStream _lock;
    private readonly OpenFolder _folder;

    /// <param name="place">The folder, which exists.</param>
    /// <param name="clock">For the date.</param>
    /// <exception cref="FolderException">Another process writes there, nobody can, or there is a link in it.</exception>
    public FolderHold(Place place, TimeProvider clock)
    {
        OpenFolder? folder = null;
        FileStream? taken = null;
        try
        {
            folder = place.Open();
            taken = folder.Lock(LockName) ?? throw new FolderException($"{place}: {Holder(folder)}; wait until it ends, or stop it");
            var who = new Who(Environment.ProcessId, Environment.MachineName, clock.GetUtcNow());
            folder.Write(HolderName, file => file.Write([.. JsonSerializer.SerializeToUtf8Bytes(who, ExperimentJson.Line), (byte)'\n']));
            CleanUp(place, depth: 2);
        }
        catch (Exception trouble)
        {
            taken?.Dispose();
            folder?.Dispose();
            if (RecordingException.IsCause(trouble))
            {
                throw new FolderException($"{place}: cannot write there ({trouble.Message.TrimEnd('.')})", trouble);
            }

            throw;
        }

        (_folder, _lock) = (folder, taken);
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(HolderName);
            _folder.Delete(LockName);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            // Who it names has let go all the same.
        }

        _lock.Dispose();
        _folder.Dispose();
    }

    /// <summary>What killed processes have left aside goes. A link is refused: what is written through it would change a file elsewhere.</summary>
    private static void CleanUp(Place place, int depth)
    {
        if (place.Links() is [var link, ..])
        {
            throw link.IsLink();
        }

        using (var folder = place.Open())
        {
            folder.DeleteAsides();
        }

        foreach (var inner in depth > 0 ? place.Folders() : [])
        {
            CleanUp(inner, depth - 1);
        }
    }

    private static string Holder(OpenFolder folder)
    {
        try
        {
            using var file = folder.Read(HolderName, MostBytes);
            var who = JsonSerializer.Deserialize<Who>(file, ExperimentJson.Line)!;
            return string.Create(CultureInfo.InvariantCulture, $"process {who.Process} on {who.Machine} has been writing there since {who.Since:yyyy-MM-dd HH:mm:ss} UTC");
        }
        catch (Exception trouble) when (trouble is JsonException || RecordingException.IsCause(trouble))
        {
            return "another process is writing there";
        }
    }

    private sealed record Who(int Process, string Machine, DateTimeOffset Since);
}
