using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Fuzzing;

/// <summary>Feeds damaged files to readers: each must give a value or a documented exception, and take bounded memory.</summary>
/// <param name="targets">The readers, which take turns.</param>
/// <param name="seed">Decides on the damage.</param>
/// <param name="outside">A folder in which nothing may appear but what is there now.</param>
internal sealed class FileWork(IReadOnlyList<Target> targets, ulong seed, string outside) : IWork
{
    /// <summary>What reading may allocate, whatever the file says: inputs are some kilobytes long.</summary>
    private const long MostMemory = 32 << 20;

    private const int LongestLine = 1000;

    private readonly HashSet<string> _outside = [.. Directory.EnumerateFileSystemEntries(outside)];

    public string Group(long number) => Of(number).Target.Id;

    public string Again(long number) => $"--target {Of(number).Target.Id} --input {Of(number).Number}";

    public Verdict Try(long number)
    {
        var (target, own) = Of(number);
        var input = Input(target, own);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var trouble = Read(target, input, out var value);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return new Verdict(value, bytes, trouble
            ?? (bytes > MostMemory ? $"{bytes} bytes allocated for an input of {input.Length}" : null));
    }

    /// <summary>A path that climbs out of the folder of the readers, or is relative, leads to where nothing may appear.</summary>
    public string? Close()
        => Directory.EnumerateFileSystemEntries(outside).Concat(Directory.EnumerateFileSystemEntries(Environment.CurrentDirectory))
            .FirstOrDefault(entry => !_outside.Contains(entry)) is { } stray
            ? $"a file outside the folder: {stray}" : null;

    private (Target Target, long Number) Of(long number) => (targets[(int)(number % targets.Count)], number / targets.Count);

    private byte[] Input(Target target, long number)
    {
        var random = new RandomStreams(seed).Stream($"{target.Id}/{number}");
        return Mutation.Of(target.Seeds[(int)(number % target.Seeds.Count)],
            target.Seeds[(int)((number / target.Seeds.Count) % target.Seeds.Count)], random);
    }

    /// <summary>What went wrong; null if it was read, or refused as documented.</summary>
    private static string? Read(Target target, byte[] input, out bool value)
    {
        value = false;
        try
        {
            target.Read(input);
            value = true;
            return null;
        }
        catch (Exception refusal) when (target.Documented.Contains(refusal.GetType()))
        {
            var lines = refusal is SpecException spec ? spec.Problems.Select(problem => problem.ToString()) : [refusal.Message];
            return lines.FirstOrDefault(line => line.Length is 0 or > LongestLine || line.Any(char.IsControl)) is { } bad
                ? $"the refusal is not one line of text: {bad}" : null;
        }
        catch (Exception trouble)
        {
            return trouble.ToString();
        }
    }
}
