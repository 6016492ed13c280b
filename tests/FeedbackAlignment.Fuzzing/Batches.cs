using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FeedbackAlignment.Fuzzing.Folders;

namespace FeedbackAlignment.Fuzzing;

/// <summary>Something wrong with the reading of an input.</summary>
/// <param name="Number">The input's number, which makes it again.</param>
/// <param name="Trouble">What happened.</param>
internal sealed record Finding(long Number, string Trouble);

/// <summary>What came of the inputs of a group.</summary>
/// <param name="Accepted">How many were read as a value.</param>
/// <param name="Refused">How many were refused as documented.</param>
/// <param name="MostBytes">The most memory that reading one allocated.</param>
/// <param name="Seconds">How long all took.</param>
/// <param name="MostSeconds">How long one took at most.</param>
internal sealed record Tally(long Accepted, long Refused, long MostBytes, double Seconds, double MostSeconds)
{
    public Tally Add(Verdict verdict, double seconds)
        => new(Accepted + (verdict is { Trouble: null, Accepted: true } ? 1 : 0), Refused
            + (verdict is { Trouble: null, Accepted: false } ? 1 : 0), Math.Max(MostBytes, verdict.Bytes),
            Seconds + seconds, Math.Max(MostSeconds, seconds));
}

/// <summary>
/// Has inputs tried in processes of their own, under limits from outside: a heap that does not grow further, the peak of resident memory,
/// and a time for each input. A process that does not survive is found out about one by one.
/// </summary>
/// <param name="work">The inputs.</param>
/// <param name="options">The options of this program that make the same inputs in a child.</param>
/// <param name="place">A folder for what children write.</param>
internal sealed class Batches(IWork work, IReadOnlyList<string> options, string place)
{
    private const long MostHeap = 1L << 30, MostResident = 3L << 29;
    private const int MostFindings = 500, LongestBatch = 20_000, LongestShown = 300;

    /// <summary>The most processor time that an input may take, which does not depend on what else the machine does.</summary>
    private static readonly TimeSpan _mostWork = TimeSpan.FromSeconds(15);

    /// <summary>The longest that an input may take: one that waits for something takes no processor time.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>How often it is looked at.</summary>
    private static readonly TimeSpan _glance = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<Finding> _findings = [];
    private readonly Dictionary<string, Tally> _tallies = [];
    private long _peak, _children;

    /// <summary>What was wrong, by number.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings.OrderBy(finding => finding.Number)];

    /// <summary>What came of each group.</summary>
    public IReadOnlyDictionary<string, Tally> Tallies => _tallies;

    /// <summary>The most resident memory that a process took.</summary>
    public long Peak => _peak;

    /// <summary>Tries a range of inputs, on all processors.</summary>
    public void Run(long first, long count)
    {
        var size = Math.Clamp(count / Environment.ProcessorCount, 1, LongestBatch);
        var batches = new ConcurrentQueue<(long First, long Count)>();
        for (var at = 0L; at < count; at += size)
        {
            batches.Enqueue((first + at, Math.Min(size, count - at)));
        }

        Task.WaitAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(() =>
        {
            while (_findings.Count < MostFindings && batches.TryDequeue(out var batch))
            {
                Try(batch.First, batch.Count);
            }
        }, TaskCreationOptions.LongRunning)));
    }

    /// <summary>Tries a batch; after an input that a process did not survive another process goes on.</summary>
    private void Try(long first, long count)
    {
        for (var (at, end) = (first, first + count); at < end && _findings.Count < MostFindings;)
        {
            var (open, trouble) = InChild(at, end - at, counts: true);
            if (trouble is null)
            {
                return;
            }

            var alone = open == at ? trouble : InChild(open, 1, counts: false).Trouble;
            Found(open, alone ?? $"{trouble}; not alone, but in one process after the inputs from {at}");
            at = open + 1;
        }
    }

    /// <summary>Tries inputs in one process.</summary>
    /// <returns>The input that it did not survive, and what happened; null if it came to its end.</returns>
    private (long Open, string? Trouble) InChild(long first, long count, bool counts)
    {
        var own = Directory.CreateDirectory(Path.Combine(place, $"child-{Interlocked.Increment(ref _children)}")).FullName;
        try
        {
            return InChild(own, first, count, counts);
        }
        finally
        {
            FolderDamage.Remove(own);
        }
    }

    private (long Open, string? Trouble) InChild(string own, long first, long count, bool counts)
    {
        using var process = Start(own, first, count);
        var error = process.StandardError.ReadToEndAsync();
        var (open, began, line) = (first, Stopwatch.GetTimestamp(), process.StandardOutput.ReadLineAsync());
        var workBefore = TimeSpan.Zero;
        while (true)
        {
            while (!line.Wait(_glance))
            {
                if (TooLong(process, workBefore, began) is { } trouble)
                {
                    process.Kill(entireProcessTree: true);
                    process.WaitForExit();
                    return (open, trouble);
                }
            }

            switch (line.Result)
            {
                case null:
                    process.WaitForExit();
                    return (open, process.ExitCode == 0 ? null : $"the process ended with {process.ExitCode}: {error.Result}");
                case [Child.Begun, .. var number]:
                    (open, began) = (long.Parse(number, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp());
                    workBefore = Unix.WorkOf(process);
                    break;
                case [Child.Ended, .. var verdict] when counts:
                    Count(open, JsonSerializer.Deserialize<Verdict>(verdict)!, Stopwatch.GetElapsedTime(began).TotalSeconds);
                    break;
                case [Child.Peak, .. var bytes] when long.Parse(bytes, CultureInfo.InvariantCulture) is var peak:
                    lock (_tallies)
                    {
                        _peak = Math.Max(_peak, peak);
                    }

                    if (peak > MostResident)
                    {
                        Found(first, $"one of {count} inputs from here takes up to {peak >> 20} MB of memory");
                    }

                    break;
            }

            line = process.StandardOutput.ReadLineAsync();
        }
    }

    private static string? TooLong(Process process, TimeSpan workBefore, long began)
        => Unix.WorkOf(process) - workBefore > _mostWork ? $"it takes more than {_mostWork.TotalSeconds:0} s of processor time"
            : Stopwatch.GetElapsedTime(began) > _patience ? $"it takes more than {_patience.TotalMinutes:0} minutes"
            : null;

    /// <summary>Keeps a finding, and says so at once: the whole may take an hour.</summary>
    private void Found(long number, string trouble)
    {
        _findings.Add(new Finding(number, trouble));
        Console.WriteLine($"found {work.Again(number)}: {trouble.AsSpan(0, Math.Min(trouble.Length, LongestShown)).ToString().ReplaceLineEndings(" ")}");
    }

    private void Count(long number, Verdict verdict, double seconds)
    {
        lock (_tallies)
        {
            var group = work.Group(number);
            _tallies[group] = _tallies.GetValueOrDefault(group, new Tally(0, 0, 0, 0, 0)).Add(verdict, seconds);
        }

        if (verdict.Trouble is { } trouble)
        {
            Found(number, trouble);
        }
    }

    private Process Start(string own, long first, long count)
    {
        var program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "FeedbackAlignment.Fuzzing.dll")] : [];
        var start = new ProcessStartInfo(program,
            [.. host, .. options, Session.ChildPlace, own, Session.ChildFirst, $"{first}", Session.ChildCount,
            $"{count}"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = $"{MostHeap:x}";
        return Process.Start(start)!;
    }
}
