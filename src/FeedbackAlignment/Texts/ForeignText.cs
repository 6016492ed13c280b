using System.Buffers;
using System.Globalization;
using System.Text;

namespace FeedbackAlignment.Texts;

/// <summary>
/// Text that others wrote (names, paths, values from files, messages that quote them) as one line that can be printed anywhere.
/// </summary>
/// <remarks>
/// What a terminal, a browser or an editor obeys instead of showing it becomes U+FFFD, one for each character. A visible escape such as
/// <c>\u001b</c> would be longer than what it stands for, so that no cut and no width of a column could be relied on, and nobody could
/// tell it from the same letters in an honest text. JSON escapes instead, because there the value must survive:
/// <see cref="PrintableJsonEncoder"/>.
/// </remarks>
internal static class ForeignText
{
    /// <summary>The longest line of an error or a notice: the longest path of Linux, 4,096 characters, and what is said of it.</summary>
    public const int LongestMessage = 5000;

    /// <summary>How much of a name or value a message quotes.</summary>
    public const int LongestQuote = 60;

    /// <summary>How much of the name of a class, a column or a target a table or a drawing shows.</summary>
    private const int LongestName = 40;

    /// <summary>More marks on one letter than any script needs only cover the lines above and below.</summary>
    private const int MostMarks = 8;

    private const int NonJoiner = 0x200C, Joiner = 0x200D, SoftHyphen = 0x00AD;

    private static readonly SearchValues<char> _plain
        = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (char)letter)]);

    private static readonly SearchValues<char> _commands
        = SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(letter => (char)letter).Where(IsCommand)]);

    /// <summary>The text on one line.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The most UTF-16 units of the line. A longer one ends in "…" and is cut between letters, never inside one.</param>
    /// <returns>The same text, if there is nothing to change in it.</returns>
    public static string Line(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (text.Length <= most && !text.AsSpan().ContainsAnyExcept(_plain))
        {
            return text;
        }

        var line = new StringBuilder(Math.Min(text.Length, most));
        var (marks, cut) = (0, 0);
        foreach (var letter in text.EnumerateRunes())
        {
            var shown = IsShown(letter) ? letter : Rune.ReplacementChar;
            if (IsMark(shown))
            {
                if (++marks > MostMarks)
                {
                    continue;
                }
            }
            else
            {
                // Here a cut separates no mark from its letter, and leaves room for the dots.
                (marks, cut) = (0, line.Length < most ? line.Length : cut);
            }

            if (line.Length + shown.Utf16SequenceLength > most)
            {
                return string.Concat(line.ToString(0, cut), "…");
            }

            line.Append(shown.ToString());
        }

        return line.ToString();
    }

    /// <summary>Each line of a text that is ours, but quotes others, by itself.</summary>
    /// <param name="text">Any text.</param>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\n', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(line => Line(line))) : Line(text);
    }

    /// <summary>The name of a class, a column or a target on one line, cut where it is long.</summary>
    /// <param name="name">Any text.</param>
    public static string Name(string name) => Line(name, LongestName);

    /// <summary>The text on one line in quotation marks, cut where it is long.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The most UTF-16 units between the quotation marks.</param>
    public static string Quoted(string text, int most = LongestQuote) => $"\"{Line(text, most)}\"";

    /// <summary>The text as it is, but for what a terminal obeys: the last line of defence behind <see cref="Line"/>.</summary>
    /// <param name="text">Any text, of any number of lines.</param>
    /// <returns>The same text, if there is nothing to change in it.</returns>
    public static string WithoutCommands(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return !text.AsSpan().ContainsAny(_commands) ? text
            : string.Create(text.Length, text, (letters, from) =>
            {
                from.CopyTo(letters);
                letters.ReplaceAny(_commands, (char)Rune.ReplacementChar.Value);
            });
    }

    /// <summary>Where the first character stands that a terminal obeys; negative if there is none.</summary>
    public static int IndexOfCommand(ReadOnlySpan<char> text) => text.IndexOfAny(_commands);

    /// <summary>Whether the character ends a line or controls a device: C0 and C1 controls, DEL, line and paragraph separators.</summary>
    public static bool IsControl(char letter) => letter is < ' ' or (>= '\u007F' and <= '\u009F') or '\u2028' or '\u2029';

    /// <summary>Whether the text has such a character, or one that turns the direction of writing.</summary>
    public static bool HasCommands(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(_commands) || text.Contains('\n', StringComparison.Ordinal)
            || text.Contains('\t', StringComparison.Ordinal);
    }

    /// <summary>What a terminal obeys, but for the two that move on in a text of several lines: line feed and tab.</summary>
    private static bool IsCommand(char letter)
        => (IsControl(letter) && letter is not ('\n' or '\t')) || TurnsDirection(letter) || letter is '\uFEFF';

    private static bool TurnsDirection(char letter)
        => letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';

    private static bool IsShown(Rune letter) => letter.Value is >= ' ' and <= '~' || Rune.GetUnicodeCategory(letter) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate => false,
        UnicodeCategory.Format => letter.Value is NonJoiner or Joiner or SoftHyphen || HasShape(letter.Value),
        UnicodeCategory.OtherNotAssigned => !IsNoncharacter(letter.Value) && letter.Value is not (>= 0xE0000 and <= 0xE0FFF),
        _ => true,
    };

    /// <summary>Signs of Arabic, Syriac and Kaithi that stand around numbers: Unicode counts them as formats, but they are seen.</summary>
    private static bool HasShape(int letter)
        => letter is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD;

    private static bool IsNoncharacter(int letter) => (letter & 0xFFFE) == 0xFFFE || letter is >= 0xFDD0 and <= 0xFDEF;

    /// <summary>Whether it stands on the letter before it, or joins it to the next.</summary>
    private static bool IsMark(Rune letter) => !letter.IsAscii
        && (letter.Value is NonJoiner or Joiner
            || Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
}
