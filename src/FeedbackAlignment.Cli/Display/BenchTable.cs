using FeedbackAlignment.Experiments.Benchmarks;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>The results of <c>fa bench</c> for a terminal of 80 columns.</summary>
internal static class BenchTable
{
    private const double MuchLess = 0.85;

    public static void Write(IAnsiConsole screen, BenchRecord record)
    {
        WriteMachine(screen, record.Machine);
        foreach (var workload in record.Cases.GroupBy(one => (one.Network, one.Batch, one.Limit, one.Runs, one.InputShare)))
        {
            var (network, batch, limit, runs, share) = workload.Key;
            screen.WritePlain();
            screen.WriteMarkup($"[bold]{network}[/], {(batch == 1 ? "one example at a time" : $"batch {batch}")}; limit: {Limit(limit)}");
            if (share < 1)
            {
                Remark(screen, $"{NumberText.Format(100 * share, "0")} % of the inputs are not 0; the limit is as if none were.");
            }

            if (runs > 1)
            {
                Remark(screen, $"{runs} independent runs side by side, a thread each: µs for a step of every run.");
            }

            var table = ColumnTable.Create("rule", "threads", "µs/step", "examples/s", "of limit", "to backprop.");
            foreach (var one in workload)
            {
                table.AddRow(
                    ForeignMarkup.Cell(one.Rule),
                    NumberText.Count(one.Runs * one.Threads),
                    Microseconds(one.MicrosecondsPerStep),
                    NumberText.Count((long)Math.Round(one.ExamplesPerSecond)),
                    NumberText.Format(100 * one.FractionOfLimit, "0") + " %",
                    Ratio(one));
            }

            screen.Write(table);
        }

        screen.WritePlain();
        Remark(screen, $"Medians of {record.Cases[0].Samples} samples, cases in turns. One pass: all weights read and written.");
        Remark(screen, "To backprop.: time, and in brackets operations, divided by backpropagation's.");
        if (record.Machine.Peaks is [{ } single, .., { } all] && all.Gflops < MuchLess * all.Threads * single.Gflops)
        {
            screen.WriteMarkup(
                $"[yellow]{all.Threads} threads did {all.Gflops / single.Gflops:0.0} times as many multiply-adds as one: they share cores, or other programs ran.[/]");
        }
    }

    /// <summary>Microseconds with three digits or more.</summary>
    public static string Microseconds(double value) => NumberText.Format(value, value < 10 ? "0.000" : value < 100 ? "0.0" : "0");

    private static void Remark(IAnsiConsole screen, string text) => screen.WriteMarkup($"[dim]{text}[/]");

    private static void WriteMachine(IAnsiConsole screen, BenchMachineRecord machine)
    {
        screen.WriteMarkup($"[bold]{machine.Processor}[/]");
        screen.WritePlain($"{machine.Environment.Processors} processors, {machine.Environment.VectorBits}-bit vectors{machine.Environment.ArithmeticRemark}, {machine.Environment.Runtime}, {machine.Environment.System}");
        screen.WritePlain();
        var limits = ColumnTable.Create("limit", "threads", "time", "speed");
        foreach (var peak in machine.Peaks)
        {
            limits.AddRow("multiply-adds in registers", NumberText.Count(peak.Threads), "", NumberText.Format(peak.Gflops, "0") + " GFLOP/s");
        }

        foreach (var pass in machine.MemoryPasses)
        {
            limits.AddRow(
                $"pass over {pass.Network}",
                NumberText.Count(pass.Threads),
                Microseconds(pass.Microseconds) + " µs",
                NumberText.Format(pass.GBps, "0") + " GB/s");
        }

        screen.Write(limits);
    }

    private static string Limit(StepLimit limit) => limit == StepLimit.Arithmetic ? "multiply-adds" : "one pass";

    private static string Ratio(BenchCaseRecord one) => one.Rule == BenchRules.Backpropagation ? ""
        : $"{NumberText.Format(one.ToBackpropagation, "0.00")} ({NumberText.Format(one.OperationsToBackpropagation, "0.00")})";
}
