using System.CommandLine;
using System.Globalization;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa pipeline</c>: what a step would take on many machines that share the layers. It computes and measures nothing.</summary>
internal static class PipelineCommand
{
    private const int MostRanks = 4096, MostMicroBatches = 4096;

    /// <param name="terminal">Where to print.</param>
    public static Command Create(Terminal terminal)
    {
        var network = Text(
            "--network", "784-64x512-10", "Layer sizes from input to output, or a row of modules. [default: 784-64x1024-10]");
        var ranks = Text("--ranks", "N", "Machines, each with a process. [default: 64]");
        var micro = Text("--micro-batches", "1,4,16", "Groups of a batch that follow one another, joined by commas. [default: 1,4,16,64]");
        var batch = Text("--batch", "N", "Examples of a batch. [default: 1024]");
        var speed = Text(
            "--gflops", "number", "Thousand million operations per second of a machine; `fa bench` measures yours. [default: 100]");
        var bandwidth = Text("--bandwidth", "number", "Gigabits per second from machine to machine. [default: 10]");
        var latency = Text("--latency", "number", "Microseconds that every message takes besides. [default: 50]");
        var command = new TaughtCommand(
            "pipeline",
            "Forecasts what a training step takes on many machines that share the layers (training.parallel layers or pipeline) or the "
                + "batch. A model of equal parts (docs/distributed.md); nothing is measured.",
            "fa pipeline --network 784-64x1024-10 --ranks 64 --micro-batches 1,4,16,64",
            "fa pipeline --ranks 8 --gflops 2000 --bandwidth 100")
        {
            network, ranks, micro, batch, speed, bandwidth, latency,
        };
        command.SetAction(parsed =>
        {
            var text = parsed.GetValue(network) ?? "784-64x1024-10";
            var plan = Plan(text, terminal);
            var examples = Count(parsed, batch, 1024, 1 << 24);
            var machines = new Machines(
                1e9 * Number(parsed, speed, 100), 1e9 / 8 * Number(parsed, bandwidth, 10),
                1e-6 * Number(parsed, latency, 50, mayBeZero: true));
            var forecast = new StepForecast(plan, examples, machines);
            var count = Count(parsed, ranks, 64, MostRanks);
            if (count > forecast.MostRanks)
            {
                throw new BadInputException(
                    $"--ranks: must be at most {forecast.MostRanks}, the layers with weights; was {count}");
            }

            var groups = MicroBatches(parsed.GetValue(micro) ?? "1,4,16,64", examples);
            ForecastTable.Write(terminal.Output, text, examples, forecast, count, groups);
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string?> Text(string name, string value, string description)
        => new(name) { Description = description, HelpName = value };

    private static NetworkPlan Plan(string text, Terminal terminal)
        => NetworkPlan.TryParse(text, terminal.Components.Parts, out var plan, out var mistake) ? plan
            : throw new BadInputException($"--network: {mistake}");

    private static int[] MicroBatches(string text, int examples)
    {
        var most = Math.Min(MostMicroBatches, examples);
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return
        [
            .. parts.Select(part => TryCount(part, most, out var count) ? count
                : throw new BadInputException(
                    $"--micro-batches: must be whole numbers from 1 to {most}, joined by commas, was \"{text}\"")),
        ];
    }

    private static int Count(ParseResult parsed, Option<string?> option, int otherwise, int most)
        => parsed.GetValue(option) is not { } text ? otherwise : TryCount(text, most, out var count) ? count
            : throw new BadInputException($"{option.Name}: must be a whole number from 1 to {most}, was \"{text}\"");

    private static bool TryCount(string text, int most, out int count)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1 && count <= most;

    private static double Number(ParseResult parsed, Option<string?> option, double otherwise, bool mayBeZero = false)
        => parsed.GetValue(option) is not { } text ? otherwise
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number <= 1e12
                && (number > 0 || (mayBeZero && number == 0)) ? number
            : throw new BadInputException(
                $"{option.Name}: must be a number {(mayBeZero ? "≥" : ">")} 0 and at most 1e12, was \"{text}\"");
}
