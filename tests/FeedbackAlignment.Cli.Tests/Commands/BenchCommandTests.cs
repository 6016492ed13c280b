using System.CommandLine;
using System.Text.Json;
using FeedbackAlignment.Cli.Commands;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Benchmarks;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Networks;
using Spectre.Console.Testing;

namespace FeedbackAlignment.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    private const int NarrowScreen = 80;
    private readonly TestConsole _screen = new() { Profile = { Width = NarrowScreen } };
    private readonly TestConsole _side = new();
    private readonly StringWriter _plain = new(), _error = new();

    [Fact]
    public void JsonHasTheMachineAndTheCases()
    {
        Assert.Equal(ExitCode.Done, Bench("--json", "--threads", "2"));
        using var json = JsonDocument.Parse(_plain.ToString());
        var machine = json.RootElement.GetProperty("machine");
        Assert.True(machine.GetProperty("fmaPeakGflops").GetDouble() > 0);
        Assert.True(machine.GetProperty("rmwGBps").GetDouble() > 0);
        var last = json.RootElement.GetProperty("cases").EnumerateArray().Last();
        Assert.Equal("20-30-5", last.GetProperty("network").GetString());
        Assert.Equal(4, last.GetProperty("batch").GetInt32());
        Assert.Equal(2, last.GetProperty("threads").GetInt32());
        Assert.Equal("direct-feedback-alignment", last.GetProperty("rule").GetString());
        Assert.All(
            (string[])["microsecondsPerStep", "examplesPerSecond", "fractionOfLimit"],
            key => Assert.True(last.GetProperty(key).GetDouble() > 0));
        Assert.Empty(_screen.Output);
    }

    [Fact]
    public void TheTableNamesEveryRuleAndFitsANarrowScreen()
    {
        Assert.Equal(ExitCode.Done, Bench());
        Assert.All(BenchRules.All, rule => Assert.Contains(rule, _screen.Output));
        Assert.Contains("of limit", _screen.Output);
        Assert.DoesNotContain("…", _screen.Output);
        Assert.All(_screen.Lines, line => Assert.InRange(line.Length, 0, NarrowScreen));
        Assert.Empty(_plain.ToString());
    }

    [Fact]
    public void WideFiguresFitANarrowScreenToo()
    {
        BenchTable.Write(_screen, WideFigures());
        Assert.DoesNotContain("…", _screen.Output);
        Assert.Contains("direct-feedback-alignment      256   123456  12\u202f345\u202f678      90 %   0.72 (0.72)", _screen.Lines);
        Assert.Contains(_screen.Lines, line => line.StartsWith("pass over 784-1024-1024-1024-1024-10", StringComparison.Ordinal) && line.EndsWith("1234 GB/s", StringComparison.Ordinal));
        Assert.Contains("Medians of 1234 samples, cases in turns. One pass: all weights read and written.", _screen.Lines);
        Assert.Contains(_screen.Lines, line => line.StartsWith("256 threads did 1.5 times", StringComparison.Ordinal));
    }

    [Fact]
    public void CasesChoosesNetworks()
    {
        Assert.Equal(ExitCode.Done, Bench("--cases", "20-30-5"));
        Assert.Contains("20-30-5", _screen.Output);
        Assert.Equal(
            "--cases: there is no case \"resnet\"; there are 20-30-5",
            Assert.Throws<BadInputException>(() => Bench("--cases", "20-30-5, resnet")).Message);
        Assert.Equal(
            "--cases: chooses networks whose steps are timed; it does not go with --growth",
            Assert.Throws<BadInputException>(() => Bench("--growth", "--cases", "20-30-5")).Message);
    }

    [Fact]
    public void GrowthShowsExponentsAndMemory()
    {
        Assert.Equal(ExitCode.Done, Bench("--growth"));
        Assert.Contains("exponent", _screen.Output);
        Assert.Contains("measured", _screen.Output);
        Assert.All(_screen.Lines, line => Assert.InRange(line.Length, 0, NarrowScreen));
    }

    [Fact]
    public void GrowthAsJsonHasTimeAndMemory()
    {
        Assert.Equal(ExitCode.Done, Bench("--growth", "--json"));
        using var json = JsonDocument.Parse(_plain.ToString());
        Assert.Equal([false, false, true, false, true], json.RootElement.GetProperty("memory").EnumerateArray().Select(series => series.GetProperty("regenerated").GetBoolean()));
        Assert.True(json.RootElement.GetProperty("time")[0].GetProperty("points")[0].GetProperty("microsecondsPerStep").GetDouble() > 0);
    }

    [Fact]
    public void AStopIsOneLineAndAFailure()
    {
        using var fa = new Fa();
        Assert.Equal(ExitCode.Failed, fa.Run(["bench"], new CancellationToken(canceled: true)));
        Assert.Equal("fa: stopped\n", fa.Error);
        Assert.Empty(fa.Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("257")]
    [InlineData("two")]
    public void AnImpossibleNumberOfThreadsIsBadInput(string threads)
    {
        using var fa = new Fa();
        Assert.Equal(ExitCode.BadInput, fa.Run("bench", "--threads", threads));
        Assert.Equal($"fa: --threads: must be a number of threads from 1 to 256, was \"{threads}\"\n", fa.Error);
    }

    public void Dispose()
    {
        _screen.Dispose();
        _side.Dispose();
        _plain.Dispose();
        _error.Dispose();
    }

    private int Bench(params string[] options)
    {
        var times = new BenchTimes { WarmUp = TimeSpan.Zero, Measuring = TimeSpan.Zero, Sample = TimeSpan.FromMicroseconds(50) };
        var workload = new BenchWorkload { Network = "20-30-5", Batch = 4, Activation = Activation.Tanh.Id, Limit = StepLimit.Arithmetic };
        var plans = new BenchPlans(
            threads => new BenchPlan { Threads = threads, Workloads = [workload], Times = times },
            threads => new GrowthPlan { Threads = threads, Shapes = ["20-n-5"], Hidden = [16, 32], Times = times });
        return BenchCommand.Create(Terminal(), plans, CancellationToken.None).Parse(options).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private Terminal Terminal() => new() { Output = _screen, Side = _side, PlainOutput = _plain, Error = _error, Variable = _ => null };

    private static BenchRecord WideFigures() => new()
    {
        Machine = new BenchMachineRecord
        {
            Processor = "AMD EPYC 9965 192-Core Processor",
            Environment = new EnvironmentRecord
            {
                Version = "1.0.0",
                Runtime = ".NET 10.0.100",
                System = "Debian GNU/Linux 12 (bookworm)",
                Architecture = "x64",
                Processors = 384,
                VectorBits = 512,
                Started = DateTimeOffset.UnixEpoch,
            },
            FmaPeakGflops = 375,
            RmwGBps = 1234,
            Peaks = [new() { Threads = 1, Gflops = 250, BestGflops = 251 }, new() { Threads = 256, Gflops = 375, BestGflops = 376 }],
            MemoryPasses = [new() { Network = "784-1024-1024-1024-1024-10", Threads = 256, Bytes = 15_835_136, Microseconds = 12345, GBps = 1234 }],
        },
        Cases =
        [
            new()
            {
                Network = "784-1024-1024-1024-1024-10",
                Batch = 1,
                Threads = 256,
                Runs = 1,
                InputShare = 1,
                Rule = BenchRules.DirectFeedbackAlignment,
                MicrosecondsPerStep = 123_456,
                ExamplesPerSecond = 12_345_678,
                FractionOfLimit = 0.9,
                Limit = StepLimit.Memory,
                ToBackpropagation = 0.72,
                OperationsToBackpropagation = 0.719,
                OperationsPerStep = 1,
                FastestMicroseconds = 1,
                Samples = 1234,
            },
        ],
    };
}
