using System.Text.Json;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Experiments.Tests.Runs;

namespace FeedbackAlignment.Experiments.Tests.Studies;

public sealed class StudyWorkerTests : IDisposable
{
    private const double Stale = 0.4;

    private static readonly ExperimentSpec _spec = SpecReader.Read(
        """
        { "rules": ["backpropagation", "feedback-alignment"], "seeds": [1, 2], "data": { "train": 60, "validation": 40, "test": 50 },
          "network": { "layers": "784-8-10" }, "training": { "epochs": 2, "batchSize": 16, "measureExamples": 20 },
          "study": { "grid": { "feedback.scale": [1, 2] } } }
        """, Components.Standard);

    private static readonly LoadedData _data = TinyExperiment.Load(_spec);

    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void RunsAreThoseOfAComparison()
    {
        var done = Work(Begin("study"));
        Assert.Equal(new WorkDone(6, 0, 0, 0, 0), done);
        using var experiments = new TinyExperiment();
        foreach (var scale in (float[])[1, 2])
        {
            var (record, folder) = experiments.Run(_spec with { Study = null, Feedback = new() { Scale = scale } });
            foreach (var run in record.Runs)
            {
                var planned = Read("study").Runs.Single(other => (other.Plan.Rule, other.Plan.Seed) == (run.Rule, run.Seed)
                    && other.Plan.Settings["feedback.scale"].GetSingle() == scale);
                Assert.Equal(TinyExperiment.Outcome(run), TinyExperiment.Outcome(planned.Record! with { Identity = null }));
                foreach (var file in (string[])["weights.npz", "metrics.jsonl", "curve.csv", "alignment.csv"])
                {
                    Assert.Equal(File.ReadAllBytes(TinyExperiment.RunPath(folder, $"{run.Rule}-{run.Seed}", file)),
                        File.ReadAllBytes(RunPath("study", planned.Plan.Name, file)));
                }
            }
        }
    }

