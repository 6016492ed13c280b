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
        var table = new Table { Border = TableBorder.Horizontal };
        var allCompleted = results.Rows.All(row => row.Completed > 0 && row.Diverged + row.Cancelled + row.NotStarted == 0);
        var columns = allCompleted ? _headings.Length - 1 : _headings.Length;
        foreach (var heading in _headings.Take(columns))
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in results.Rows)
        {
            table.AddRow([.. Cells(row).Take(columns).Select(Markup.Escape)]);
        }

        screen.Write(table);
        screen.WriteLine(results.Headline);
    }

    /// <summary>The report's cells without their intervals, for a terminal is narrow; how runs ended is left out where all completed.</summary>
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
