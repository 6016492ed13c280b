using System.Globalization;
using System.Text.Json;

namespace FeedbackAlignment.Fuzzing;

/// <summary>
/// The part of this program that runs in a process of its own: it tries a range of inputs, and says on standard output which it begins and
/// how each ended, so that the parent knows which one the process did not survive.
/// </summary>
internal static class Child
{
    /// <summary>What lines begin with: a number begun, how it ended, and the most memory that the process took.</summary>
    public const char Begun = '>', Ended = '=', Peak = '^';

    public static void Run(IWork work, long first, long count)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        for (var number = first; number < first + count; number++)
        {
            Say(output, Begun, number.ToString(CultureInfo.InvariantCulture));
            Say(output, Ended, JsonSerializer.Serialize(work.Try(number)));
        }

        if (work.Close() is { } trouble)
        {
            Say(output, Ended, JsonSerializer.Serialize(new Verdict(Accepted: false, 0, trouble)));
        }

        Say(output, Peak, PeakBytes().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The most resident memory that this process ever took; 0 where the system does not tell.</summary>
    private static long PeakBytes()
    {
        const string Status = "/proc/self/status", Key = "VmHWM:";
        return File.Exists(Status) && File.ReadLines(Status)
            .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line
            ? 1024 * long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) : 0;
    }

    private static void Say(StreamWriter output, char what, string text)
    {
        output.Write(what);
        output.WriteLine(text);
        output.Flush();
    }
}
