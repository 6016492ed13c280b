using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Experiments.Tests.Studies;

/// <summary>
/// What a network drive does to those who use it: orders that succeed and report an error, errors out of nothing, listings that are late,
/// names that nobody has made.
/// </summary>
/// <param name="inner">The server.</param>
internal sealed class FaultyFiles(IStudyFiles inner) : IStudyFiles
{
    /// <summary>Linux's ESTALE and ENOLCK.</summary>
    public const int Stale = 116, NoLocks = 37;

    private readonly Lock _oneAtATime = new();
    private readonly Dictionary<StudyPart, IReadOnlyCollection<string>> _seen = [];

    /// <summary>Whether the next creation succeeds and reports an error.</summary>
    public bool CreatesAndComplains { get; set; }

    /// <summary>Whether reading and writing over fail.</summary>
    public bool HasStaleHandles { get; set; }

    /// <summary>Whether every creation fails.</summary>
    public bool MakesNothing { get; set; }

    /// <summary>Whether listings are those of an earlier time.</summary>
    public bool IsLate { get; set; }

    /// <summary>Random faults, one in so many calls.</summary>
    public (Random Chance, int OneIn)? AtRandom { get; set; }

    public IReadOnlyCollection<string> Names(StudyPart part)
    {
        Fail("list");
        lock (_oneAtATime)
        {
            if (!IsLate || !_seen.TryGetValue(part, out var names))
            {
                _seen[part] = names = inner.Names(part);
            }

            return [.. names, ".nfs0000000000a1b2c300000001", "lost+found", "x.y.z"];
        }
    }

    public bool IsThere(StudyPart part, string name) => inner.IsThere(part, name);

    public bool Create(StudyPart part, string name, byte[] content)
    {
        if (MakesNothing)
        {
            throw new IOException("No locks available", NoLocks);
        }

        var made = inner.Create(part, name, content);
        if (CreatesAndComplains)
        {
            CreatesAndComplains = false;
            throw new IOException("Input/output error");
        }

        Fail("create");
        return made;
    }

    public void Overwrite(StudyPart part, string name, byte[] content)
    {
        Fail("overwrite");
        inner.Overwrite(part, name, content);
    }

    public byte[]? Read(StudyPart part, string name)
    {
        Fail("read");
        return inner.Read(part, name);
    }

    public Place MakeAttempt(string attempt) => inner.MakeAttempt(attempt);

    public bool Publish(string attempt, string run) => inner.Publish(attempt, run);

    private void Fail(string what)
    {
        bool byChance;
        lock (_oneAtATime)
        {
            byChance = AtRandom is { } faults && faults.Chance.Next(faults.OneIn) == 0;
        }

        if (byChance || (HasStaleHandles && what is "read" or "overwrite" && HasStaleHandles))
        {
            throw new IOException($"Stale file handle ({what})", Stale);
        }
    }
}
