using System.Globalization;
using FeedbackAlignment.Experiments.Predictions;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// All runs of a study as one table: a line for each run that is planned, the keys that the study varies as columns. Equal runs have the
/// same name, so that nobody counts them twice.
/// </summary>
public static class StudyCsv
{
    /// <summary>Writes the table.</summary>
    /// <param name="study">A study that was read with its records.</param>
    /// <param name="writer">Receives it.</param>
    public static void Write(StudyRecord study, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(writer);
        string[] keys = [.. study.Runs.SelectMany(run => run.Plan.Settings.Keys).Distinct()];
        string[] layers = [.. study.Runs.SelectMany(run => run.Record?.AlignmentAngles.Keys ?? []).Distinct()
            .Order(StringComparer.Ordinal)];
        Line(
        [
            "run", "setting", "rule", "seed", .. keys, "state", "validationError", "testError", "trainLoss", "examples", "keptAtExamples",
            "seconds", .. layers.Select(layer => $"angle.{layer}"), "reusedFrom", "note",
        ]);
        foreach (var run in study.Runs)
        {
            var (plan, record) = (run.Plan, run.Record);
            Line(
            [
                plan.Name, $"{plan.Cell}", plan.Rule, $"{plan.Seed}",
                .. keys.Select(key => plan.Settings.TryGetValue(key, out var value) ? PlannedRun.Text(value) : ""),
                State(run), Number(record?.ValidationError), Number(record?.TestError), Number(record?.TrainLoss),
                Number(record?.Examples), Number(record?.KeptAtExamples), Number(record?.Seconds),
                .. layers.Select(layer => Number(record?.AlignmentAngles.GetValueOrDefault(layer) is [.., var last] ? last.Degrees : null)),
                run.ReusedFrom ?? "", run.Note ?? record?.Reason ?? "",
            ]);
        }

        void Line(IEnumerable<string> cells) => writer.Write(SpreadsheetLine.Of(cells));
    }

    private static string State(StudyRun run)
        => run.Record is { } record ? record.Status.InWords() : run.State.ToString().ToLowerInvariant();

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
