using System.Buffers;
using System.Globalization;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Predictions;

/// <summary>
/// Text of others in a CSV file that people open in a spreadsheet, where a text that begins with = runs as a formula. An apostrophe before
/// it makes it a text again. Numbers stay numbers, and <see cref="Text"/> gives the text back.
/// </summary>
internal static class SpreadsheetCell
{
    private const char Guard = '\'';

    /// <summary>What a formula begins with; East Asian versions take the wide letters, too.</summary>
    private static readonly SearchValues<char> _signs = SearchValues.Create("=+-@\t\r＝＋－＠");

    /// <summary>The cell of a value that others wrote: an apostrophe before a formula, and no control characters but tabs and line breaks.</summary>
    public static string Of(string text)
    {
        var cell = string.Concat(text.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Select(letter => ForeignText.IsControl(letter) && letter is not ('\n' or '\t') ? '\uFFFD' : letter));
        return IsFormula(cell) ? Guard + cell : cell;
    }

    /// <summary>The cell of a name, which has no line breaks.</summary>
    public static string OfName(string name) => Of(name).Replace('\n', '\uFFFD');

    /// <summary>The text of a cell: without the apostrophe that <see cref="Of"/> wrote.</summary>
    public static string Text(string cell) => cell.Length > 0 && cell[0] == Guard && IsFormula(cell) ? cell[1..] : cell;

    /// <summary>
    /// Whether a spreadsheet would compute. Apostrophes that stand before count as none, so that every cell has one text only. A sign
    /// without a letter or digit, such as "-" for a missing value, computes nothing.
    /// </summary>
    private static bool IsFormula(string text)
    {
        var rest = text.AsSpan().TrimStart(Guard).TrimStart(' ');
        return rest.Length > 0 && _signs.Contains(rest[0]) && !IsNumber(rest) && text.Any(char.IsLetterOrDigit);
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        const int longest = 64;
        return text.Length <= longest
            && (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                || (text.Count(',') == 1 && !text.Contains('.')
                    && double.TryParse(text.ToString().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _)));
    }
}
