using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>An id and, indented below it, what it stands for.</summary>
internal static class Definition
{
    public static void WriteHeading(IAnsiConsole screen, string title)
    {
        screen.WriteMarkup($"[bold underline]{title}[/]");
        screen.WritePlain();
    }

    public static void Write(IAnsiConsole screen, string id, string meaning, string remark)
    {
        screen.WriteMarkup($"[bold]{id}[/]");
        screen.Write(new Padder(new Markup($"{ForeignMarkup.Cell(meaning)}\n[dim]{ForeignMarkup.Cell(remark)}[/]"),
            new Padding(2, 0, 0, 1)));
    }
}
