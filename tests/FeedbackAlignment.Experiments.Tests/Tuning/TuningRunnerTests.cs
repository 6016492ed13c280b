using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Tuning;

public sealed class TuningRunnerTests : IDisposable
{
    private static readonly TuningSpec _halving = new() { Method = TuningMethodIds.SuccessiveHalving, Trials = 6, Rungs = 2, Eta = 2 };

    private readonly TemporaryFolder _place = new();
    private readonly TinyExperiment _experiments = new();
    private int _count;

    private static ExperimentSpec Spec { get; } = TinyExperiment.Spec with
    {
        Rules = ["backpropagation", "feedback-alignment"],
        Seeds = [1, 2, 3],
        Tuning = new() { Trials = 4 },
    };

    public void Dispose()
    {
        _place.Dispose();
        _experiments.Dispose();
    }

    [Fact]
    public void EveryRuleSpendsTheSameNumberOfTrialsOnTheSettingsThatItHas()
    {
        var record = Run(Spec with { Rules = ["backpropagation", "feedback-alignment", "shallow", "node-perturbation"], Tuning = new() { Trials = 3, TrialSeeds = [7, 8] } }).Record;

        Assert.True(record.Finished);
        Assert.All(record.Rules, rule => Assert.Equal([1, 2, 3], rule.Trials.Select(trial => trial.Trial)));
        Assert.All(record.Rules.SelectMany(rule => rule.Trials), trial => Assert.Equal([7UL, 8], trial.Runs.Select(run => run.Seed)));
        Assert.All(record.Rules, rule => Assert.Equal(RuleCatalog.Get(rule.Rule).HasFeedback, rule.Space.ContainsKey("feedbackScale")));
        Assert.All(record.Rules.SelectMany(rule => rule.Trials), trial => Assert.Equal(trial.Runs.Average(run => run.ValidationError), trial.ValidationError));
        Assert.Equal((3L * 2 * 120, 3L * 2 * 120), (record.BudgetExamples, record.PlannedExamples));
        Assert.All(record.Rules, rule => Assert.Equal(record.BudgetExamples, rule.LearnedExamples));
    }

    [Fact]
    public void TheWinnerIsTheTrialWithTheLeastValidationError()
    {
        var record = Run(Spec with { Tuning = new() { Trials = 8 } }).Record;

        Assert.All(record.Rules, rule =>
        {
            var least = rule.Trials.Min(trial => trial.ValidationError);
            var best = rule.Trials.Where(trial => trial.ValidationError == least).MinBy(trial => trial.ValidationLoss)!;
            Assert.Equal((best.Trial, least), (rule.Winner!.Trial, rule.Winner.ValidationError));
            Assert.True(rule.Trials.Select(trial => trial.ValidationError).Distinct().Count() > 1, "trials that do not differ choose nothing");
        });
    }

    /// <summary>The oracle trains every candidate by itself, with an ordinary experiment, and takes the best half.</summary>
    [Fact]
    public void HalvingPromotesTheBestOfTheShortTrainings()
    {
        var spec = Spec with { Rules = ["feedback-alignment"], Tuning = _halving };
        var rule = Run(spec).Record.Rules[0];
        var first = rule.Trials.Where(trial => trial.Rung == 1).ToList();
        var second = rule.Trials.Where(trial => trial.Rung == 2).ToList();

        var expected = first
            .Select(trial => (trial.Trial, Run: _experiments.Run(spec with
            {
                Tuning = null,
                Seeds = [101],
                Training = spec.Training with { Epochs = null, Examples = 60 },
                RuleSettings = new Dictionary<string, RuleSettings>
                {
                    ["feedback-alignment"] = new() { LearningRate = (float)trial.Settings["learningRate"], FeedbackScale = (float)trial.Settings["feedbackScale"] },
                },
            }).Record.Runs[0]))
            .OrderBy(trial => trial.Run.ValidationError).ThenBy(trial => trial.Run.Curve.Single(point => point.Examples == trial.Run.KeptAtExamples).ValidationLoss)
            .Take(3).Select(trial => trial.Trial).Order();
        Assert.Equal((6, 60L), (first.Count, first[0].Examples));
        Assert.Equal(expected, second.Select(trial => trial.Trial));
        Assert.NotEqual([1, 2, 3], second.Select(trial => trial.Trial));
        Assert.All(second, trial => Assert.Equal((120L, 120L), (trial.Examples, trial.Runs[0].Examples)));
        Assert.Contains(second, trial => trial.Trial == rule.Winner!.Trial && trial.ValidationError == rule.Winner.ValidationError);
    }

    [Fact]
    public void HalvingSpendsTheBudgetOfAsManyFullTrainings()
    {
        var record = Run(Spec with { Tuning = _halving }).Record;

        Assert.Equal(6L * 120, record.BudgetExamples);
        Assert.All(record.Rules, rule => Assert.Equal(record.BudgetExamples, rule.LearnedExamples));
    }

