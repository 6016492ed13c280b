using System.Globalization;
using CsvHelper;
using FeedbackAlignment.Experiments.Predictions;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>All trials of a tuning as CSV: one line for each, with a column for each setting that any rule has.</summary>
internal static class TrialTable
{
    public static string Write(TuningRecord record)
    {
        List<string> settings = [.. record.Rules.SelectMany(rule => rule.Space.Keys).Distinct()];
        using var text = new StringWriter { NewLine = "\n" };
        using (var table = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            Line(table, ["rule", "trial", "rung", "examples", .. settings, "status", "validationError", "validationLoss", "lossGrew",
                "seconds"]);
            foreach (var (rule, trial) in record.Rules.SelectMany(rule => rule.Trials.Select(trial => (rule.Rule, trial))))
            {
                Line(table,
                [
                    rule, trial.Trial, trial.Rung, trial.Examples, .. settings.Select(setting => trial.Settings.TryGetValue(setting, out var value) ? (object?)value : null),
                    trial.Status.InWords(), trial.ValidationError, trial.ValidationLoss, trial.LossGrew ? "yes" : "no", trial.Seconds,
                ]);
            }
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Line(CsvWriter table, IEnumerable<object?> fields)
    {
        foreach (var field in fields)
        {
            table.WriteField(field is string text ? SpreadsheetCell.OfName(text) : Convert.ToString(field, CultureInfo.InvariantCulture));
        }

        table.NextRecord();
    }
}
