using System.Globalization;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>How a command ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What went to standard output.</param>
/// <param name="Error">What went to standard error.</param>
internal sealed record CommandEnd(int Code, string Output, string Error)
{
    /// <summary>An error line is at most this long, apart from a path in it.</summary>
    private const int LongestLine = 1000;

    /// <summary>What is wrong with it; null if it is as documented.</summary>
    /// <param name="mayStop">Whether exit code 1 is documented: what was trained may diverge, or was stopped.</param>
    /// <param name="longestPath">The length of the longest path that was named.</param>
    /// <param name="secret">What stands in a file outside the folder.</param>
    public string? Trouble(bool mayStop, int longestPath, string secret)
    {
        string[] lines = Error.Length == 0 ? [] : Error.TrimEnd('\n').Split('\n');
        return Error.Contains("something went wrong", StringComparison.Ordinal) ? "something went wrong"
            : Code is not (0 or 2) && !(Code == 1 && mayStop) ? $"exit code {Code}"
            : Code == 2 && lines.Length == 0 ? "exit code 2 without a line on standard error"
            : lines.FirstOrDefault(line => !line.StartsWith("fa: ", StringComparison.Ordinal)) is { } strange
                ? $"a line on standard error does not begin with \"fa: \": {strange}"
            : lines.FirstOrDefault(line => line.Length > LongestLine + longestPath) is { } longer
                ? $"an error line of {longer.Length} characters"
            : Error.Any(Moves) ? "a control character on standard error"
            : Output.Any(Moves) ? "a control character on standard output"
            : Output.Contains(secret, StringComparison.Ordinal) || Error.Contains(secret, StringComparison.Ordinal)
                ? "it shows what stands in a file outside the folder"
            : null;
    }

    /// <summary>Whether a terminal does something else with a character than to show it.</summary>
    private static bool Moves(char letter)
        => letter != '\n' && (char.IsControl(letter)
            || CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
