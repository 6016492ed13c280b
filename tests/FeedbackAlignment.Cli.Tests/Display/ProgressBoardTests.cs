using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using Spectre.Console.Testing;

namespace FeedbackAlignment.Cli.Tests.Display;

public sealed class ProgressBoardTests
{
    private static readonly DataRecord _data = new() { Description = "digits", Train = 100, Validation = 10, Test = 10, Inputs = 784, Outputs = 10, Classification = true };

    private readonly Minutes _clock = new();

    [Fact]
    public void ItTellsRuleSeedEpochLossErrorAndTimeLeft()
    {
        var board = new ProgressBoard(new ExperimentSpec { Rules = ["direct-feedback-alignment", "shallow"], Seeds = [1, 2] }, _data, _clock);
        Finish(board, "direct-feedback-alignment", 1, RunStatus.Completed, 0.1);
        board.OnStarted(new("direct-feedback-alignment", 2), 2000);
        board.OnStep(new("direct-feedback-alignment", 2), 1250, 0.23456);
        board.OnEvaluation(new("direct-feedback-alignment", 2), new CurveRecord(1200, 12, 0.2, 0.3, 0.0345, 0.1));
        Finish(board, "shallow", 1, RunStatus.Diverged, null);
        _clock.Now += 120;

        // 1 + 0.625 + 1 of 4 runs in 2 minutes.
        Assert.Equal(
            """
            rule                       seed    epoch       loss    validation error
            direct-feedback-alignment  1 of 2  done                10.00 %
            shallow                    1 of 2  1 failed            –
            direct-feedback-alignment  2       12.5 of 20  0.2346  3.45 %

            all 4 runs  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  66 %  1:02 left
            Ctrl-C stops and keeps the results so far
            """.ReplaceLineEndings("\n"),
            Draw(board, 80, 24));
    }

    /// <summary>The weights as they were drawn have an error too; it is not the epoch's.</summary>
    [Fact]
    public void TheErrorBeforeTheFirstStepIsNotShownAsTheTrainings()
    {
        var board = new ProgressBoard(new ExperimentSpec { Rules = ["shallow"], Seeds = [1] }, _data, _clock);
        board.OnStarted(new("shallow", 1), 2000);
        board.OnEvaluation(new("shallow", 1), new CurveRecord(0, 0, null, 2.3, 0.9, 0.1));
        Assert.DoesNotContain("90.00 %", Draw(board, 80, 24), StringComparison.Ordinal);
        board.OnEvaluation(new("shallow", 1), new CurveRecord(100, 1, 0.2, 0.3, 0.4, 0.1));
        Assert.Contains("40.00 %", Draw(board, 80, 24), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 10)]
    [InlineData(76, 6)]
    public void ItNeverGrowsBeyondTheScreen(int width, int height)
    {
        ulong[] seeds = [.. Enumerable.Range(1, 50).Select(seed => (ulong)seed)];
        var board = new ProgressBoard(new ExperimentSpec { Seeds = seeds }, _data, _clock);
        foreach (var seed in seeds)
        {
            Finish(board, "backpropagation", seed, RunStatus.Completed, 0.1);
            board.OnStarted(new("shallow", seed), 2000);
            board.OnStep(new("shallow", seed), 1250, 123456789);
        }

        var lines = Draw(board, width, height).Split('\n');
        Assert.InRange(lines.Length, 5, Math.Max(5, height));
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void ItBeginsWithNothing()
        => Assert.Contains("all 12 runs", Draw(new ProgressBoard(new ExperimentSpec(), _data, _clock), 80, 24));

    private static void Finish(ProgressBoard board, string rule, ulong seed, RunStatus status, double? error)
    {
        board.OnStarted(new(rule, seed), 2000);
        board.OnFinished(new(rule, seed), new RunRecord { Rule = rule, Seed = seed, Status = status, ValidationError = error });
    }

    private static string Draw(ProgressBoard board, int width, int height)
    {
        using var console = new TestConsole().Width(width);
        console.Write(board.Draw(width, height));
        return string.Join('\n', console.Lines.Select(line => line.TrimEnd()));
    }

    private sealed class Minutes : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
