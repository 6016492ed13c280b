using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Cli.Tests.Distributed;

/// <summary><c>fa train</c> and <c>fa resume</c> on several ranks, which are threads here: what a user sees of them.</summary>
public sealed class RankCommandTests : IDisposable
{
    private const string Spec = """
        {
          "rules": ["feedback-alignment", "node-perturbation"], "seeds": [1],
          "data": { "train": 90, "validation": 40, "test": 40 },
          "network": { "layers": "784-12-10" },
          "optimizer": { "kind": "adam" },
          "training": { "batchSize": 8, "groups": 3, "epochs": 1, "evaluateEvery": 40, "measureExamples": 20 }
        }
        """;

    private const string Deep = """
        {
          "rules": ["direct-kolen-pollack", "backpropagation"], "seeds": [1],
          "data": { "train": 90, "validation": 40, "test": 40 },
          "network": { "layers": "784-12-9-10" },
          "optimizer": { "kind": "adam", "clipNorm": 0.5 },
          "training": { "batchSize": 8, "groups": 2, "parallel": "pipeline", "epochs": 1, "evaluateEvery": 40, "measureExamples": 20 }
        }
        """;

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void SeveralRanksLeaveWhatOneLeaves()
    {
        var spec = _fa.Write("spec.json", Spec);
        _fa.Done("train", spec, "--out", _fa.Path("one"));
        var ends = Run(3, _ => ["train", spec, "--out", _fa.Path("three")]);
        Assert.All(ends, end => Assert.Equal(ExitCode.Done, end.Code));
        Assert.Contains("ranks    3 processes share the 3 groups of each batch", ends[0].Output, StringComparison.Ordinal);
        Assert.Empty(ends[0].Error);
        Assert.All(ends.Skip(1), end => Assert.Equal(("", ""), (end.Output, end.Error)));
        AssertSame("one", "three");
    }

    /// <summary>More ranks than groups; readings of the instruments and checkpoints in between; a run each with and without them.</summary>
    [Fact]
    public void RanksThatShareTheLayersLeaveWhatOneLeaves()
    {
        var spec = _fa.Write("spec.json", Deep);
        _fa.Done("train", spec, "--out", _fa.Path("one"));
        var ends = Run(3, _ => ["train", spec, "--out", _fa.Path("three"), "--checkpoint-every", "24"]);
        Assert.All(ends, end => Assert.Equal((ExitCode.Done, ""), (end.Code, end.Error)));
        Assert.Contains("ranks    3 processes share the layers (pipeline)", ends[0].Output, StringComparison.Ordinal);
        AssertSame("one", "three", "direct-kolen-pollack-1", "backpropagation-1");
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        ends = Run(2, _ => ["train", spec, "--out", _fa.Path("run")], rank => rank == 1 ? stopped.Token : default);
        Assert.All(ends, end => Assert.Equal(ExitCode.Failed, end.Code));
        ends = Run(3, _ => ["resume", _fa.Path("run")]);
        Assert.All(ends, end => Assert.Equal((ExitCode.Done, ""), (end.Code, end.Error)));
        AssertSame("one", "run", "direct-kolen-pollack-1", "backpropagation-1");
    }

    [Fact]
    public void ARuleThatNeedsMoreThanTheOutputsErrorIsRefused()
        => AssertRefused(2, "rules[1]: \"backpropagation\": training.parallel must not be layers under it: a hidden layer needs the error",
            _ => Deep.Replace("pipeline", "layers", StringComparison.Ordinal));

    [Fact]
    public void MoreRanksThanLayersAreRefused()
        => AssertRefused(
            4, "training.parallel: pipeline: the network can be divided among at most 3 processes under direct-kolen-pollack; "
                + "there are 4", _ => Deep);

