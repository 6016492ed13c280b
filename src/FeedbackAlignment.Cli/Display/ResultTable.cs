using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The final table, for a terminal: the same numbers as in the report.</summary>
internal static class ResultTable
{
    public static void Write(IAnsiConsole screen, IReadOnlyList<ExperimentRecord> experiments)
    {
        var results = ComparisonTable.Of(experiments);
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in ComparisonTable.Headings)
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)));
        }

        foreach (var row in results.Rows)
        {
            table.AddRow([.. row.Cells.Select(Markup.Escape)]);
        }

        screen.Write(table);
        screen.WriteLine(results.Headline);
    }
}
