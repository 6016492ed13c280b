using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>
/// The winners of a tuning, for a terminal of 80 columns: the same words as in the report, which also has what became of each rule's
/// trials.
/// </summary>
internal static class WinnerTable
{
    public static void Write(IAnsiConsole screen, TuningRecord record)
    {
        var table = new Table { Border = TableBorder.None };
        string[] headings = ["rule", "validation", "untuned", "settings"];
        foreach (var (place, heading) in headings.Index())
        {
            table.AddColumn(new TableColumn($"[bold]{heading}[/]") { NoWrap = headings[place] != "settings", Padding = new Padding(0, 0, place < headings.Length - 1 ? 2 : 0, 0) });
        }

        foreach (var rule in record.Rules)
        {
            string[] cells =
            [
                ForeignMarkup.Cell(rule.Rule),
                NumberText.Error(TuningText.Error(rule), record.Data.Classification),
                NumberText.Error(TuningText.Untuned(rule)?.Mean, record.Data.Classification),
                rule.Winner is { } winner ? ForeignMarkup.Cell(winner.Settings.Select(TuningText.Setting)) : NumberText.None,
            ];
            table.AddRow(cells);
        }

        screen.Write(table);
        screen.WritePlain();
        foreach (var warning in TuningText.Warnings(record))
        {
            screen.WriteMarkup($"[yellow]{warning}[/]");
        }

        foreach (var gain in TuningText.Gains(record))
        {
            screen.WriteLine(ForeignText.Line(gain));
        }

        screen.WriteLine(ForeignText.Line(TuningText.Headline(record)));
    }
}
