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
        Assert.All(record.Rules, rule => Assert.Equal([0, 1, 2], rule.Trials.Select(trial => trial.Trial)));
        Assert.All(record.Rules.SelectMany(rule => rule.Trials), trial => Assert.Equal([7UL, 8], trial.Runs.Select(run => run.Seed)));
        Assert.All(record.Rules, rule
            => Assert.Equal(RuleCatalog.Standard.Get(rule.Rule).HasFeedback, rule.Space.ContainsKey("feedbackScale")));
        Assert.All(record.Rules.SelectMany(rule => rule.Trials), trial => Assert.Equal(trial.Runs.Average(run => run.ValidationError), trial.ValidationError));
        Assert.Equal((3L * 2 * 120, 3L * 2 * 120), (record.BudgetExamples, record.PlannedExamples));
        Assert.All(record.Rules, rule => Assert.Equal(record.BudgetExamples, rule.LearnedExamples));
    }

    /// <summary>With all that a recipe for pictures has; trial 0 trains the very same.</summary>
    [Fact]
    public void PicturesAreTunedByTheirRecipe()
    {
        var record = Run(Spec with
        {
            Data = new() { Source = DataSourceIds.Shapes, Train = 40, Validation = 20, Test = 10 },
            Network = new() { Layers = "conv 3x3 4 relu, max-pool 4, dense 10" },
            Optimizer = new() { Kind = "sign-sgd", Momentum = 0.9f, WeightDecay = 0.001f, WeightDecayMode = WeightDecayIds.Coupled },
            Training = Spec.Training with { Epochs = 1, Augmentation = new() { Crop = 4, Flip = true }, LabelSmoothing = 0.1f },
            Seeds = [1],
            Tuning = new() { Trials = 2 },
        }).Record;
        Assert.True(record.Finished);
        Assert.Equal("3x24x24, conv 3x3 4 relu, max-pool 4, dense 10", record.Spec.Network.Layers);
        Assert.Equal((4, true), (record.Spec.Training.Augmentation.Crop, record.Spec.Training.Augmentation.Flip));
        Assert.All(record.Rules, rule => Assert.NotNull(rule.Winner));
        Assert.All(record.Rules.SelectMany(rule => rule.Trials).SelectMany(trial => trial.Runs),
            run => Assert.Equal(RunStatus.Completed, run.Status));
    }

    /// <summary>The oracle trains the spec as it is, with an ordinary experiment.</summary>
    [Theory]
    [InlineData(TuningMethodIds.Random)]
    [InlineData(TuningMethodIds.SuccessiveHalving)]
    public void TrialZeroIsTheSpecAsItIs(string method)
    {
        var own = Spec with
        {
            Rules = ["feedback-alignment", "node-perturbation"],
            Optimizer = new() { LearningRate = 0.07f },
            Feedback = new() { Scale = 3 },
            RuleSettings = new Dictionary<string, RuleSettings>
            {
                ["node-perturbation"] = new()
                {
                    LearningRate = 0.003f,
                    Options = new Dictionary<string, double> { ["noise"] = 0.02 }
                }
            },
        };
        var noise = new RuleTuningSpec
        {
            Space = new Dictionary<string,
            RangeSpec>
            { ["learningRate"] = new() { From = 0.01, To = 1 }, ["options.noise"] = new() { From = 1e-3, To = 0.1 } }
        };
        var (record, _) = Run(own with
        {
            Tuning = _halving with
            {
                Method = method,
                Rules = new Dictionary<string,
            RuleTuningSpec>
                { ["node-perturbation"] = noise }
            }
        });
        var untuned = _experiments.Run(own with { Seeds = [101, .. own.Seeds] }).Record.Runs;

        Assert.Equal(new Dictionary<string, double> { ["learningRate"] = 0.07, ["feedbackScale"] = 3 },
            record.Rules[0].Trials.First(trial => trial.Trial == 0).Settings);
        Assert.Equal(new Dictionary<string, double> { ["learningRate"] = 0.003, ["options.noise"] = 0.02 },
            record.Rules[1].Trials.First(trial => trial.Trial == 0).Settings);
        Assert.All(record.Rules, rule =>
        {
            var last = Assert.Single(rule.Trials, trial => trial.Trial == 0);
            Assert.Equal(rule.Trials.Max(trial => trial.Rung), last.Rung);
            Assert.Equal(untuned.Single(run => run.Rule == rule.Rule && run.Seed == 101).ValidationError, last.ValidationError);
            Assert.Equal(untuned.Where(run => run.Rule == rule.Rule && run.Seed != 101).Select(run => run.ValidationError),
                rule.Reported[0].Runs.Select(run => run.ValidationError));
        });
    }

    /// <summary>Of two places on the last rung one is the spec's own, though all the others are better on the rung before.</summary>
    [Fact]
    public void TheSpecsOwnSettingIsOnTheLastRungHoweverBadItIs()
    {
        var hopeless = new Dictionary<string, RuleSettings> { ["backpropagation"] = new() { LearningRate = 1e-9f } };
        var good = new Dictionary<string, RangeSpec> { ["learningRate"] = new() { From = 0.05, To = 0.2 } };
        var rule = Run(Spec with
        {
            Rules = ["backpropagation"],
            RuleSettings = hopeless,
            Tuning = _halving with { Trials = 3, Space = good }
        }).Record.Rules[0];

        Assert.Equal([0, 1], rule.Trials.Where(trial => trial.Rung == 2).Select(trial => Math.Min(trial.Trial, 1)));
        Assert.Equal(0, rule.Finals[0].Trial);
        Assert.NotEqual(0, rule.Winner!.Trial);
        Assert.True(rule.Gain is { Count: 3, Low: > 0 }, "the rule learns with the winner and not with the spec's own setting");
    }

    [Fact]
    public void EachStageHasItsOwnSeeds()
    {
        var spec = Spec with { Tuning = _halving with { TrialSeeds = [7, 8], FinalSeeds = [9, 10] } };
        var (record, folder) = Run(spec);

        Assert.All(record.Rules.SelectMany(rule => rule.Trials), trial => Assert.Equal([7UL, 8], trial.Runs.Select(run => run.Seed)));
        Assert.All(record.Rules.SelectMany(rule => rule.Finals), trial => Assert.Equal([9UL, 10], trial.Runs.Select(run => run.Seed)));
        Assert.All(record.Rules.SelectMany(rule => rule.Reported), trial => Assert.Equal(spec.Seeds, trial.Runs.Select(run => run.Seed)));
        Assert.All(record.Rules, rule => Assert.Equal(rule.Reported.Select(trial => trial.Trial),
            ((int[])[0, rule.Winner!.Trial]).Distinct()));
        Assert.Contains(record.Rules, rule => rule.Finals.Count > 0);
        Assert.Equal(record.Rules.Sum(Trainings), Directory.GetFiles(folder, "run.json", SearchOption.AllDirectories).Length);
    }

    /// <summary>The oracle goes by t₀.₉₇₅(4) ∕ √5 and the recorded errors.</summary>
    [Fact]
    public void TheFinalSeedsChooseAndTheSpecsOwnSettingStaysUnlessAnotherIsBetterByMoreThanNoise()
    {
        var rules = new[] { "backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow", "sign-symmetry-uniform" };
        var own = rules.ToDictionary(rule => rule, rule => new RuleSettings
        {
            LearningRate = rule is "shallow" or "backpropagation" ? 1e-5f
            : 0.1f
        });
        var record = Run(Spec with { Rules = rules, RuleSettings = own, Tuning = new() { Trials = 5 } }).Record;

        Assert.All(record.Rules, rule =>
        {
            double[] Errors(TrialRecord trial) => [.. trial.Runs.Select(run => run.ValidationError!.Value)];
            var untuned = Errors(rule.Finals[0]);
            Assert.Equal((0, 5), (rule.Finals[0].Trial, untuned.Length));
            var better = rule.Finals.Skip(1).Where(trial =>
            {
                double[] gains = [.. untuned.Zip(Errors(trial), (before, after) => before - after)];
                var deviation = Math.Sqrt(gains.Sum(gain => Math.Pow(gain - gains.Average(), 2)) / 4);
                return trial.LossGrew == rule.Finals[0].LossGrew
                    ? gains.Average() > 2.7764451 * deviation / Math.Sqrt(5) : rule.Finals[0].LossGrew;
            });
            Assert.Equal(better.MinBy(trial => (trial.LossGrew, trial.ValidationError))?.Trial ?? 0, rule.Winner!.Trial);
        });
        Assert.Contains(record.Rules, rule => rule.Winner!.Trial == 0);
        Assert.Contains(record.Rules, rule => rule.Winner!.Trial != 0);
    }

    [Fact]
    public void TheReportedSeedsChooseNothing()
    {
        var (one, other) = (Run(Spec).Record, Run(Spec with { Seeds = [4, 5] }).Record);

        Assert.All(one.Rules.Zip(other.Rules), pair => Assert.Equal(
            Json((pair.First.Trials, pair.First.Finals, pair.First.Winner)),
                Json((pair.Second.Trials, pair.Second.Finals, pair.Second.Winner))));
    }

    [Fact]
    public void ASeedForTwoPurposesIsRefused()
    {
        var data = TinyExperiment.Load(Spec).Record;
        var trouble = Assert.Throws<SpecException>(() => TuningRunner.Complete(
            Spec with { Tuning = new() { TrialSeeds = [101, 2], FinalSeeds = [2, 3] } }, data, Components.Standard));

        Assert.StartsWith(
            "tuning: a seed must serve one purpose, but 2 is in seeds and in tuning.trialSeeds; 2, 3 are in seeds and in "
                + "tuning.finalSeeds; 2 is in ", trouble.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', trouble.Message);
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
            .Take(2).Select(trial => trial.Trial).Order();
        Assert.Equal((6, 60L), (first.Count, first[0].Examples));
        Assert.Equal([0, .. expected], second.Select(trial => trial.Trial));
        Assert.NotEqual([0, 1, 2], second.Select(trial => trial.Trial));
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
        var all = expected.Rules.Sum(Trainings);
        var search = expected.Rules.Sum(rule => rule.Trials.Count);
        foreach (var after in (int[])[0, 1, 5, search, search + 3, all - 4])
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
            Assert.Equal(all, again.Found + again.Trained);

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
        Assert.Equal((expected.Rules.Sum(Trainings) - 2, 2), (watcher.Found, watcher.Trained));
    }

    [Fact]
    public void ATrainingThatWasStoppedGoesOnFromItsCheckpoint()
    {
        var (expected, _) = Run(Spec with { Rules = ["shallow"] });
        using var stop = new CancellationTokenSource();
        var data = TinyExperiment.Load(Spec);
        var spec = TuningRunner.Complete(Spec with { Rules = ["shallow"] }, data.Record, Components.Standard);
        var folder = TuningFolder.Open(Path.Combine(_place.Path, "halfway"));
        new TuningRunner(spec, data, folder, Components.Standard, new StoppingClock(stop), new ExperimentKeeping { CheckpointEvery = 16 })
            .Run(new Watcher(), stop.Token);
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

        Assert.Equal((8, 10), (watcher.Keys.Count(key => key is { Seed: 101, WasDone: true }),
            watcher.Keys.Count(key => key is { Seed: 101, WasDone: false })));
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
        var diverges = new Dictionary<string, RuleSettings> { ["node-perturbation"] = new() { LearningRate = 1e30f } };
        var spec = Spec with
        {
            Rules = rules,
            RuleSettings = diverges,
            Training = Spec.Training with { Keep = keep },
            Tuning = _halving with { Rules = noise }
        };
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

        Assert.True(record.Rules[2].Winner!.Trial > 0, "the spec's own setting diverges");
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
            RuleSettings = new Dictionary<string, RuleSettings> { ["shallow"] = new() { LearningRate = 1e10f } },
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
        Assert.All(tuned.Trials.Where(trial => trial is { Rung: 2, Trial: > 0 }), trial =>
            Assert.Equal(RunStatus.Completed, tuned.Trials.Single(other => other.Rung == 1 && other.Trial == trial.Trial).Status));
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
        }, TinyExperiment.Load(Spec).Record, Components.Standard);
        var settings = new Dictionary<string, double> { ["learningRate"] = 0.3 };

        var shorter = new TrialSpecs(spec, 400, RuleCatalog.Standard).Of("backpropagation", trial: 1, settings, 100, seed: 101);
        Assert.Equal((100L, 25L, 10L), (shorter.Training.Examples, shorter.Optimizer.Schedule.StepExamples, shorter.Optimizer.Schedule.WarmUpExamples));
        var full = new TrialSpecs(spec, 400, RuleCatalog.Standard).Of("backpropagation", trial: 1, settings, 400, seed: 101);
        Assert.Equal((400L, spec.Optimizer.Schedule), (full.Training.Examples, full.Optimizer.Schedule));
        Assert.Equal(0.3f, full.RuleSettings["backpropagation"].LearningRate);
    }

    [Fact]
    public void WhatIsLeftOpenIsSearchedAroundTheSpecsOwnSettings()
    {
        var data = TinyExperiment.Load(Spec).Record;
        var space = TuningRunner.Complete(new() { Data = Spec.Data, Feedback = new() { Scale = 0.5f } }, data, Components.Standard)
            .Tuning!.Space!;

        Assert.Equal(new RangeSpec { From = 0.001, To = 1 }, space["learningRate"]);
        Assert.Equal(new RangeSpec { From = 0.05, To = 5 }, space["feedbackScale"]);
        Assert.Equal(["learningRate"],
            TuningRunner.Complete(new() { Data = Spec.Data, Rules = ["shallow"] }, data, Components.Standard).Tuning!.Space!.Keys);
    }

    [Fact]
    public void RungsThatDivideATrainingTooOftenAreRefused()
    {
        var data = TinyExperiment.Load(Spec).Record;
        Assert.Equal("tuning.rungs",
            Assert.Throws<SpecException>(() =>
            TuningRunner.Complete(Spec with { Tuning = _halving with { Rungs = 6, Eta = 3 } }, data, Components.Standard))
            .Problems[0].Path);
        var many = Spec with { Training = new() { Examples = 100_000_000 }, Tuning = _halving with { Trials = 10_000, Rungs = 8, Eta = 10 } };
        Assert.Equal("tuning.rungs",
            Assert.Throws<SpecException>(() => TuningRunner.Complete(many, data, Components.Standard)).Problems[0].Path);
    }

    private (TuningRecord Record, string Folder) Run(
        ExperimentSpec asked, TuningObserver? observer = null, LoadedData? data = null, string? folder = null, CancellationToken cancellation = default)
    {
        data ??= TinyExperiment.Load(asked);
        var place = TuningFolder.Open(folder ?? Path.Combine(_place.Path, $"{++_count}"));
        var runner = new TuningRunner(TuningRunner.Complete(asked, data.Record, Components.Standard), data, place, Components.Standard,
            TimeProvider.System);
        return (runner.Run(observer ?? new Watcher(), cancellation), place.FullPath);
    }

    private static ExperimentSpec Read(string file) => SpecReader.Read(File.ReadAllText(file), Components.Standard);

    private static int Trainings(RuleTuningRecord rule) => rule.Trials.Concat(rule.Finals).Concat(rule.Reported).Sum(trial =>
        trial.Runs.Count);

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

        public List<(ulong Seed, bool WasDone)> Keys { get; } = [];

        public override void OnFinished(TrialKey key, IReadOnlyDictionary<string, double> settings, RunRecord record, bool wasDone)
        {
            lock (_lock)
            {
                Keys.Add((key.Seed, wasDone));
                (Trained, Found) = wasDone ? (Trained, Found + 1) : (Trained + 1, Found);
                OnDone?.Invoke(Trained);
            }
        }
    }
}
