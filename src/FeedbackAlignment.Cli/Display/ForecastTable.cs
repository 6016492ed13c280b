using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>What <c>fa pipeline</c> prints, for a terminal of 80 columns.</summary>
internal static class ForecastTable
{
    /// <param name="screen">Where to.</param>
    /// <param name="network">The network, as it was typed.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="forecast">What a step takes.</param>
    /// <param name="ranks">Machines.</param>
    /// <param name="microBatches">Numbers of micro-batches to show.</param>
    public static void Write(
        IAnsiConsole screen, string network, int batch, StepForecast forecast, int ranks, IReadOnlyList<int> microBatches)
    {
        screen.WritePlain($"{ForeignText.Line(network)}, {forecast.MostRanks} layers with weights, batches of {batch}");
        screen.WritePlain($"milliseconds of a step on {ranks} machine{(ranks == 1 ? "" : "s")} that share the layers, by micro-batches m");
        screen.WritePlain();
        var table = ColumnTable.Create("m", "direct", "gpipe", "1f1b", "delayed", "gpipe/direct", "delayed/direct");
        foreach (var m in microBatches)
        {
            double direct = Of(LayerSchedule.Direct, m), gpipe = Of(LayerSchedule.GPipe, m);
            var delayed = Of(LayerSchedule.DelayedGradients, m);
            table.AddRow($"{m}", Milliseconds(direct), Milliseconds(gpipe), Milliseconds(Of(LayerSchedule.OneForwardOneBackward, m)),
                Milliseconds(delayed), Ratio(gpipe / direct), Ratio(delayed / direct));
        }

        screen.Write(table);
        var one = forecast.Times(ranks, microBatches[0]);
        screen.WritePlain();
        screen.WritePlain(one.Hop > one.Forward
            ? $"A message takes {Milliseconds(one.Hop)} ms, longer than a pass of {Milliseconds(one.Forward)} ms (m = {microBatches[0]})."
            : $"A message takes {Milliseconds(one.Hop)} ms, a pass {Milliseconds(one.Forward)} ms (m = {microBatches[0]}).");
        screen.WritePlain();
        screen.WritePlain("the same by machines, each with the best m of these; batch: the batch is shared");
        screen.WritePlain();
        table = ColumnTable.Create("machines", "direct", "times one", "delayed", "batch, ring", "batch, tree");
        int[] sizes = [.. Enumerable.Range(0, 13).Select(power => 1 << power).Where(size => size < ranks).Append(ranks)];
        var alone = forecast.Batches(1, isRing: true);
        foreach (var size in sizes)
        {
            table.AddRow($"{size}", Milliseconds(Best(LayerSchedule.Direct, size)), Ratio(alone / Best(LayerSchedule.Direct, size)),
                Milliseconds(Best(LayerSchedule.DelayedGradients, size)), Milliseconds(forecast.Batches(size, isRing: true)),
                Milliseconds(forecast.Batches(size, isRing: false)));
        }

        screen.Write(table);
        screen.WritePlain();
        var fastest = sizes.MinBy(size => Best(LayerSchedule.Direct, size));
        screen.WritePlain(fastest == ranks && ranks > 1
            ? $"Layers still gain at {ranks} machines; with f = b = g one micro-batch gains 3K/(K+1) = "
                + $"{Ratio(3.0 * ranks / (ranks + 1))} over"
            : $"Layers stop paying beyond {fastest} machine{(fastest == 1 ? "" : "s")}; with f = b = g one micro-batch gains 3K/(K+1) = "
                + $"{Ratio(3.0 * ranks / (ranks + 1))} over");
        screen.WritePlain("gpipe, many gain 3/2, which is the work of the error that is not sent back.");
        int[] beaten = [.. sizes.Where(size => size > 1 && forecast.Batches(size, isRing: true) < Best(LayerSchedule.Direct, size))];
        screen.WritePlain(beaten.Length == 0 ? "Sharing the batch is slower at every number of machines, even round a ring."
            : $"Sharing the batch round a ring is faster on {string.Join(", ", beaten)} machines.");

        double Of(LayerSchedule schedule, int m) => forecast.Layers(schedule, ranks, m);

        double Best(LayerSchedule schedule, int size) => microBatches.Min(m => forecast.Layers(schedule, size, m));
    }

    private static string Milliseconds(double seconds) => NumberText.Significant(seconds * 1000);

    private static string Ratio(double ratio) => NumberText.Format(ratio, "0.00");
}
