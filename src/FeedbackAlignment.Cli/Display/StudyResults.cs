using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A study by setting and rule, for a terminal.</summary>
internal static class StudyResults
{
    public static void Write(IAnsiConsole screen, StudyTable study)
    {
        string[] headings = ["rule", .. study.Keys, "validation error", "95 % interval", "runs", "diverged", "failed"];
        string[][] lines = [headings, .. study.Rows.Select(row => Cells(row, study))];
        int[] widths = [.. headings.Select((_, column) => lines.Max(line => line[column].Length))];
        screen.WritePlain();
        foreach (var line in lines)
        {
            screen.WritePlain(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        screen.WritePlain();
        if (study.Best is { } best)
        {
            var settings = string.Join(", ", best.Settings.Select(setting => $"{setting.Key}={setting.Value}").Prepend(best.Rule));
            screen.WriteWrapped(
                $"Lowest mean validation error: {settings}, with {Error(best.Validation!.Mean, study)}. It was chosen on validation among "
                + $"{study.Rows.Count} rows, so this number is a little too good. Its test error, which chose nothing, is "
                + $"{NumberText.Error(best.Test?.Mean, study.Classification)}.");
        }
    }

    private static string[] Cells(StudyRow row, StudyTable study) =>
    [
        row.Rule, .. study.Keys.Select(key => row.Settings[key]),
        NumberText.Errors(row.Validation, study.Classification).Split('\n')[0],
        row.Validation is { HalfWidth: not null } known ? $"{Error(known.Low!.Value, study)} … {Error(known.High!.Value, study)}"
            : NumberText.None,
        $"{row.Ended}/{row.Planned}", $"{row.Diverged}", $"{row.Failed}",
    ];

    private static string Error(double value, StudyTable study) => NumberText.Error(value, study.Classification);
}
