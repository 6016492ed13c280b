using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The claims and what became of them, for a terminal of 80 columns; the page has the tolerances and every check.</summary>
internal static class ClaimTable
{
    public static void Write(IAnsiConsole screen, ReproductionRecord record)
    {
        var results = ReproductionTable.Of(record);
        var table = new Table { Border = TableBorder.None };
        string[] headings = ["row", "claim", "paper", "measured", "verdict"];
        foreach (var (place, heading) in headings.Index())
        {
            table.AddColumn(new TableColumn($"[bold]{heading}[/]") { NoWrap = place < 2, Padding = new Padding(0, 0, place < headings.Length - 1 ? 2 : 0, 0) });
        }

        foreach (var (claim, cells) in record.Claims.Zip(results.Rows))
        {
            var paper = claim.Paper is null ? "" : cells[1];
            table.AddRow(new[] { claim.Row > 0 ? $"{claim.Row}" : "", cells[0], paper, cells[2], cells[^1] }.Select(ForeignMarkup.Cell)
                .ToArray());
        }

        screen.WritePlain();
        screen.Write(table);
        screen.WritePlain();
        foreach (var (claim, check) in record.Claims.SelectMany(claim => claim.Checks.Where(check => !check.Holds).Select(check => (claim, check))))
        {
            screen.WriteMarkup($"[red]{claim.Id}[/]: does not hold: {check.Text}; found {check.Found}");
        }

        screen.WriteLine(ForeignText.Line(results.Headline));
        screen.WritePlain();
    }
}
