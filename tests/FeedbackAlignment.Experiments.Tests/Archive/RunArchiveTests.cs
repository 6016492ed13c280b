using System.Diagnostics;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Tests.Runs;

namespace FeedbackAlignment.Experiments.Tests.Archive;

public sealed class RunArchiveTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void AllRunsBelowAFolderAreListedWithWhatTheirRecordsSay()
    {
        var (first, folder) = _experiments.Run(TinyExperiment.Spec with { Name = "one", Rules = ["shallow", "backpropagation"], Seeds = [1, 22] });
        _experiments.Run(TinyExperiment.Spec with { Name = "two", Rules = ["feedback-alignment"] });

        var runs = RunArchive.Find(Path.GetDirectoryName(folder)!);

        Assert.Equal(["backpropagation-1", "backpropagation-22", "shallow-1", "shallow-22", "feedback-alignment-1"], runs.Select(run => $"{run.Rule}-{run.Seed}"));
        Assert.Equal(["one", "one", "one", "one", "two"], runs.Select(run => run.Experiment));
        Assert.All(runs, run => Assert.Equal((RunState.Completed, "digits", "784-8-10", true), (run.State, run.Data, run.Network, run.Classification)));
        foreach (var listed in runs.Take(4))
        {
            var run = Assert.Single(first.Runs, run => run.Rule == listed.Rule && run.Seed == listed.Seed);
            Assert.Equal((run.TestError, run.ValidationError, run.Examples, run.Seconds), (listed.TestError, listed.ValidationError, listed.Examples!.Value, listed.Seconds!.Value));
            Assert.Equal(first.Environment.Started, listed.Began);
            Assert.True(File.Exists(Path.Combine(listed.Folder, "run.json")));
        }
    }

    [Fact]
    public void ARunThatHasNotEndedOrIsDamagedIsListedAsThat()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow", "backpropagation", "feedback-alignment"] });
        File.Delete(TinyExperiment.RunPath(folder, "shallow-1", "run.json"));
        File.WriteAllText(TinyExperiment.RunPath(folder, "backpropagation-1", "run.json"), """{ "rule": "backprop""");

        var runs = RunArchive.Find(folder).ToDictionary(run => run.Rule);
        Assert.Equal(RunState.Unfinished, runs["shallow"].State);
        Assert.Equal(RunState.Unreadable, runs["backpropagation"].State);
        Assert.Equal((1ul, null), (runs["backpropagation"].Seed!.Value, runs["backpropagation"].TestError));
        Assert.Equal(RunState.Completed, runs["feedback-alignment"].State);

        File.WriteAllText(Path.Combine(folder, "spec.json"), "[]");
        File.Delete(Path.Combine(folder, "data.json"));
        File.WriteAllText(Path.Combine(folder, "environment.json"), "null");
        Assert.Equal([RunState.Unreadable, RunState.Completed, RunState.Unreadable], RunArchive.Find(folder).Select(run => run.State));
    }

    /// <summary>Bytes that are no text, in a text that is compared and not understood.</summary>
    [Fact]
    public void ASpecWithBytesThatAreNoTextIsListedAllTheSame()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        var file = Path.Combine(folder, "spec.json");
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.AsSpan().IndexOf("shallow"u8)] = 0xA6;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(RunState.Completed, Assert.Single(RunArchive.Find(folder)).State);
    }

    [Fact]
    public void ADivergedRunAndAStoppedOneAreListedAsSuch()
    {
        using var stopped = new CancellationTokenSource();
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["backpropagation"], Optimizer = new() { LearningRate = 1e9f } });
        Assert.Equal(RunState.Diverged, Assert.Single(RunArchive.Find(folder)).State);

        var (_, other) = _experiments.Run(TinyExperiment.Spec with { Rules = ["backpropagation"] }, new StopAtOnce(stopped), stopped.Token);
        Assert.Equal(RunState.Cancelled, Assert.Single(RunArchive.Find(other)).State);
    }

    [Fact]
    public void AFolderThatIsNotThereIsRefused()
        => Assert.Contains("nowhere: no such folder", Assert.Throws<FolderException>(() => RunArchive.Find("nowhere")).Message,
            StringComparison.Ordinal);

    /// <summary>
    /// The promise is two seconds on a machine that does little else: one that needs long to merely read the files says nothing about the
    /// list.
    /// </summary>
    [Fact]
    public void TenThousandRunsAreListedInLessThanTwoSeconds()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["backpropagation"], Training = TinyExperiment.Spec.Training with { Epochs = 10, EvaluateEvery = 10, MeasureEvery = 10 } });
        var record = File.ReadAllBytes(TinyExperiment.RunPath(folder, "backpropagation-1", "run.json"));
        Assert.True(record.Length > 10_000, "a record with a curve of some length");
        for (var seed = 2; seed <= 10_000; seed++)
        {
            var run = TinyExperiment.RunPath(folder, $"backpropagation-{seed}", "run.json");
            Directory.CreateDirectory(Path.GetDirectoryName(run)!);
            File.WriteAllBytes(run, record);
        }

        var reading = Stopwatch.GetTimestamp();
        Assert.Equal(10_000, Directory.EnumerateFiles(folder, "run.json", SearchOption.AllDirectories).Count(file => File.ReadAllBytes(file).Length > 0));
        Assert.SkipWhen(Stopwatch.GetElapsedTime(reading).TotalSeconds > 0.25, "this machine is too busy to time anything");

        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(10_000, RunArchive.Find(folder).Count(run => run.State == RunState.Completed));
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
        }

        Assert.InRange(best.TotalSeconds, 0, 2);
    }

    private sealed class StopAtOnce(CancellationTokenSource stop) : ExperimentObserver
    {
        public override void OnStep(RunKey run, long examples, double loss) => stop.Cancel();
    }
}
