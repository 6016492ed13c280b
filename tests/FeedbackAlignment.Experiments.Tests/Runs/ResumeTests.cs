using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>What is left of an experiment that was stopped and gone on with is, to the byte, what is left of one that was not.</summary>
public sealed class ResumeTests
{
    private const string Whole = "whole";

    public static TheoryData<string> Rules() => [.. RuleCatalog.Standard.Ids];

    public static TheoryData<string> Specs() => ["freeze", "freeze-redrawn", "switch", "spiking", "linear", "banded"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRuleGoesOnToTheSameBytes(string rule)
        => AssertGoesOn(
            TinyExperiment.Spec with
            {
                Rules = [rule],
                Seeds = [1, 2],
                Network = TinyExperiment.RulesOfDenseNetworks.Contains(rule) ? TinyExperiment.Spec.Network
                    : new() { Layers = "1x28x28, conv 5x5 2 stride 4, batch-norm, relu, dense 10" },
                Optimizer = new() { Kind = "adam" },
                Training = TinyExperiment.Spec.Training with { MeasureNorms = true, Snapshots = SnapshotIds.Evaluations },
            },
            40, 75, 3, 118);

    /// <summary>Phases, feedback drawn anew, another rule on the way, spikes, the last weights kept, regression.</summary>
    [Theory]
    [MemberData(nameof(Specs))]
    public void ThePapersExperimentsGoOnToTheSameBytes(string name)
    {
        var spec = SpecReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "specs", "paper", $"{name}.json")), Components.Standard);
        spec = spec with
        {
            Seeds = [1],
            Data = spec.Data with { Train = 60, Validation = 40, Test = 50 },
            Training = spec.Training with
            {
                Phases = spec.Training.Phases is { } phases ? [.. phases.Select(phase => phase with { Examples = 60 })] : null,
                Examples = spec.Training.Phases is null ? 150 : null,
                Epochs = null,
                EvaluateEvery = 50,
                MeasureEvery = 50,
                MeasureExamples = 20,
            },
        };
        AssertGoesOn(spec, 30, 60, 101, 140);
    }

    [Fact]
    public void WithoutAnIntervalAStopIsACheckpointAndNothingElseIs()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(every: null, folder: Whole);
        experiment.Run(stopAfter: 70, every: null);
        Assert.True(File.Exists(experiment.RunPath("checkpoint.state")));
        Assert.False(File.Exists(experiment.RunPath("checkpoint-before.state")));
        experiment.Run(every: null);
        experiment.AssertSameAs(Whole);
    }

    [Fact]
    public void RunsThatHaveEndedAreNotRepeated()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec with { Rules = ["shallow", "feedback-alignment"], Training = StoppedExperiment.Spec.Training with { Threads = 64 } });
        experiment.Run(folder: Whole);
        experiment.Calls.Clear();
        experiment.Run(stopAfter: 120);
        Assert.Equal(["started shallow-1", "finished shallow-1 Completed"], experiment.Calls);
        var written = File.GetLastWriteTimeUtc(experiment.RunPath("weights.npz", "shallow-1"));
        experiment.Calls.Clear();
        experiment.Run();
        Assert.Equal(["found shallow-1", "started feedback-alignment-1", "finished feedback-alignment-1 Completed"], experiment.Calls);
        Assert.Equal(written, File.GetLastWriteTimeUtc(experiment.RunPath("weights.npz", "shallow-1")));
        experiment.AssertSameAs(Whole);

        experiment.Calls.Clear();
        experiment.Run();
        Assert.Equal(["found shallow-1", "found feedback-alignment-1"], experiment.Calls);
    }

    /// <summary>What an earlier stop said of a run is out of date once it goes on.</summary>
    [Fact]
    public void ARunThatGoesOnIsNotSaidToBeStopped()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec with { Rules = ["shallow", "feedback-alignment"], Training = StoppedExperiment.Spec.Training with { Threads = 64 } });
        experiment.Run(stopAfter: 50);
        Assert.True(File.Exists(experiment.RunPath("run.json", "shallow-1")));
        experiment.Run(step: _ => Assert.False(File.Exists(experiment.RunPath(experiment.Calls[^1].StartsWith("started shallow", StringComparison.Ordinal) ? "run.json" : "../../results.json", "shallow-1"))));
    }

    /// <summary>Stopped from outside while it waits; then it goes on to the same end. Sixty examples are soon known by heart.</summary>
    [Fact]
    public void ARunThatStopsEarlyHasEndedTooAndGoesOnToTheSameBytes()
    {
        var spec = StoppedExperiment.Spec with
        {
            Optimizer = new() { LearningRate = 0.05f },
            Training = StoppedExperiment.Spec.Training with { Epochs = 300, Patience = 3, EvaluateEvery = 30 },
        };
        AssertGoesOn(spec, 30, 75, 100);
        using var experiment = new StoppedExperiment(spec);
        var run = experiment.Run().Runs[0];
        Assert.Equal(RunStatus.StoppedEarly, run.Status);
        Assert.InRange(run.Examples, 120, 17_000);
        Assert.StartsWith("3 evaluations in a row were no better on the validation examples; stopped after", run.Reason, StringComparison.Ordinal);
        Assert.NotNull(run.TestError);
        experiment.Calls.Clear();
        experiment.Run();
        Assert.Equal(["found feedback-alignment-1"], experiment.Calls);
    }

    [Fact]
    public void ADivergedRunHasEndedToo()
    {
        using var experiment = new StoppedExperiment(
            StoppedExperiment.Spec with { Loss = "squared-error", Optimizer = new() { LearningRate = 1000 } });
        Assert.Equal(RunStatus.Diverged, experiment.Run().Runs[0].Status);
        experiment.Calls.Clear();
        experiment.Run();
        Assert.Equal(["found feedback-alignment-1"], experiment.Calls);
    }

    [Theory]
    [InlineData("run.json", "{ torn")]
    [InlineData("run.json", "")]
    [InlineData("weights.npz", null)]
    public void ARunWhoseEndIsNotWholeIsRunAgain(string file, string? content)
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: Whole);
        experiment.Run();
        if (content is null)
        {
            File.Delete(experiment.RunPath(file));
        }
        else
        {
            File.WriteAllText(experiment.RunPath(file), content);
        }

        experiment.Run();
        experiment.AssertSameAs(Whole);
    }

    /// <summary>What a run leaves that is killed while it writes: torn lines, parts of files.</summary>
    [Fact]
    public void TornRecordsAndPartsOfFilesAreCutOff()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: Whole);
        experiment.Run(stopAfter: 50);
        foreach (var file in (string[])["metrics.jsonl", "curve.csv", "alignment.csv"])
        {
            // Long enough to stand out behind all that is still to come.
            File.AppendAllText(experiment.RunPath(file), "{\"kind\":\"curve\",\"exam" + new string('x', 100_000));
        }

        File.WriteAllText(experiment.RunPath(AsideName.New("checkpoint.state")), "FA-ST");
        File.WriteAllText(experiment.RunPath(AsideName.New("run.json")), "{");
        experiment.Run();
        experiment.AssertSameAs(Whole);
    }

    [Theory]
    [InlineData("checkpoint.state", 1000, "the checksum is not that of what stands before it")]
    [InlineData("checkpoint.state", 0, "it does not begin with FA-STATE")]
    [InlineData("checkpoint.state", -1, "the checksum is not that of what stands before it")]
    [InlineData("checkpoint.state", -2, "is cut off")]
    public void ADamagedCheckpointFallsBackToTheOneBeforeAndSaysSo(string file, int place, string trouble)
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: Whole);
        experiment.Run(stopAfter: 90);
        Damage(experiment.RunPath(file), place);

        // Twice: who is stopped at once must not lose the good one.
        experiment.Run(stopAfter: 1);
        Assert.Equal($"{experiment.RunPath(file)}", experiment.Notices[0].Split(", byte")[0]);
        Assert.Contains(trouble, experiment.Notices[0], StringComparison.Ordinal);
        Assert.EndsWith("; the run continues from the checkpoint before it, at 76 examples", experiment.Notices[0],
            StringComparison.Ordinal);
        Assert.True(File.Exists(experiment.RunPath("checkpoint-damaged.state")));
        experiment.Run();
        Assert.Single(experiment.Notices);
        experiment.AssertSameAs(Whole);
    }

    [Theory]
    [InlineData("metrics.jsonl")]
    [InlineData("curve.csv")]
    [InlineData("alignment.csv")]
    public void RecordsThatACheckpointCountsOnAreMissed(string file)
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(stopAfter: 90);
        File.WriteAllText(experiment.RunPath(file), "");
        Assert.Contains($"{experiment.RunPath(file)}, byte 0: the file ends here, but the checkpoint counts on ", Assert.Throws<CheckpointException>(() => experiment.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordThatIsNoneIsNamed()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(stopAfter: 90);
        var lines = File.ReadAllText(experiment.RunPath("metrics.jsonl"));
        File.WriteAllText(experiment.RunPath("metrics.jsonl"), "[" + lines[1..]);
        Assert.Contains("metrics.jsonl, line 1: not a record of a run", Assert.Throws<CheckpointException>(() => experiment.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAWholeCheckpointARunBeginsAnewOnlyIfAsked()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: Whole);
        experiment.Run(stopAfter: 90);
        Damage(experiment.RunPath("checkpoint.state"), 500);
        Damage(experiment.RunPath("checkpoint-before.state"), 500);
        var before = experiment.Left();
        var trouble = Assert.Throws<CheckpointException>(() => experiment.Run());
        Assert.StartsWith("the run cannot continue from its checkpoints: ", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("checkpoint-before.state, byte ", trouble.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', trouble.Message);
        Assert.Equal(before, experiment.Left());

        experiment.Run(anew: true);
        Assert.Contains("feedback-alignment-1: the run cannot continue from its checkpoints", experiment.Notices[0],
            StringComparison.Ordinal);
        Assert.EndsWith("; the run starts from the beginning", experiment.Notices[0], StringComparison.Ordinal);
        experiment.AssertSameAs(Whole);
    }

    /// <summary>Bytes changed at random: the run goes on to the same bytes, from the other checkpoint, or nothing is done.</summary>
    [Fact]
    public void NoDamageMakesAnotherResult()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: Whole);
        var random = new RandomStreams(1).Stream("damage");
        for (var i = 0; i < 25; i++)
        {
            if (Directory.Exists(experiment.Folder))
            {
                Directory.Delete(experiment.Folder, recursive: true);
            }

            experiment.Run(stopAfter: 90);
            foreach (var file in (string[])["checkpoint.state", "checkpoint-before.state"])
            {
                if (random.NextInt32(4) > 0)
                {
                    Damage(experiment.RunPath(file), random.NextInt32((int)new FileInfo(experiment.RunPath(file)).Length));
                }
            }

            try
            {
                experiment.Run();
                experiment.AssertSameAs(Whole);
            }
            catch (CheckpointException)
            {
                experiment.Run(anew: true);
                experiment.AssertSameAs(Whole);
            }
        }
    }

    [Fact]
    public void TheCheckpointOfAnotherRunIsRefused()
    {
        // Of two runs side by side the second may not have begun when the first comes to its stop: they wait for each other.
        using var both = new Barrier(2);
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec with { Seeds = [1, 2] });
        experiment.Run(stopAfter: 50, every: null, step: examples =>
        {
            if (examples == 32)
            {
                both.SignalAndWait(TimeSpan.FromSeconds(60));
            }
        });
        File.Copy(experiment.RunPath("checkpoint.state", "feedback-alignment-2"), experiment.RunPath("checkpoint.state"), overwrite: true);
        Assert.Contains(
            "a checkpoint of another training: rule.seed was 2, is now 1; ",
            Assert.Throws<CheckpointException>(() => experiment.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherDataAndAnotherSpecAreRefused()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(stopAfter: 50);
        var loaded = TinyExperiment.Load(StoppedExperiment.Spec);
        loaded.Split.Train.Inputs[3, 400] += 0.5f;
        var data = Assert.Throws<FolderException>(() => experiment.Run(data: loaded)).Message;
        Assert.StartsWith($"{experiment.Folder}: was begun on other data (checksum ", data, StringComparison.Ordinal);

        // Who deletes the checksum has the checkpoint against him.
        File.Delete(Path.Combine(experiment.Folder, "resume.json"));
        Assert.Matches(
            "byte [0-9]+: a checkpoint of another training: data.training.content was [0-9a-f]{32}, is now [0-9a-f]{32}; make",
            Assert.Throws<CheckpointException>(() => experiment.Run(data: loaded)).Message);

        var other = StoppedExperiment.Spec with { Training = StoppedExperiment.Spec.Training with { BatchSize = 17 } };
        var own = TinyExperiment.Load(other);
        var runner = new ExperimentRunner(SpecCompletion.Complete(other, own.Record, Components.Standard), own.Split, own.Record,
            ExperimentFolder.Open(experiment.Folder), Components.Standard, TimeProvider.System);
        Assert.Equal(
            $"{experiment.Folder}: was begun under another spec: training.batchSize was 16, is now 17; restore the old value to continue, "
            + "or start a new run from the weights of a run with `fa train --from RUN`",
            Assert.Throws<FolderException>(() => runner.Run(new Nobody(), default)).Message);
    }

    [Fact]
    public void AChecksumSeesEveryNumber()
    {
        var loaded = TinyExperiment.Load(StoppedExperiment.Spec);
        var before = DataChecksum.Of(loaded.Split);
        Assert.Equal(before, DataChecksum.Of(TinyExperiment.Load(StoppedExperiment.Spec).Split));
        foreach (var set in (DataSet[])[loaded.Split.Train, loaded.Split.Validation, loaded.Split.Test])
        {
            foreach (var matrix in (Matrix[])[set.Inputs, set.Targets])
            {
                var last = matrix[matrix.Rows - 1, matrix.Columns - 1];
                matrix[matrix.Rows - 1, matrix.Columns - 1] = last + 1;
                Assert.NotEqual(before, DataChecksum.Of(loaded.Split));
                matrix[matrix.Rows - 1, matrix.Columns - 1] = last;
            }
        }
    }

    /// <summary>The clock is set back by a day at every look.</summary>
    [Fact]
    public void AClockThatJumpsBackSpoilsNothing()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        experiment.Run(folder: Whole);
        experiment.Clock = new BackwardClock();
        experiment.Run(stopAfter: 50);
        var record = experiment.Run();
        Assert.True(record.Runs[0].Seconds >= 0);
        experiment.AssertSameAs(Whole);
    }

    [Fact]
    public void SecondsAddUpOverAStop()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec) { Clock = new SteadyClock() };
        var stopped = experiment.Run(stopAfter: 60).Runs[0].Seconds;
        Assert.True(experiment.Run().Runs[0].Seconds > stopped);
    }

    private static void AssertGoesOn(ExperimentSpec spec, params long[] stops)
    {
        using var experiment = new StoppedExperiment(spec);
        experiment.Run(every: null, folder: Whole);
        foreach (var stop in stops)
        {
            experiment.Run(stopAfter: stop);
        }

        Assert.All(experiment.Run().Runs, run => Assert.True(run.Status.IsEnd()));
        experiment.AssertSameAs(Whole);
        Assert.Empty(experiment.Notices);
    }

    /// <param name="file">The file.</param>
    /// <param name="place">The byte to change; -1: the last; -2: cut the file down to 20 bytes.</param>
    private static void Damage(string file, int place)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[place < 0 ? ^1 : place] ^= 0x40;
        File.WriteAllBytes(file, place == -2 ? bytes[..20] : bytes);
    }

    private sealed class Nobody : ExperimentObserver;

    private sealed class BackwardClock : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => -Interlocked.Increment(ref _looks) * TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    }

    private sealed class SteadyClock : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimestampFrequency;
    }
}
