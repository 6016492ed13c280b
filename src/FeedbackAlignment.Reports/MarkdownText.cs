using System.Text;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>Text from records as plain text inside Markdown, in a table or out of it.</summary>
internal static class MarkdownText
{
    private const string Special = @"\`*_[]|~$#";

    /// <summary>The text on one line, with everything escaped that Markdown or HTML would take for more than text.</summary>
    public static string Of(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in Plain(text))
        {
            _ = letter switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ when Special.Contains(letter, StringComparison.Ordinal) => escaped.Append('\\').Append(letter),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The text between backticks, as many as it takes.</summary>
    public static string Code(string text)
    {
        var safe = Plain(text).Replace("|", "\\|", StringComparison.Ordinal);
        var fence = "`";
        while (safe.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        return fence.Length == 1 ? $"`{safe}`" : $"{fence} {safe} {fence}";
    }

    /// <summary>Printable, and with plain spaces: a document of lines is folded by whoever shows it.</summary>
    private static string Plain(string text)
        => string.Concat(ForeignText.Line(text).Select(letter => char.IsWhiteSpace(letter) ? ' ' : letter));
}
