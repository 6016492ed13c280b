using System.Diagnostics;
using FeedbackAlignment.Testing.Forms;

namespace FeedbackAlignment.Forms;

/// <summary>Tries random contents on all processors.</summary>
internal static class RandomForms
{
    private const int MostShown = 10;

    public static int Try(int seed, int first, int count, bool keep, long began)
    {
        var folder = Directory.CreateTempSubdirectory("fa-forms-").FullName;
        var found = new List<(int Number, string Trouble)>();
        var counts = new int[Enum.GetValues<FormsOutcome>().Length];
        var refusals = new Dictionary<string, int>();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
        {
            try
            {
                var (outcome, form) = new FormsCheck(Directory.CreateDirectory(Path.Combine(folder, $"{Environment.CurrentManagedThreadId}")).FullName).Try(seed, number);
                lock (found)
                {
                    counts[(int)outcome]++;
                    if (outcome == FormsOutcome.Refused)
                    {
                        var kind = Kind(form);
                        refusals[kind] = refusals.GetValueOrDefault(kind) + 1;
                    }

                    if (keep)
                    {
                        Console.WriteLine($"{outcome}: {form}");
                    }
                }
            }
            catch (Exception trouble)
            {
                lock (found)
                {
                    found.Add((number, trouble is InvalidOperationException ? trouble.Message : trouble.ToString()));
                }
            }
        });
        foreach (var (kind, times) in refusals.OrderByDescending(refusal => refusal.Value))
        {
            Console.WriteLine($"{times,8} refused: {kind}");
        }

        foreach (var (number, trouble) in found.OrderBy(finding => finding.Number).Take(MostShown))
        {
            Console.WriteLine($"  --seed {seed} --case {number}: {trouble}");
        }

        Console.WriteLine($"{count} contents in two forms: {counts[0]} the same to the bit, {counts[1]} refused, {found.Count} different; {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        if (keep)
        {
            Console.WriteLine(folder);
        }
        else
        {
            Directory.Delete(folder, recursive: true);
        }

        return found.Count == 0 ? 0 : 1;
    }

    /// <summary>A refusal without what differs from file to file.</summary>
    private static string Kind(string refusal)
    {
        var start = refusal.IndexOf(": ", StringComparison.Ordinal) + 2;
        var text = new string([.. refusal[start..].Where(letter => !char.IsAsciiDigit(letter))]);
        var problem = text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? text[(end + 2)..] : text;
        return problem[..Math.Min(problem.Length, 70)];
    }
}
