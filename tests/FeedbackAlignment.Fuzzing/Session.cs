using System.Diagnostics;
using FeedbackAlignment.Fuzzing.Folders;

namespace FeedbackAlignment.Fuzzing;

/// <summary>What this program was asked for, in the parent and in its children.</summary>
/// <param name="seed">Decides on the damage.</param>
/// <param name="only">The only reader of files to try; null: all.</param>
/// <param name="processes">Whether commands run in processes of their own.</param>
internal sealed class Session(ulong seed, string? only, bool processes)
{
    /// <summary>Options of this program for a child.</summary>
    public const string ChildPlace = "--child-place", ChildFirst = "--child-first", ChildCount = "--child-count";

    private const string Right = "right";
    private const int MostShown = 3, LongestShown = 2500;

    /// <summary>Tries a range of inputs in this process, and tells the parent how they end.</summary>
    /// <param name="place">A folder of its own, in the parent's.</param>
    /// <param name="isFolders">Whether the inputs are folders.</param>
    /// <param name="first">Number of the first input.</param>
    /// <param name="count">How many.</param>
    public void RunChild(string place, bool isFolders, long first, long count)
        => Child.Run(isFolders ? Folders(Path.Combine(place, "..", Right), place) : Files(place), first, count);

    /// <summary>Tries everything that was asked for, in children.</summary>
    /// <param name="inputs">How many files.</param>
    /// <param name="input">The only file to try; null: all.</param>
    /// <param name="pairs">How many pairs of folder and command.</param>
    /// <param name="pair">The only pair to try; null: all.</param>
    /// <returns>The exit code.</returns>
    public int Run(long inputs, long? input, long pairs, long? pair)
    {
        // In memory where there is such a place: most of the work is to write folders.
        var place = Directory.CreateDirectory(
            Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fa-fuzz-{Environment.ProcessId}")).FullName;
        var keeps = false;
        try
        {
            var found = 0;
            if (pairs > 0 || pair is not null)
            {
                var right = Directory.CreateDirectory(Path.Combine(place, Right)).FullName;
                new FolderKinds(right).Make();
                if (pair is { } one)
                {
                    keeps = true;
                    var verdict = Folders(right, Path.Combine(place, "pair")).Try(one);
                    Console.WriteLine($"{verdict.Trouble ?? "nothing found"}\nthe folder: {place}/pair/folder");
                    return verdict.Trouble is null ? 0 : 1;
                }

                found += Try(Folders(right, Path.Combine(place, "parent")), place,
                    ["--folders", "1", .. processes ? (string[])["--processes", "1"] : []], 0, pairs);
            }

            if (inputs > 0 || input is not null)
            {
                Console.WriteLine();
                var work = Files(Directory.CreateDirectory(Path.Combine(place, "files")).FullName);
                found += Try(work, place, only is null ? [] : ["--target", only], input ?? 0, input is null ? inputs : 1);
            }

            Console.WriteLine(found == 0 ? "nothing found" : $"{found} findings");
            return found == 0 ? 0 : 1;
        }
        catch (ArgumentException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            return 2;
        }
        finally
        {
            Environment.CurrentDirectory = Path.GetTempPath();
            if (!keeps)
            {
                FolderDamage.Remove(place);
            }
        }
    }

    private int Try(IWork work, string place, string[] options, long first, long count)
    {
        var began = Stopwatch.GetTimestamp();
        var batches = new Batches(work, ["--seed", $"{seed}", .. options], place);
        batches.Run(first, count);
        foreach (var (group, tally) in batches.Tallies.OrderBy(tally => tally.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{group,-24} {tally.Accepted + tally.Refused,9} tried: {tally.Accepted,8} read, {tally.Refused,8} refused; at most {tally.MostBytes / 1024.0,8:0} KB and {tally.MostSeconds:0.00} s; {tally.Seconds:0.0} s");
        }

        Console.WriteLine($"{count} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; at most {batches.Peak >> 20} MB resident");
        foreach (var kind in batches.Findings.GroupBy(finding => Kind(finding.Trouble)).OrderByDescending(kind => kind.Count()))
        {
            Console.WriteLine($"\n{kind.Count()} times: {kind.Key}");
            foreach (var finding in kind.Take(MostShown))
            {
                Console.WriteLine($"  --seed {seed} {work.Again(finding.Number)}: {Start(finding.Trouble)}");
            }
        }

        return batches.Findings.Count;
    }

    private FolderWork Folders(string right, string place)
        => new(new FolderKinds(right).All(), right, Directory.CreateDirectory(place).FullName, seed, processes);

    private FileWork Files(string place)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place, "folder")).FullName;
        Environment.CurrentDirectory = Directory.CreateDirectory(Path.Combine(place, "working")).FullName;
        IReadOnlyList<Target> all = new Targets(folder).All();
        Target[] targets = [.. all.Where(target => (only ?? target.Id) == target.Id)];
        return targets.Length > 0 ? new FileWork(targets, seed, place)
            : throw new ArgumentException($"--target: there is no reader \"{only}\"; there are {string.Join(", ", all.Select(target => target.Id))}");
    }

    /// <summary>What happened, apart from where: the same for findings with the same cause, as far as one can see.</summary>
    private static string Kind(string trouble)
    {
        var lines = trouble.Split('\n');
        var place = lines.FirstOrDefault(line => line.TrimStart().StartsWith("at FeedbackAlignment", StringComparison.Ordinal))?.Trim();
        return $"{lines[0].Split('|')[0].Trim()} {place}";
    }

    private static string Start(string text) => text.Length <= LongestShown ? text : $"{text.AsSpan(0, LongestShown)}…";
}
