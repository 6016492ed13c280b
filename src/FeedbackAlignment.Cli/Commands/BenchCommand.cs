using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Benchmarks;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>What <c>fa bench</c> measures, given the number of threads.</summary>
/// <param name="Steps">The steps and the machine's limits.</param>
/// <param name="Growth">The growth with the number of hidden units.</param>
internal sealed record BenchPlans(Func<int, BenchPlan> Steps, Func<int, GrowthPlan> Growth)
{
    public static BenchPlans Standard { get; } = new(BenchPlan.Standard, threads => new GrowthPlan { Threads = threads });
}

/// <summary><c>fa bench</c>: how fast this machine is, and how near to that a step of training comes.</summary>
internal static class BenchCommand
{
    private const int MostThreads = 256;

    /// <param name="terminal">Where to print.</param>
    /// <param name="plans">What to measure.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Command Create(Terminal terminal, BenchPlans plans, CancellationToken cancellation)
    {
        var threads = new Option<string?>("--threads")
        {
            Description = "Measure with 1 thread and with N threads. [default: the number of processors]",
            HelpName = "N",
        };
        var growth = new Option<bool>("--growth")
        {
            Description = "Measure instead how time and memory grow from 256 to 4096 hidden units.",
        };
        var cases = new Option<string?>("--cases")
        {
            Description = $"Measure only the steps of some networks: {string.Join(", ", plans.Steps(1).Networks)}; joined by commas. "
                + "[default: all]",
            HelpName = "NETWORKS",
        };
        var json = new Option<bool>("--json") { Description = "Print only the results, as JSON, to standard output." };
        var command = new TaughtCommand(
            "bench",
            "Measures the arithmetic speed and the memory bandwidth of this machine, and how close a training step under each rule "
                + "comes to them. "
            + "Takes about a minute. Do not use the machine meanwhile.",
            "fa bench",
            "fa bench --cases conv-mnist,conv-cifar,resnet-20",
            "fa bench --threads 1 --json",
            "fa bench --growth")
        {
            threads, cases, growth, ArithmeticOption.New(), json,
        };
        command.SetAction(parsed =>
        {
            var count = Threads(parsed.GetValue(threads));
            if (parsed.GetValue(growth))
            {
                if (parsed.GetValue(cases) is not null)
                {
                    throw new BadInputException("--cases: chooses networks whose steps are timed; it does not go with --growth");
                }

                var plan = plans.Growth(count);
                Show(terminal, parsed.GetValue(json), Watch(terminal, progress => new GrowthBench(plan, terminal.Clock).Run(progress, cancellation)), GrowthTable.Write);
            }
            else
            {
                var plan = Some(plans.Steps(count), parsed.GetValue(cases));
                Show(terminal, parsed.GetValue(json), Watch(terminal, progress => new Bench(plan, terminal.Clock).Run(progress, cancellation)), BenchTable.Write);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static BenchPlan Some(BenchPlan plan, string? cases)
    {
        if (cases is null)
        {
            return plan;
        }

        var wanted = cases.Split(',', StringSplitOptions.TrimEntries);
        return wanted.FirstOrDefault(name => !plan.Networks.Contains(name)) is { } unknown
            ? throw new BadInputException($"--cases: there is no case \"{unknown}\"; there are {string.Join(", ", plan.Networks)}")
            : plan with { Workloads = [.. plan.Workloads.Where(workload => wanted.Contains(workload.Network))] };
    }

    private static int Threads(string? text)
        => text is null ? Math.Min(Environment.ProcessorCount, MostThreads)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostThreads ? count
        : throw new BadInputException($"--threads: must be a number of threads from 1 to {MostThreads}, was \"{text}\"");

    /// <summary>Shows a bar to a person, where results are not printed.</summary>
    private static T Watch<T>(Terminal terminal, Func<Action<double>, T> measure)
    {
        if (!Terminal.CanDrawAgain(terminal.Side))
        {
            return measure(_ => { });
        }

        return terminal.Side.Progress().AutoClear(true).Start(context =>
        {
            var bar = context.AddTask("measuring", maxValue: 1);
            return measure(share => bar.Value = share);
        });
    }

    private static void Show<T>(Terminal terminal, bool json, T record, Action<IAnsiConsole, T> write)
    {
        if (json)
        {
            terminal.PlainOutput.WriteLine(JsonSerializer.Serialize(record, ExperimentJson.Indented));
        }
        else
        {
            write(terminal.Output, record);
        }
    }
}