    [Fact]
    public void AStudyLeavesTheseFiles()
    {
        var folder = Begin("study");
        Work(folder);
        string[] runs = [.. Read("study").Runs.Select(run => run.Plan.Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                .. runs.Select(run => $"claims/{run}.1"), "data.json", "environment.json", "plan.jsonl", "resume.json",
                .. runs.SelectMany(run => ((string[])
                        ["alignment.csv", "curve.csv", "metrics.jsonl", "run.json", "test-mistakes.npy", "weights.npz"])
                    .Select(file => $"runs/{run}/{file}")),
                "spec.json", "study.json",
            ],
            Directory.EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder.FullPath, file).Replace(Path.DirectorySeparatorChar, '/'))
                    .Order(StringComparer.Ordinal));
        Assert.Equal(8, File.ReadAllLines(Path.Combine(folder.FullPath, "plan.jsonl")).Length);
    }

    [Fact]
    public void WorkersOnThreadsShareAStudy()
    {
        Begin("study");
        var done = new WorkDone[3];
        Parallel.For(0, 3, new ParallelOptions { MaxDegreeOfParallelism = 3 }, worker
            => done[worker] = Work(StudyFolder.Open(Path.Combine(_place.Path, "study")), sideBySide: 1));
        Assert.Equal(6, done.Sum(worker => worker.Trained));
        Assert.Equal(0, done.Sum(worker => worker.Lost + worker.Failed));
        Assert.All(Read("study").Runs, run => Assert.Equal(StudyRunState.Finished, run.State));
    }

    /// <summary>A drive that fails now and then, under real trainings of two workers.</summary>
    [Fact]
    public void WorkersOnADriveThatFailsPublishEveryRun()
    {
        var folder = Begin("study");
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, worker =>
        {
            using var files = new StudyFiles(folder.Place);
            var faulty = new FaultyFiles(files) { AtRandom = (new Random(worker), 15) };
            for (var i = 0; i < 50 && Read("study", withRecords: false).Runs.Any(run => run.State != StudyRunState.Finished); i++)
            {
                try
                {
                    Worker(folder).Run(faulty, new() { WaitsForOthers = true, SideBySide = 1 }, new Watcher(),
                        TestContext.Current.CancellationToken);
                }
                catch (IOException)
                {
                    // A listing failed: the worker ends, as one that died does.
                }
            }
        });
        Assert.All(Read("study").Runs, run => Assert.Equal(RunStatus.Completed, run.Record!.Status));
    }

    [Fact]
    public void ADeadWorkersCheckpointIsGoneOnWithToTheSameBits()
    {
        Work(Begin("whole"));
        var folder = Begin("study", parent: "elsewhere");
        var plan = Plan(folder);
        var name = plan.Names[1];

        // A worker dies: no beat comes any more, and its checkpoint is that of a step in between.
        using var files = new StudyFiles(folder.Place);
        using var dead = HeldClaim.Try(files, new(name, 1, ClaimEnd.None), 1)!;
        var attempt = files.MakeAttempt(dead.Attempt);
        using var killed = new CancellationTokenSource();
        Train(plan, name, attempt, new Stopper(48, killed), killed.Token);
        File.Delete(Path.Combine(attempt.FullPath, "run.json"));
        Assert.True(File.Exists(Path.Combine(attempt.FullPath, "checkpoint.state")));

        // By this letter one sees that what is published continues what was there.
        var curve = Path.Combine(attempt.FullPath, "curve.csv");
        File.WriteAllText(curve, $"e{File.ReadAllText(curve)[1..]}");

        var watcher = new Watcher();
        var done = Work(folder, watcher);
        Assert.Equal(new WorkDone(6, 0, 0, 0, 0), done);
        Assert.Equal([(name, 2)], watcher.Claims.Where(claim => claim.Number > 1));
        foreach (var file in (string[])["weights.npz", "metrics.jsonl", "alignment.csv"])
        {
            Assert.Equal(File.ReadAllBytes(RunPath("whole", name, file)),
                File.ReadAllBytes(Path.Combine(folder.FullPath, "runs", name, file)));
        }

        // Nothing was taken from the dead one.
        Assert.True(File.Exists(Path.Combine(attempt.FullPath, "checkpoint.state")));
        Assert.Equal(
            $"e{File.ReadAllText(RunPath("whole", name, "curve.csv"))[1..]}",
            File.ReadAllText(Path.Combine(folder.FullPath, "runs", name, "curve.csv")));
    }

    [Fact]
    public void AWorkerThatIsStoppedLeavesItsRunToTheNextAtOnce()
    {
        Work(Begin("whole"));
        var folder = Begin("study", parent: "elsewhere", stale: 1000);
        using var stop = new CancellationTokenSource();
        var first = Worker(folder, every: null).Run(new() { SideBySide = 1 }, new Watcher { OnClaim = stop.Cancel }, stop.Token);
        Assert.Equal((0, 6), (first.Trained, first.Left));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder.FullPath, "claims"), "*.released"));

        var watcher = new Watcher();
        Assert.Equal(new WorkDone(6, 0, 0, 0, 0), Work(folder, watcher));
        var (name, _) = Assert.Single(watcher.Claims, claim => claim.Number == 2);
        Assert.Equal(File.ReadAllBytes(RunPath("whole", name, "metrics.jsonl")),
            File.ReadAllBytes(Path.Combine(folder.FullPath, "runs", name, "metrics.jsonl")));
    }

    /// <summary>A worker whose run was taken over stops, and what it has is thrown away.</summary>
    [Fact]
    public void AWorkerThatWakesLatePublishesNothing()
    {
        var folder = Begin("study");
        using var files = new StudyFiles(folder.Place);
        var plan = Plan(folder);
        var taken = false;
        var watcher = new Watcher
        {
            OnClaim = () =>
            {
                if (!taken)
                {
                    // Another worker takes the first run over and publishes it before this one has begun.
                    taken = true;
                    var name = plan.Names[0];
                    using var other = HeldClaim.Try(files, new(name, 2, ClaimEnd.None), 0)!;
                    Train(plan, name, files.MakeAttempt(other.Attempt), new Nobody(), default);
                    Assert.True(other.Publish());
                }
            },
        };
        var done = Worker(folder).Run(new() { SideBySide = 1 }, watcher, TestContext.Current.CancellationToken);
        Assert.Equal((5, 1, 0), (done.Trained, done.Lost, done.Left));
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(folder.FullPath, "attempts")));
    }

    [Fact]
    public void ARunThatFailsIsRecordedAndStopsNothing()
    {
        var weights = _place.Write("w.safetensors", []);
        using (var file = File.Create(weights))
        {
            FeedbackAlignment.Networks.NetworkPlan.Parse("784-8-10").Build(3).Save(file);
        }

        var asked = _spec with { Network = _spec.Network with { Initialization = new() { From = weights } } };
        var folder = Begin("study", asked);
        var moved = $"{weights}.moved";
        var watcher = new Watcher { OnClaim = () => Move(weights, moved) };
        var done = Work(folder, watcher);
        Assert.Equal((0, 6, 6), (done.Trained, done.Failed, done.Left));
        var failed = Read("study", asked).Runs[0];
        Assert.Equal(StudyRunState.Failed, failed.State);
        Assert.Contains("w.safetensors", failed.Note, StringComparison.Ordinal);
        Assert.Equal((0, 0), (Work(folder).Trained, Work(folder).Failed));

        Move(moved, weights);
        Assert.Equal(6, folder.RetryFailed());
        Assert.Equal(0, folder.RetryFailed());
        Assert.Equal((6, 0), (Work(folder) is var again ? again.Trained : 0, again.Left));

        static void Move(string from, string to)
        {
            if (File.Exists(from))
            {
                File.Move(from, to);
            }
        }
    }

    [Fact]
    public void ARunThatDivergesIsFinished()
    {
        var asked = _spec with
        {
            Loss = "squared-error",
            Optimizer = new() { LearningRate = 1e6f },
            Rules = ["backpropagation"],
            Seeds = [1]
        };
        Assert.Equal(1, Work(Begin("study", asked)).Trained);
        Assert.All(Read("study", asked).Runs, run => Assert.Equal(RunStatus.Diverged, run.Record!.Status));
    }

    [Fact]
    public void RunsOfAnotherStudyAreCopiedAndMarkedAndShareNothing()
    {
        Work(Begin("first"));
        var more = _spec with
        {
            Study = _spec.Study! with
            {
                Grid = new Dictionary<string, IReadOnlyList<JsonElement>> { ["feedback.scale"] = [Json("2"), Json("3")] }
            }
        };
        var second = Begin("second", more);
        Assert.Equal(new WorkDone(2, 4, 0, 0, 0), Work(second));
        Assert.Equal(6, Read("second", more).Runs.Count(run => run.ReusedFrom == "first"));
        var before = Read("second", more).Runs.Select(run => TinyExperiment.Outcome(run.Record!)).ToList();
        Directory.Delete(Path.Combine(_place.Path, "first"), recursive: true);
        Assert.Equal(before, Read("second", more).Runs.Select(run => TinyExperiment.Outcome(run.Record!)));
    }

    /// <summary>A folder with the right name and another run in it is not taken.</summary>
    [Fact]
    public void WhatIsNotTheRunIsNotCopied()
    {
        var first = Begin("first");
        Work(first);
        var names = Plan(first).Names;
        File.Copy(RunPath("first", names[1], "run.json"), RunPath("first", names[0], "run.json"), overwrite: true);
        File.Delete(RunPath("first", names[2], "weights.npz"));
        Assert.Equal((2, 4), (Work(Begin("second")) is var done ? done.Trained : 0, done.Reused));
    }

    [Fact]
    public void ADamagedRunIsToldAndHidesNoOther()
    {
        Work(Begin("study"));
        var name = Read("study").Runs[0].Plan.Name;
        File.WriteAllText(RunPath("study", name, "run.json"), "{");
        var runs = Read("study").Runs.DistinctBy(run => run.Plan.Name).ToList();
        Assert.Equal(5, runs.Count(run => run.State == StudyRunState.Finished));
        Assert.Contains("is damaged", Assert.Single(runs, run => run.State == StudyRunState.Failed).Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("null")]
    public void ATimeThatCannotBeIsRefused(string stale)
    {
        var folder = Begin("study");
        var file = Path.Combine(folder.FullPath, "study.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("0.4", stale, StringComparison.Ordinal));
        Assert.Throws<FolderException>(folder.ReadHeader);
    }

    /// <summary>A finished run counts for an experiment if it is the same to the bit, whatever its name.</summary>
    [Fact]
    public void AFinishedRunOfAnotherSpecIsNotTaken()
    {
        using var experiments = new TinyExperiment();
        var (record, folder) = experiments.Run(_spec with { Study = null, Seeds = [1], Rules = ["feedback-alignment"] });
        var run = new RunFolder(Place.Named(Path.Combine(folder, "runs", "feedback-alignment-1")));
        var key = new RunKey("feedback-alignment", 1);
        Assert.NotNull(Finished(record.Spec));
        Assert.NotNull(Finished(record.Spec with { Name = "other", Training = record.Spec.Training with { Threads = 2 } }));
        Assert.Null(Finished(record.Spec with { Feedback = new() { Scale = 2 } }));
        Assert.Null(run.Finished(key with { Seed = 2 }, record.Spec, Components.Standard));

        // Version 0.1 did not say under which spec.
        var file = Path.Combine(folder, "runs", "feedback-alignment-1", "run.json");
        var old = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        old.Remove("spec");
        File.WriteAllText(file, old.ToJsonString());
        Assert.NotNull(Finished(record.Spec with { Feedback = new() { Scale = 2 } }));

        RunRecord? Finished(ExperimentSpec spec) => run.Finished(key, spec, Components.Standard);
    }

    [Fact]
    public void AStudyThatIsPlannedTwiceIsOneAndAnotherIsRefused()
    {
        Begin("study");
        Begin("study");
        Assert.Contains("another study is there", Assert.Throws<FolderException>(() => Begin("study", _spec with { Seeds = [9] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("other data", Assert.Throws<FolderException>(() => StudyFolder.Open(Path.Combine(_place.Path, "study"))
            .ReadPlan(_spec, TinyExperiment.Load(_spec with { Data = _spec.Data with { Seed = 5 } }), Components.Standard)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study.json")]
    [InlineData("study.json plan.jsonl spec.json")]
    [InlineData("study.json plan.jsonl spec.json resume.json data.json environment.json")]
    public void AStudyWhoseProcessWasKilledWhileItPlannedIsPlannedAgain(string missing)
    {
        var folder = Begin("study");
        foreach (var file in missing.Split(' '))
        {
            File.Delete(Path.Combine(folder.FullPath, file));
        }

        Assert.Equal(6, Work(Begin("study")).Trained);
    }

    [Fact]
    public void MostAndOthersBoundWhatAWorkerDoes()
    {
        var folder = Begin("study");
        Assert.Equal((2, 4), (Worker(folder).Run(new() { Most = 2 }, new Watcher(), default) is var done ? done.Trained : 0, done.Left));

        // What a living worker has is left to it.
        using var files = new StudyFiles(folder.Place);
        using var alive = HeldClaim.Try(files, new(Plan(folder).Names[5], 1, ClaimEnd.None), 5)!;
        using var heart = new Heartbeat(TimeSpan.FromSeconds(Stale));
        heart.Add(alive);
        Assert.Equal((3, 1), (Worker(folder).Run(new(), new Watcher(), default) is var rest ? rest.Trained : 0, rest.Left));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    private static void Train(StudyPlan plan, string name, Place attempt, ExperimentObserver observer, CancellationToken stop)
        => TrainingRun.Train(
            plan.SpecOf(plan[name]), new(plan[name].Rule, plan[name].Seed), _data.Split, new RunFolder(attempt, identity: name),
                Components.Standard, 1,
            TimeProvider.System, new() { CheckpointEvery = 16 }, observer, tests: true, stop);

    private StudyFolder Begin(string name, ExperimentSpec? asked = null, string parent = "", double stale = Stale)
    {
        var folder = StudyFolder.Create(Path.Combine(_place.Path, parent, name));
        folder.Begin(StudyPlan.Of(asked ?? _spec, _data, Components.Standard), _data.Record, new(), stale, TimeProvider.System);
        return folder;
    }

    private static StudyPlan Plan(StudyFolder folder)
    {
        using var spec = folder.OpenSpec();
        return folder.ReadPlan(SpecReader.Read(spec, Components.Standard), _data, Components.Standard);
    }

    private static StudyWorker Worker(StudyFolder folder, long? every = 16)
        => new(folder, Plan(folder), _data, Components.Standard, TimeProvider.System, new() { CheckpointEvery = every });

    private static WorkDone Work(StudyFolder folder, StudyObserver? observer = null, int? sideBySide = null)
        => Worker(folder).Run(new() { WaitsForOthers = true, SideBySide = sideBySide }, observer ?? new Watcher(),
            TestContext.Current.CancellationToken);

    private StudyRecord Read(string name, ExperimentSpec? asked = null, bool withRecords = true)
        => StudyFolder.Open(Path.Combine(_place.Path, name)).Read(asked ?? _spec, withRecords);

    private string RunPath(string study, string run, string file) => Path.Combine(_place.Path, study, "runs", run, file);

    private sealed class Watcher : StudyObserver
    {
        public Action OnClaim { get; init; } = () => { };

        public List<(string Name, int Number)> Claims { get; } = [];

        public override void OnClaimed(PlannedRun run, int number)
        {
            lock (Claims)
            {
                Claims.Add((run.Name, number));
                OnClaim();
            }
        }
    }

    private sealed class Nobody : ExperimentObserver;

    private sealed class Stopper(long after, CancellationTokenSource stop) : ExperimentObserver
    {
        public override void OnStep(RunKey run, long examples, double loss)
        {
            if (examples >= after)
            {
                stop.Cancel();
            }
        }
    }
}
