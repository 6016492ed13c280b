using System.Security.Cryptography;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>Runs every command over damaged folders: each must end as documented, and leave what lies outside the folder as it was.</summary>
internal sealed class FolderWork : IWork
{
    /// <summary>
    /// What a command may allocate in all, whatever the folder says. A training may take as much again and again; there is a limit to
    /// what it holds.
    /// </summary>
    private const long MostMemory = 512L << 20;

    private const int MostThreads = 64;

    /// <summary>When a training is stopped: the right ones take a fraction of it. Other commands have to end by themselves.</summary>
    private static readonly TimeSpan _longestTraining = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The processor time after which a process is stopped, which also has to start: a report alone takes more than a second.
    /// </summary>
    private static readonly TimeSpan _mostWorkOfProcess = TimeSpan.FromSeconds(6);

    private readonly (FolderKind Kind, string Command)[] _pairs;
    private readonly string _shared, _folder, _output, _guard, _secret;
    private readonly ulong _seed;
    private readonly bool _processes;
    private readonly FolderDamage _damage;
    private Dictionary<string, string> _outside;

    public FolderWork(IReadOnlyList<FolderKind> kinds, string shared, string place, ulong seed, bool processes)
    {
        _pairs = [.. kinds.SelectMany(kind => kind.Commands.Select(command => (kind, command)))];
        (_shared, _seed, _processes) = (shared, seed, processes);
        (_folder, _output, _guard) = (Path.Combine(place, "folder"), Path.Combine(place, "output"), Path.Combine(place, "guard"));
        _secret = $"what stands in a file outside, {Guid.NewGuid()}";
        _damage = new FolderDamage(_guard);
        Environment.CurrentDirectory = Directory.CreateDirectory(Path.Combine(place, "working")).FullName;
        Place = place;
        _outside = Guard();
    }

    private string Place { get; }

    public string Group(long number) => $"{Of(number).Kind.Id}: {Of(number).Command.Split(' ')[0]}";

    public string Again(long number) => $"--pair {number}";

    public Verdict Try(long number)
    {
        var (end, told, bytes) = Run(number, debug: false);
        var trains = Trains(Of(number).Command);
        var trouble = end.Trouble(mayStop: trains, LongestPath(), _secret)
            ?? (Outside() is { } changed ? $"changed outside the folder: {changed}" : null)
            ?? (bytes > MostMemory && !trains ? $"{bytes >> 20} MB allocated" : null)
            ?? (System.Diagnostics.Process.GetCurrentProcess().Threads.Count > MostThreads ? "threads are left over" : null);
        if (trouble is not null)
        {
            FolderDamage.Remove(_guard);
            _outside = Guard();
            var again = Run(number, debug: true).End;
            trouble = $"{trouble} | fa {Of(number).Command} | {told} | exit code {end.Code}, {again.Error}";
            FolderDamage.Remove(_guard);
            _outside = Guard();
        }

        return new Verdict(end.Code == 0, bytes, trouble);
    }

    public string? Close() => null;

    private static bool Trains(string command) => command.StartsWith("resume", StringComparison.Ordinal);

    private (FolderKind Kind, string Command) Of(long number) => _pairs[(int)(number % _pairs.Length)];

    private (CommandEnd End, string Told, long Bytes) Run(long number, bool debug)
    {
        var (kind, command) = Of(number);
        var random = new RandomStreams(_seed).Stream($"folder/{number}");
        FolderDamage.Remove(_folder);
        FolderDamage.Remove(_output);
        Directory.CreateDirectory(_output);
        var told = _damage.Write(kind.Folder, _folder, random);
        var run = kind.Folder.Runs.Count > 0 ? Path.Combine(_folder, Chance.Of(kind.Folder.Runs, random)) : _folder;
        string[] args =
        [
            .. command.Split(' ').Select(part => part.Replace("{F}", _folder, StringComparison.Ordinal)
                .Replace("{R}", run, StringComparison.Ordinal).Replace("{O}", _output, StringComparison.Ordinal)
                .Replace("{S}", _shared, StringComparison.Ordinal)),
            .. debug ? (string[])["--debug"] : [],
        ];
        if (_processes)
        {
            return (RealProcess.Run(args, _mostWorkOfProcess), told, 0);
        }

        using var stop = new CancellationTokenSource(Trains(command) ? _longestTraining : Timeout.InfiniteTimeSpan);
        var before = GC.GetTotalAllocatedBytes();
        var end = InProcess.Run(args, stop.Token);
        return (end, told, GC.GetTotalAllocatedBytes() - before);
    }

    /// <summary>Files that links point to: one that no command reads, and right ones.</summary>
    private Dictionary<string, string> Guard()
    {
        Directory.CreateDirectory(Path.Combine(_guard, "folder"));
        File.WriteAllText(Path.Combine(_guard, "secret.txt"), _secret + "\n");
        foreach (var (name, content) in _pairs[0].Kind.Folder.Files)
        {
            File.WriteAllBytes(Path.Combine(_guard, Path.GetFileName(name)), content);
        }

        return Content();
    }

    /// <summary>The first entry beside the folder that is not what it was.</summary>
    private string? Outside()
    {
        var now = Content();
        return now.Keys.Union(_outside.Keys).FirstOrDefault(name => now.GetValueOrDefault(name) != _outside.GetValueOrDefault(name));
    }

    private Dictionary<string, string> Content()
        => new DirectoryInfo(Place).EnumerateFileSystemInfos().Where(entry => entry.FullName != _folder && entry.FullName != _output)
            .Concat(new[] { _guard, Environment.CurrentDirectory }.SelectMany(
                folder => new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)))
            .ToDictionary(entry => entry.FullName, entry => entry is FileInfo { LinkTarget: null } file
                ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "");

    private int LongestPath()
        => Directory.EnumerateFileSystemEntries(_folder, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Append(_output)
            .Max(path => path.Length);
}
