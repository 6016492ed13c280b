using System.Globalization;
using System.Text.RegularExpressions;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli;

/// <summary>
/// What the process may use for its objects: three quarters of the memory of the machine or container (<c>HeapHardLimitPercent</c> of
/// the project, or <see cref="SetDefault"/>), or what the user says.
/// </summary>
internal static partial class MemoryLimit
{
    /// <summary>The option that sets it.</summary>
    public const string Name = "--max-memory";

    /// <summary>With less the program itself could not work.</summary>
    private const double Least = 1e8;

    private const double Greatest = 1e15;

    private const ulong DefaultPercent = 75;

    private static readonly string[] _limits = ["GCHeapHardLimit", "GCHeapHardLimitPercent"];

    /// <summary>The bytes that a size means.</summary>
    /// <param name="text">A number and a unit: <c>4GB</c>, <c>500MB</c>, <c>1.5GiB</c>.</param>
    /// <exception cref="BadInputException">It is no size, or cannot be a limit.</exception>
    public static ulong Parse(string text)
    {
        var match = Size().Match(text);
        if (!match.Success)
        {
            throw new BadInputException(
                $"{Name}: must be a number with its unit, such as 4GB or 500MB, was {ForeignText.Quoted(text)}");
        }

        var power = "kmgt".IndexOf(char.ToLowerInvariant(match.Groups["unit"].Value[0]), StringComparison.Ordinal) + 1;
        var unit = Math.Pow(match.Groups["binary"].Success ? 1024 : 1000, power);
        var bytes = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * unit;
        return bytes is >= Least and <= Greatest ? (ulong)bytes
            : throw new BadInputException($"{Name}: must be 100MB … 1000TB, was {ForeignText.Quoted(text)}");
    }

    /// <summary>
    /// Sets the limit of a program that is not <c>fa</c> itself, and so has not its project's; a limit that it has stays.
    /// </summary>
    public static void SetDefault()
    {
        if (GC.GetConfigurationVariables().All(variable => !_limits.Contains(variable.Key) || variable.Value is 0L))
        {
            AppContext.SetData("GCHeapHardLimitPercent", DefaultPercent);
            GC.RefreshMemoryLimit();
        }
    }

    /// <summary>Sets the limit of this process.</summary>
    /// <exception cref="BadInputException">The process uses more already.</exception>
    public static void Set(string text)
    {
        AppContext.SetData("GCHeapHardLimit", Parse(text));
        try
        {
            GC.RefreshMemoryLimit();
        }
        catch (InvalidOperationException)
        {
            throw new BadInputException($"{Name}: {ForeignText.Quoted(text)} cannot be the limit of this process; choose another");
        }
    }

    /// <summary>What to say where memory ended in spite of all.</summary>
    public static string Exhausted
        => $"the {MemoryBudget.Text(MemoryBudget.Most)} of memory that may be used are not enough for this; ask for less (a smaller network, "
            + $"a smaller batch, fewer examples or runs at once), or for a higher limit with {Name}";

    /// <summary>Whether memory ended, whatever is around it.</summary>
    public static bool IsExhausted(Exception trouble)
        => trouble is OutOfMemoryException
            || (trouble is AggregateException all ? all.InnerExceptions.Any(IsExhausted)
                : trouble.InnerException is { } inner && IsExhausted(inner));

    [GeneratedRegex(
        @"^\s*(?<number>[0-9]{1,15}(\.[0-9]{1,15})?)\s*(?<unit>[kmgt])(?<binary>i)?b\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
