using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A plain table: names on the left, numbers aligned to the right.</summary>
internal static class ColumnTable
{
    public static Table Create(params string[] headings)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (place, heading) in headings.Index())
        {
            table.AddColumn(new TableColumn($"[bold]{ForeignMarkup.Cell(heading)}[/]")
            {
                NoWrap = true,
                Alignment = place == 0 ? Justify.Left : Justify.Right,
                Padding = new Padding(0, 0, place < headings.Length - 1 ? 2 : 0, 0),
            });
        }

        return table;
    }
}
