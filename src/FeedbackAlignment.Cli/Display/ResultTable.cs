using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Rules;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The final table, for a terminal: the same numbers as in the report.</summary>
internal static class ResultTable
{
    private static readonly string[] _headings = ["rule", "test error", "to backprop.", "angles", "time", "runs"];

    public static void Write(IAnsiConsole screen, IReadOnlyList<ExperimentRecord> experiments)
    {
        var results = ComparisonTable.Of(experiments);
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in _headings)
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = true });
        }

        foreach (var row in results.Rows)
        {
            table.AddRow([.. Cells(row).Select(Markup.Escape)]);
        }

        screen.Write(table);
        screen.WriteLine(results.Headline);
    }

    /// <summary>The report's cells without their intervals: a terminal is narrow.</summary>
    private static IEnumerable<string> Cells(ComparisonRow row) =>
    [
        row.Rule,
        FirstLine(NumberText.Errors(row.TestError, row.Classification)),
        row.Rule == RuleCatalog.All[0].Id ? "" : FirstLine(NumberText.Difference(row.Difference, row.Classification)),
        string.Join(' ', row.Angles.Select(angle => angle.Degrees is { } degrees ? $"{degrees.Mean:0}°" : NumberText.None)),
        NumberText.Seconds(row.Seconds?.Mean),
        row.Outcomes,
    ];

    private static string FirstLine(string cell) => cell.Split('\n')[0];
}