    [Fact]
    public void AnUnknownWayToDivideIsRefused()
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run("train", _fa.Write("spec.json", Deep), "--parallel", "layer", "--out", _fa.Path("none")));
        Assert.StartsWith("fa: --parallel: ", _fa.Error, StringComparison.Ordinal);
        Assert.Contains("batches, layers", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AStopOfOneRankStopsAllAndAnyNumberGoesOn()
    {
        var spec = _fa.Write("spec.json", Spec);
        _fa.Done("train", spec, "--out", _fa.Path("whole"));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var ends = Run(3, _ => ["train", spec, "--out", _fa.Path("run")], rank => rank == 2 ? stopped.Token : default);
        Assert.All(ends, end => Assert.Equal(ExitCode.Failed, end.Code));
        Assert.True(File.Exists(_fa.Path("run/runs/feedback-alignment-1/checkpoint.state")));
        Assert.False(Directory.Exists(_fa.Path("run/runs/node-perturbation-1")));
        Assert.Contains("stopped  the results so far are in that folder; continue with: fa resume", ends[0].Output,
            StringComparison.Ordinal);
        ends = Run(2, _ => ["resume", _fa.Path("run")]);
        Assert.All(ends, end => Assert.Equal((ExitCode.Done, ""), (end.Code, end.Error)));
        AssertSame("whole", "run");
    }

    /// <summary>Each process would do the whole work.</summary>
    [Theory]
    [InlineData("tune")]
    [InlineData("reproduce")]
    public void CommandsThatDivideNothingAreRefused(string command)
    {
        _fa.Variables["OMPI_COMM_WORLD_SIZE"] = "2";
        _fa.Variables["OMPI_COMM_WORLD_RANK"] = "0";
        Assert.Equal(ExitCode.BadInput, _fa.Run(command, "--out", _fa.Path("none")));
        Assert.StartsWith($"fa: fa {command} does not divide its work among processes, and mpirun has started 2", _fa.Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fa.Path("none")));
    }

    [Fact]
    public void FewerGroupsThanRanksAreRefused()
        => AssertRefused(4, "training.groups: must be at least 4 for 4 processes, one for each; was 3", _ => Spec);

    [Fact]
    public void ARankWithAnotherSpecIsRefused()
        => AssertRefused(
            2, "rank 1 has another spec than rank 0: training.batchSize is 16, on rank 0 8",
            rank => rank == 0 ? Spec : Spec.Replace("\"batchSize\": 8", "\"batchSize\": 16", StringComparison.Ordinal));

    [Fact]
    public void ARankThatCannotReadItsSpecIsNamedByRankZero()
        => AssertRefused(
            2, $"rank 1 cannot take part: {_fa.Path("spec1.json")}: optimizer.momentums: unknown key",
            rank => rank == 0 ? Spec : Spec.Replace("\"kind\": \"adam\"", "\"momentums\": 1", StringComparison.Ordinal));

    [Fact]
    public void AMistakeOfAllRanksIsToldOnce()
        => AssertRefused(3, $"{_fa.Path("spec0.json")}: training.groups: must be ≤ training.batchSize (2), or a group would never have an example; was 3",
            _ => Spec.Replace("\"batchSize\": 8", "\"batchSize\": 2", StringComparison.Ordinal));

    [Fact]
    public void WhatNeedsOneProcessIsRefused()
    {
        var spec = _fa.Write("spec.json", Spec);
        _fa.Done("train", spec, "--rules", "feedback-alignment", "--out", _fa.Path("one"));
        var ends = Run(2, _ => ["train", "--from", _fa.Path("one/runs/feedback-alignment-1"), "--out", _fa.Path("two")]);
        Assert.Equal("fa: --from: needs one process; for several name the weights in the spec, network.initialization.from\n",
            ends[0].Error);
        Assert.All(ends, end => Assert.Equal(ExitCode.BadInput, end.Code));
        Assert.False(Directory.Exists(_fa.Path("two")));
    }

    /// <summary>What goes wrong at one rank while all train ends the others, and is told by that rank.</summary>
    [Fact]
    public void ARankThatFailsWhileAllTrainEndsAll()
    {
        var spec = _fa.Write("spec.json", Spec);
        var ends = Run(2, _ => ["train", spec, "--out", _fa.Path("run")], ranks: ranks
            => ranks.Rank == 1 ? new Failing(ranks, after: 10) : ranks);
        Assert.All(ends, end => Assert.Equal(ExitCode.Failed, end.Code));
        Assert.Equal("fa: rank 1: the cable is out\n", ends[1].Error);
        Assert.Equal("fa: another rank has given up\n", ends[0].Error);
        _fa.Done("resume", _fa.Path("run"));
    }

    /// <param name="size">How many ranks.</param>
    /// <param name="line">How the one line begins that is told.</param>
    /// <param name="spec">The spec of each rank.</param>
    private void AssertRefused(int size, string line, Func<int, string> spec)
    {
        var ends = Run(size, rank => ["train", _fa.Write($"spec{rank}.json", spec(rank)), "--out", _fa.Path("run")]);
        Assert.StartsWith($"fa: {line}", ends[0].Error, StringComparison.Ordinal);
        Assert.Single(ends[0].Error.TrimEnd('\n').Split('\n'));
        Assert.All(ends.Skip(1), end => Assert.Equal(("", ""), (end.Output, end.Error)));
        Assert.All(ends, end => Assert.Equal(ExitCode.BadInput, end.Code));
        Assert.False(Directory.Exists(_fa.Path("run")));
    }

    private void AssertSame(string expected, string actual) => AssertSame(expected, actual, "feedback-alignment-1", "node-perturbation-1");

    private void AssertSame(string expected, string actual, params string[] runs)
    {
        foreach (var run in runs)
        {
            Assert.Equal(File.ReadAllBytes(_fa.Path($"{expected}/runs/{run}/weights.npz")),
                File.ReadAllBytes(_fa.Path($"{actual}/runs/{run}/weights.npz")));
            Assert.Equal(File.ReadAllText(_fa.Path($"{expected}/runs/{run}/metrics.jsonl")),
                File.ReadAllText(_fa.Path($"{actual}/runs/{run}/metrics.jsonl")));
        }

        ExperimentRecord one = Experiments.Runs.ExperimentFolder.Read(_fa.Path(expected)),
            other = Experiments.Runs.ExperimentFolder.Read(_fa.Path(actual));
        Assert.Equal(one.Runs.Select(run => (run.TestError, run.TrainLoss, run.Status)),
            other.Runs.Select(run => (run.TestError, run.TrainLoss, run.Status)));
    }

    private static (int Code, string Output, string Error)[] Run(
        int size, Func<int, string[]> args, Func<int, CancellationToken>? stop = null, Func<IRanks, IRanks>? ranks = null)
    {
        Fa[] all = [.. MemoryRanks.Create(size).Select(rank =>
        {
            var fa = new Fa { Ranks = ranks?.Invoke(rank) ?? rank };
            fa.Variables["OMPI_COMM_WORLD_SIZE"] = $"{size}";
            fa.Variables["OMPI_COMM_WORLD_RANK"] = fa.Variables["OMPI_COMM_WORLD_LOCAL_RANK"] = $"{rank.Rank}";
            return fa;
        })];
        string[][] commands = [.. Enumerable.Range(0, size).Select(args)];
        var codes = new int[size];
        Thread[] threads = [.. Enumerable.Range(0, size)
            .Select(rank => new Thread(() => codes[rank] = all[rank].Run(commands[rank], stop?.Invoke(rank) ?? default)))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(2)), "a rank waits for ever"));
        var ends = all.Zip(codes, (fa, code) => (code, fa.Output, fa.Error)).ToArray();
        Array.ForEach(all, fa => fa.Dispose());
        return ends;
    }

    /// <summary>Ranks that lose their way to the others.</summary>
    private sealed class Failing(IRanks inner, int after) : IRanks
    {
        private int _left = after;

        public int Rank => inner.Rank;

        public int Size => inner.Size;

        public void Send(int to, ReadOnlySpan<byte> message) => inner.Send(to, message);

        public void Receive(int from, Span<byte> message)
        {
            if (--_left < 0)
            {
                throw new RanksException("the cable is out");
            }

            inner.Receive(from, message);
        }

        public void Abort(int exitCode) => inner.Abort(exitCode);
    }
}