    [Theory]
    [InlineData(TuningMethodIds.Random)]
    [InlineData(TuningMethodIds.SuccessiveHalving)]
    public void ThreadsChangeNothing(string method)
    {
        var spec = Spec with { Tuning = _halving with { Method = method } };
        var outcomes = ((int?[])[null, 1, 2, 5]).Select(threads => Outcome(Run(spec with { Training = spec.Training with { Threads = threads } }).Record));

        Assert.Single(outcomes.Distinct());
    }

    /// <summary>Other test examples would be seen in any figure that came from them.</summary>
    [Fact]
    public void TheTestExamplesAreNotTouched()
    {
        var data = TinyExperiment.Load(Spec);
        var (expected, _) = Run(Spec);
        foreach (var part in new[] { data.Split.Test.Inputs, data.Split.Test.Targets })
        {
            for (var row = 0; row < part.Rows; row++)
            {
                part.Row(row).Fill(7);
            }
        }

        var (record, folder) = Run(Spec, data: data with { Split = data.Split with { Test = new DataSet(data.Split.Test.Inputs, data.Split.Test.Targets) } });

        Assert.Equal(Outcome(expected), Outcome(record));
        Assert.All(
            Directory.GetFiles(folder, "run.json", SearchOption.AllDirectories),
            file => Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("testError").ValueKind));
    }

    [Theory]
    [InlineData(TuningMethodIds.Random)]
    [InlineData(TuningMethodIds.SuccessiveHalving)]
    public void StoppedAndGoneOnIsAsIfNeverStopped(string method)
    {
        var spec = Spec with { Tuning = _halving with { Method = method }, Training = Spec.Training with { Threads = 1 } };
        var (expected, _) = Run(spec);
        foreach (var after in (int[])[0, 1, 5])
        {
            using var stop = new CancellationTokenSource();
            var watcher = new Watcher { OnDone = count => { if (count >= after) { stop.Cancel(); } } };
            if (after == 0)
            {
                stop.Cancel();
            }

            var (stopped, folder) = Run(spec, watcher, cancellation: stop.Token);
            Assert.False(stopped.Finished);
            Assert.All(stopped.Rules, rule => Assert.Null(rule.Winner));
            Assert.False(File.Exists(Path.Combine(folder, "winners.json")));

            var again = new Watcher();
            var (record, _) = Run(spec, again, folder: folder);
            Assert.Equal(Outcome(expected), Outcome(record));
            Assert.Equal(watcher.Trained, again.Found);
            Assert.Equal(expected.Rules.Sum(rule => rule.Trials.Count), again.Found + again.Trained);

            var third = new Watcher();
            Assert.Equal(Outcome(expected), Outcome(Run(spec, third, folder: folder).Record));
            Assert.Equal(0, third.Trained);
        }
    }

    [Fact]
    public void ATrainingThatWasKilledWhileItWroteIsDoneAgain()
    {
        var (expected, folder) = Run(Spec);
        var file = Path.Combine(folder, "trials", "feedback-alignment", "003", "rung-1-seed-101", "run.json");
        File.WriteAllText(file, File.ReadAllText(file)[..100]);
        File.Delete(Path.Combine(folder, "trials", "backpropagation", "001", "rung-1-seed-101", "run.json"));

        var watcher = new Watcher();
        Assert.Equal(Outcome(expected), Outcome(Run(Spec, watcher, folder: folder).Record));
        Assert.Equal((6, 2), (watcher.Found, watcher.Trained));
    }

    [Fact]
    public void ATrainingThatWasStoppedGoesOnFromItsCheckpoint()
    {
        var (expected, _) = Run(Spec with { Rules = ["shallow"] });
        using var stop = new CancellationTokenSource();
        var data = TinyExperiment.Load(Spec);
        var spec = TuningRunner.Complete(Spec with { Rules = ["shallow"] }, data.Record);
        var folder = TuningFolder.Open(Path.Combine(_place.Path, "halfway"));
        new TuningRunner(spec, data, folder, new StoppingClock(stop), new ExperimentKeeping { CheckpointEvery = 16 }).Run(new Watcher(), stop.Token);
        Assert.NotEmpty(Directory.GetFiles(folder.FullPath, "checkpoint.state", SearchOption.AllDirectories));

        var (record, _) = Run(spec, folder: folder.FullPath);
        Assert.Equal(Outcome(expected), Outcome(record));
        Assert.Empty(Directory.GetFiles(folder.FullPath, "checkpoint*.state", SearchOption.AllDirectories));
    }

    [Fact]
    public void OtherDataAreRefused()
    {
        var (_, folder) = Run(Spec);
        var data = TinyExperiment.Load(Spec);
        data.Split.Train.Inputs[0, 0] += 1;

        Assert.Contains("was begun on other data", Assert.Throws<FolderException>(() => Run(Spec, data: data, folder: folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreTrialsAndRulesGoOnFromThoseThatAreDone()
    {
        var (few, folder) = Run(Spec);
        var watcher = new Watcher();
        var (more, _) = Run(Spec with { Rules = ["shallow", .. Spec.Rules], Tuning = new() { Trials = 6 } }, watcher, folder: folder);

        Assert.Equal((8, 10), (watcher.Found, watcher.Trained));
        Assert.All(few.Rules, rule => Assert.Equal(Json(rule.Trials), Json(more.Rules.Single(other => other.Rule == rule.Rule).Trials.Take(4))));
    }

    [Fact]
    public void AnotherTuningsFolderIsRefusedAndLeftAsItIs()
    {
        var (_, folder) = Run(Spec);
        var before = File.ReadAllText(Path.Combine(folder, "spec.json"));

        var trouble = Assert.Throws<FolderException>(() => Run(Spec with { Tuning = Spec.Tuning! with { Seed = 2 } }, folder: folder));
        Assert.Contains("was trained under another spec than that of this tuning: ", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder, "spec.json")));
        Assert.Throws<FolderException>(() => TuningFolder.Open(_experiments.Run(TinyExperiment.Spec).Folder));
    }

    /// <summary>With the instruments on and all rules together, as <c>fa train</c> runs it.</summary>
    [Theory]
    [InlineData(KeepIds.BestValidation)]
    [InlineData(KeepIds.Last)]
    public void TheWinnersSpecsReproduceTheirValidationErrors(string keep)
    {
        var rules = new[] { "backpropagation", "feedback-alignment", "node-perturbation" };
        var noise = new Dictionary<string, RuleTuningSpec>
        {
            ["node-perturbation"] = new() { Space = new Dictionary<string, RangeSpec> { ["learningRate"] = new() { From = 0.01, To = 1 }, ["options.noise"] = new() { From = 1e-3, To = 0.1 } } },
        };
        var spec = Spec with { Rules = rules, Training = Spec.Training with { Keep = keep }, Tuning = _halving with { Rules = noise } };
        var (record, folder) = Run(spec);

        var together = Read(Path.Combine(folder, "winners.json"));
        Assert.Equal(rules, together.Rules);
        Assert.Equal(spec.Seeds, together.Seeds);
        Assert.Null(together.Tuning);
        var runs = _experiments.Run(together with { Seeds = [101] }).Record.Runs;
        foreach (var rule in record.Rules)
        {
            var alone = Read(Path.Combine(folder, "winners", $"{rule.Rule}.json"));
            Assert.Equal([rule.Rule], alone.Rules);
            var run = Assert.Single(_experiments.Run(alone with { Seeds = [101] }).Record.Runs);
            Assert.Equal(rule.Winner!.ValidationError, run.ValidationError!.Value);
            Assert.Equal(rule.Winner.ValidationError, runs.Single(other => other.Rule == rule.Rule).ValidationError!.Value);
            Assert.NotNull(run.TestError);
        }

        Assert.Equal(record.Rules[2].Winner!.Settings["options.noise"], together.RuleSettings["node-perturbation"].Options["noise"]);
    }

    [Fact]
    public void DivergedTrialsAreSpentAndNeverWin()
    {
        var space = new Dictionary<string, RangeSpec> { ["learningRate"] = new() { From = 1e-2, To = 1e12 } };
        var (record, folder) = Run(Spec with
        {
            Data = new() { Source = DataSourceIds.TeacherLinear, Train = 60, Validation = 40, Test = 50 },
            Network = new() { Layers = "30-8-10" },
            Rules = ["backpropagation", "shallow"],
            Tuning = _halving with
            {
                Space = space,
                Rules = new Dictionary<string, RuleTuningSpec> { ["shallow"] = new() { Space = new Dictionary<string, RangeSpec> { ["learningRate"] = new() { From = 1e9, To = 1e12 } } } },
            },
        });

        var (tuned, hopeless) = (record.Rules[0], record.Rules[1]);
        Assert.True(record.Finished);
        Assert.Equal(6, tuned.Trials.Count(trial => trial.Rung == 1));
        Assert.Contains(tuned.Trials, trial => trial is { Status: RunStatus.Diverged, ValidationError: null });
        Assert.All(tuned.Trials.Where(trial => trial.Rung == 2), trial => Assert.Equal(RunStatus.Completed, tuned.Trials.Single(other => other.Rung == 1 && other.Trial == trial.Trial).Status));
        Assert.NotNull(tuned.Winner);
        Assert.Null(hopeless.Winner);
        Assert.Equal(["backpropagation"], Read(Path.Combine(folder, "winners.json")).Rules);
        Assert.Equal(["backpropagation.json"], Directory.GetFiles(Path.Combine(folder, "winners")).Select(Path.GetFileName));
    }

    [Fact]
    public void ShorterTrainingsHaveShorterCourses()
    {
        var spec = TuningRunner.Complete(Spec with
        {
            Tuning = _halving with { Eta = 4 },
            Training = Spec.Training with { Epochs = null, Examples = 400 },
            Optimizer = new() { LearningRate = 0.1f, Schedule = new() { Kind = ScheduleIds.Step, StepExamples = 100, WarmUpExamples = 40 } },
        }, TinyExperiment.Load(Spec).Record);
        var settings = new Dictionary<string, double> { ["learningRate"] = 0.3 };

        var shorter = new TrialSpecs(spec, 400).Of("backpropagation", settings, 100, seed: 101);
        Assert.Equal((100L, 25L, 10L), (shorter.Training.Examples, shorter.Optimizer.Schedule.StepExamples, shorter.Optimizer.Schedule.WarmUpExamples));
        var full = new TrialSpecs(spec, 400).Of("backpropagation", settings, 400, seed: 101);
        Assert.Equal((400L, spec.Optimizer.Schedule), (full.Training.Examples, full.Optimizer.Schedule));
        Assert.Equal(0.3f, full.RuleSettings["backpropagation"].LearningRate);
    }

    [Fact]
    public void WhatIsLeftOpenIsSearchedAroundTheSpecsOwnSettings()
    {
        var data = TinyExperiment.Load(Spec).Record;
        var space = TuningRunner.Complete(new() { Data = Spec.Data, Feedback = new() { Scale = 0.5f } }, data).Tuning!.Space!;

        Assert.Equal(new RangeSpec { From = 0.001, To = 1 }, space["learningRate"]);
        Assert.Equal(new RangeSpec { From = 0.05, To = 5 }, space["feedbackScale"]);
        Assert.Equal(["learningRate"], TuningRunner.Complete(new() { Data = Spec.Data, Rules = ["shallow"] }, data).Tuning!.Space!.Keys);
    }

    [Fact]
    public void RungsThatDivideATrainingTooOftenAreRefused()
    {
        var data = TinyExperiment.Load(Spec).Record;
        Assert.Equal("tuning.rungs", Assert.Throws<SpecException>(() => TuningRunner.Complete(Spec with { Tuning = _halving with { Rungs = 6, Eta = 3 } }, data)).Problems[0].Path);
        var many = Spec with { Training = new() { Examples = 100_000_000 }, Tuning = _halving with { Trials = 10_000, Rungs = 8, Eta = 10 } };
        Assert.Equal("tuning.rungs", Assert.Throws<SpecException>(() => TuningRunner.Complete(many, data)).Problems[0].Path);
    }

    private (TuningRecord Record, string Folder) Run(
        ExperimentSpec asked, TuningObserver? observer = null, LoadedData? data = null, string? folder = null, CancellationToken cancellation = default)
    {
        data ??= TinyExperiment.Load(asked);
        var place = TuningFolder.Open(folder ?? Path.Combine(_place.Path, $"{++_count}"));
        var runner = new TuningRunner(TuningRunner.Complete(asked, data.Record), data, place, TimeProvider.System);
        return (runner.Run(observer ?? new Watcher(), cancellation), place.FullPath);
    }

    private static ExperimentSpec Read(string file) => SpecReader.Read(File.ReadAllText(file), RuleCatalog.Ids);

    private static string Outcome(TuningRecord record) => Json(record.Rules);

    /// <summary>As text, without the seconds.</summary>
    private static string Json<T>(T value)
    {
        var lines = JsonSerializer.Serialize(value, ExperimentJson.Indented).Split('\n');
        return string.Join('\n', lines.Where(line => !line.TrimStart().StartsWith("\"seconds\"", StringComparison.Ordinal)));
    }

    /// <summary>A training asks for the time when it begins and at each checkpoint.</summary>
    private sealed class StoppingClock(CancellationTokenSource stop) : TimeProvider
    {
        private const int Asked = 5;

        private int _asked;

        public override long GetTimestamp()
        {
            if (Interlocked.Increment(ref _asked) == Asked)
            {
                stop.Cancel();
            }

            return base.GetTimestamp();
        }
    }

    private sealed class Watcher : TuningObserver
    {
        private readonly Lock _lock = new();

        public Action<int>? OnDone { get; init; }

        public int Trained { get; private set; }

        public int Found { get; private set; }

        public override void OnFinished(TrialKey key, IReadOnlyDictionary<string, double> settings, RunRecord record, bool wasDone)
        {
            lock (_lock)
            {
                (Trained, Found) = wasDone ? (Trained, Found + 1) : (Trained + 1, Found);
                OnDone?.Invoke(Trained);
            }
        }
    }
}
