using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The results of <c>fa bench --growth</c> for a terminal of 80 columns.</summary>
internal static class GrowthTable
{
    public static void Write(IAnsiConsole screen, GrowthRecord record)
    {
        screen.WriteMarkup($"[bold]{record.Processor}[/], {record.Threads} threads, {record.Environment.VectorBits}-bit vectors{record.Environment.ArithmeticRemark}");
        foreach (var series in record.Time)
        {
            screen.WritePlain();
            screen.WriteMarkup($"[bold]{series.Shape}[/], {series.Rule}, {(series.Batch == 1 ? "one example at a time" : $"batch {series.Batch}")}");
            var table = ColumnTable.Create("n", "weights", "µs/step", "ps/weight/example", "exponent");
            foreach (var point in series.Points)
            {
                table.AddRow(
                    NumberText.Count(point.Hidden),
                    NumberText.Count(point.Weights),
                    BenchTable.Microseconds(point.MicrosecondsPerStep),
                    NumberText.Format(point.PicosecondsPerWeight, "0.0"),
                    point.Exponent is { } local ? NumberText.Format(local, "0.00") : "");
            }

            table.AddRow("all", "", "", "", NumberText.Format(series.Exponent, "0.00"));
            screen.Write(table);
        }

        foreach (var series in record.Memory)
        {
            screen.WritePlain();
            screen.WriteMarkup($"[bold]{series.Shape}[/], {series.Rule}{(series.Regenerated ? ", regenerated" : "")}, memory in MB, batches of {series.Batch}");
            var table = ColumnTable.Create("n", "weights", "feedback", "activations", "sum", "measured");
            foreach (var point in series.Points)
            {
                table.AddRow(
                    NumberText.Count(point.Hidden),
                    Megabytes(point.Weights),
                    Megabytes(point.Feedback),
                    Megabytes(point.Activations),
                    Megabytes(point.Weights + point.Feedback + point.Activations),
                    Megabytes(point.Measured));
            }

            screen.Write(table);
        }
    }

    private static string Megabytes(long bytes) => NumberText.Format(bytes / 1e6, "0.00");
}
