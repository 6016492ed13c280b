using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Experiments.Tests.Studies;

/// <summary>The folders of a study in memory, as a server sees them; counts what is asked of it.</summary>
internal sealed class MemoryFiles : IStudyFiles
{
    private readonly Dictionary<(StudyPart, string), byte[]> _files = [];
    private readonly Lock _server = new();

    /// <summary>Questions and orders so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Times that a folder was read as a whole.</summary>
    public int Listings { get; private set; }

    /// <summary>How often each run was published.</summary>
    public Dictionary<string, int> Published { get; } = [];

    public IReadOnlyCollection<string> Names(StudyPart part) => Do(() =>
    {
        Listings++;
        return (string[])[.. _files.Keys.Where(key => key.Item1 == part).Select(key => key.Item2)];
    });

    public bool IsThere(StudyPart part, string name) => Do(() => _files.ContainsKey((part, name)));

    public bool Create(StudyPart part, string name, byte[] content) => Do(() => _files.TryAdd((part, name), content));

    public void Overwrite(StudyPart part, string name, byte[] content) => Do(() =>
    {
        Assert.Equal(_files[(part, name)].Length, content.Length);
        _files[(part, name)] = content;
        return true;
    });

    public byte[]? Read(StudyPart part, string name) => Do(() => _files.GetValueOrDefault((part, name)));

    public Place MakeAttempt(string attempt)
    {
        Create(StudyPart.Attempts, attempt, []);
        return Place.Named(attempt);
    }

    public bool Publish(string attempt, string run) => Do(() =>
    {
        if (!_files.Remove((StudyPart.Attempts, attempt), out var content) || !_files.TryAdd((StudyPart.Runs, run), content))
        {
            return false;
        }

        Published[run] = Published.GetValueOrDefault(run) + 1;
        return true;
    });

    private T Do<T>(Func<T> act)
    {
        lock (_server)
        {
            Calls++;
            return act();
        }
    }
}
