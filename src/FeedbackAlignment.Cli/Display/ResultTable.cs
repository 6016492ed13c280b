using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Rules;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The final table, for a terminal of 80 columns: the same numbers as in the report.</summary>
internal static class ResultTable
{
    private static readonly string[] _headings = ["rule", "test error", "to backprop.", "angles", "time"];

    public static void Write(IAnsiConsole screen, IReadOnlyList<ExperimentRecord> experiments, string? against = null)
    {
        foreach (var experiment in experiments)
        {
            if (experiments.Count > 1)
            {
                screen.WriteMarkup($"[bold]{experiment.Spec.Name}[/]");
            }

            Write(screen, ComparisonTable.Of([experiment]), TestTable.Of(experiment, against));
            screen.WritePlain();
        }
    }

    private static void Write(IAnsiConsole screen, ComparisonTable results, TestTable? tests)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (place, heading) in _headings.Index())
        {
            table.AddColumn(new TableColumn($"[bold]{heading}[/]") { NoWrap = heading != "angles", Padding = new Padding(0, 0, place < _headings.Length - 1 ? 2 : 0, 0) });
        }

        foreach (var row in results.Rows)
        {
            table.AddRow([.. Cells(row)]);
        }

        screen.Write(table);
        screen.WritePlain();
        if (results.IsSorted)
        {
            screen.MarkupLine("[dim]in the order of their test errors[/]");
        }

        var hasAngles = results.Rows.Any(row => row.Angles.Any(angle => angle.Degrees is not null));
        if (hasAngles)
        {
            screen.MarkupLine("[dim]angles: the rule's error against backpropagation's at the end, by hidden layer[/]");
        }

        List<ComparisonRow> incomplete = [.. results.Rows.Where(row => row.Diverged + row.Cancelled + row.NotStarted > 0)];
        foreach (var row in incomplete)
        {
            screen.WriteMarkup($"[red]{row.Rule}: {row.Outcomes}[/]");
        }

        if (results.Rows.Any(row => row.Diverged > 0))
        {
            screen.MarkupLine("[dim]diverged: the loss exploded; usually a smaller learning rate helps[/]");
        }

        if (tests is not null)
        {
            if (results.IsSorted || hasAngles || incomplete.Count > 0)
            {
                screen.WritePlain();
            }

            PairedTests.Write(screen, tests);
        }

        screen.WriteWrapped(results.Headline);
        foreach (var note in results.Notes)
        {
            screen.WriteWrapped($"note: {note}");
        }
    }

    /// <summary>The report's cells without their intervals, for a terminal is narrow.</summary>
    private static IEnumerable<string> Cells(ComparisonRow row) =>
    [
        ForeignMarkup.Cell(row.Rule.Split('+').Select((part, place) => place == 0 ? part : $"+{part}")),
        FirstLine(NumberText.Errors(row.TestError, row.Classification)),
        row.Rule == BackpropagationRule.Entry.Id ? "" : FirstLine(NumberText.Difference(row.Difference, row.Classification)),
        row.Angles.All(angle => angle.Degrees is null) ? NumberText.None
            : string.Join(' ', row.Angles.Select(angle => angle.Degrees is { } degrees ? $"{degrees.Mean:0}°" : NumberText.None)),
        NumberText.Seconds(row.Seconds?.Mean),
    ];

    private static string FirstLine(string cell) => cell.Split('\n')[0];
}
