using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The final table, for a terminal: the same numbers as in the report.</summary>
internal static class ResultTable
{
    public static Table Of(IReadOnlyList<ExperimentRecord> experiments)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in ComparisonTable.Headings)
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)));
        }

        foreach (var row in ComparisonTable.Of(experiments).Rows)
        {
            table.AddRow([.. row.Cells.Select(Markup.Escape)]);
        }

        return table;
    }
}
