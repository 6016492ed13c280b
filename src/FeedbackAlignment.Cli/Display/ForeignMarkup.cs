using System.Globalization;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The only way for text of others into a table or into markup: printable, on one line, and no markup itself.</summary>
internal static class ForeignMarkup
{
    /// <summary>A cell of a table, or the description of a bar.</summary>
    public static string Cell(string text) => Markup.Escape(ForeignText.Line(text));

    /// <summary>A cell of several lines.</summary>
    public static string Cell(IEnumerable<string> lines) => string.Join('\n', lines.Select(Cell));

    /// <summary>A cell with the name of a class, a column or a target, cut where it is long.</summary>
    public static string NameCell(string name) => Markup.Escape(ForeignText.Name(name));

    /// <summary>A line of markup. The texts in it are cells; the rest is ours.</summary>
    public static void WriteMarkup(this IAnsiConsole screen, FormattableString markup)
        => screen.MarkupLine(string.Format(
            CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(argument => argument is string text ? Cell(text) : argument)]));
}
