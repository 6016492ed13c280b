using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class ExperimentRunnerTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void RunsComeInTheSpecsOrder()
    {
        var (record, _) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow", "backpropagation"], Seeds = [5, 2] });

        Assert.Equal(["shallow-5", "shallow-2", "backpropagation-5", "backpropagation-2"], record.Runs.Select(run => $"{run.Rule}-{run.Seed}"));
        Assert.All(record.Runs, run => Assert.Equal((RunStatus.Completed, 2.0, 120), (run.Status, run.Epochs, run.Examples)));
    }

    /// <summary>One of a few time steps, with every setting its own, so that none can be lost on the way.</summary>
    [Fact]
    public void ASpikingNetworksSettingsAllReachIt()
    {
        var spec = TinyExperiment.Spec with
        {
            Rules = ["feedback-alignment"],
            Network = new() { Layers = "784-8-10", Activation = Activation.Logistic.Id, Spiking = new() { Steps = 4, Settle = 1 } },
            Loss = "logistic-cross-entropy",
            Training = new() { Examples = 20, BatchSize = 1, MeasureExamples = 20, Keep = KeepIds.Last },
        };
        var spiking = spec.Network.Spiking!;
        ExperimentSpec[] others =
        [
            spec, spec with { Network = spec.Network with { Spiking = null } },
            .. ((SpikingSpec[])
            [
                spiking with { Steps = 5 }, spiking with { TimeConstant = 2 }, spiking with { InputRate = 0.5f }, spiking with { TonicRate = 0.3f },
                spiking with { ErrorGain = 2 }, spiking with { Settle = 2 },
            ]).Select(changed => spec with { Network = spec.Network with { Spiking = changed } }),
        ];

        Assert.Equal(others.Length, others.Select(other => _experiments.Run(other).Record.Runs[0]).Select(TinyExperiment.Outcome).Distinct().Count());
        Assert.Equal(TinyExperiment.Outcome(_experiments.Run(spec).Record.Runs[0]), TinyExperiment.Outcome(_experiments.Run(spec).Record.Runs[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheRecordedSpecRunsToTheSameBits(bool spiking)
    {
        var spec = !spiking ? TinyExperiment.Spec : TinyExperiment.Spec with
        {
            Network = new() { Layers = "784-8-10", Activation = Activation.Logistic.Id, Spiking = new() { Steps = 4, Settle = 1 } },
            Loss = "logistic-cross-entropy",
            Training = TinyExperiment.Spec.Training with { BatchSize = 1 },
        };
        var (first, folder) = _experiments.Run(spec);
        var (again, second) = _experiments.Run(SpecReader.Read(File.ReadAllText(Path.Combine(folder, "spec.json")), Components.Standard));

        Assert.Equal(first.Runs.Select(TinyExperiment.Outcome), again.Runs.Select(TinyExperiment.Outcome));
        Assert.All(first.Runs, run => Assert.Equal(TinyExperiment.WeightBytes(folder, $"{run.Rule}-1"), TinyExperiment.WeightBytes(second, $"{run.Rule}-1")));
    }

    [Fact]
    public void NeitherThreadsNorNeighborsChangeABit()
    {
        // Wide enough for a product to be shared between threads; with as many threads as processors, runs go one after another.
        var spec = TinyExperiment.Spec with { Rules = ["feedback-alignment"], Network = new() { Layers = "784-100-10" }, Training = TinyExperiment.Spec.Training with { BatchSize = 30 } };
        var (alone, aloneFolder) = _experiments.Run(spec);
        var (sideBySide, sideFolder) = _experiments.Run(spec with { Rules = TinyExperiment.RulesOfDenseNetworks, Seeds = [1, 2] });
        var (shared, sharedFolder) = _experiments.Run(spec with { Training = spec.Training with { Threads = Math.Max(2, Environment.ProcessorCount) } });

        var outcome = TinyExperiment.Outcome(alone.Runs[0]);
        Assert.Equal(outcome, TinyExperiment.Outcome(sideBySide.Runs.Single(run => run is { Rule: "feedback-alignment", Seed: 1 })));
        Assert.Equal(outcome, TinyExperiment.Outcome(shared.Runs[0]));
        var weights = TinyExperiment.WeightBytes(aloneFolder, "feedback-alignment-1");
        Assert.Equal(weights, TinyExperiment.WeightBytes(sideFolder, "feedback-alignment-1"));
        Assert.Equal(weights, TinyExperiment.WeightBytes(sharedFolder, "feedback-alignment-1"));
    }

    [Fact]
    public void ASeedChangesWeightsAndFeedback()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment"], Seeds = [1, 2] });

        var (first, second) = (TinyExperiment.Weights(folder, "feedback-alignment-1"), TinyExperiment.Weights(folder, "feedback-alignment-2"));
        Assert.NotEqual(first["hidden1.weights.npy"][0, 400], second["hidden1.weights.npy"][0, 400]);
        Assert.NotEqual(first["feedback.output-hidden1.npy"][0, 0], second["feedback.output-hidden1.npy"][0, 0]);
    }

    [Fact]
    public void AFeedbackSeedOfItsOwnHoldsForAllRuns()
    {
        var (_, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment"], Seeds = [1, 2], Feedback = new() { Seed = 9 } });

        var (first, second) = (TinyExperiment.Weights(folder, "feedback-alignment-1"), TinyExperiment.Weights(folder, "feedback-alignment-2"));
        Assert.Equal(first["feedback.output-hidden1.npy"][3, 5], second["feedback.output-hidden1.npy"][3, 5]);
        Assert.NotEqual(first["hidden1.weights.npy"][0, 400], second["hidden1.weights.npy"][0, 400]);
    }

    /// <summary>A rule that draws noise must not draw another for having been measured.</summary>
    [Fact]
    public void MeasuringChangesNoBitUnderAnyRule()
    {
        var spec = TinyExperiment.Spec with
        {
            Rules = TinyExperiment.RulesOfDenseNetworks,
            Network = new() { Layers = "784-8-6-10" },
            Training = TinyExperiment.Spec.Training with { Keep = KeepIds.Last }
        };
        var (often, oftenFolder) = _experiments.Run(
            spec with
            {
                Training = spec.Training with
                {
                    MeasureEvery = 10,
                    MeasurePseudobackprop = true,
                    MeasureNorms = true,
                    Snapshots = SnapshotIds.Evaluations
                }
            });
        var (_, neverFolder) = _experiments.Run(spec with { Training = spec.Training with { MeasureEvery = 0 } });

        Assert.Equal(TinyExperiment.RulesOfDenseNetworks.Count, often.Runs.Count);
        Assert.All(often.Runs, run =>
        {
            Assert.True(run.Alignment.Select(record => record.Examples).Distinct().Count() > 5);
            Assert.Equal(TinyExperiment.WeightBytes(neverFolder, $"{run.Rule}-1"), TinyExperiment.WeightBytes(oftenFolder, $"{run.Rule}-1"));
        });
    }

    [Fact]
    public void TheAngleToPseudobackpropIsRecordedWhereItIsAskedFor()
    {
        var spec = TinyExperiment.Spec with { Rules = ["feedback-alignment"] };
        var (without, _) = _experiments.Run(spec);
        var (with, _) = _experiments.Run(spec with { Training = spec.Training with { MeasurePseudobackprop = true } });

        Assert.All(without.Runs[0].Alignment, record => Assert.Null(record.PseudobackpropAngle));
        Assert.All(with.Runs[0].Alignment, record => Assert.Equal(record.Layer == "hidden1", record.PseudobackpropAngle is > 1 and < 179));
        Assert.Equal(without.Runs[0].Alignment, with.Runs[0].Alignment.Select(record => record with { PseudobackpropAngle = null }));
    }

    [Fact]
    public void TheNoiseOfARuleIsThatOfItsSettingsAndASeedOfTheFeedbackLeavesItAlone()
    {
        var spec = TinyExperiment.Spec with { Rules = ["node-perturbation"] };
        var plain = Weights(spec);
        Assert.Equal(plain, Weights(spec with { Feedback = new() { Seed = 9 } }));
        Assert.Equal(plain, Weights(spec with { RuleSettings = new Dictionary<string, RuleSettings> { ["node-perturbation"] = new() { Options = new Dictionary<string, double> { ["noise"] = 0.01 } } } }));
        Assert.NotEqual(plain, Weights(spec with { RuleSettings = new Dictionary<string, RuleSettings> { ["node-perturbation"] = new() { Options = new Dictionary<string, double> { ["noise"] = 0.02 } } } }));

        byte[] Weights(ExperimentSpec asked) => TinyExperiment.WeightBytes(_experiments.Run(asked).Folder, "node-perturbation-1");
    }

    /// <summary>Squared error and softmax; a network with two hidden layers.</summary>
    [Theory]
    [InlineData("squared-error")]
    [InlineData("softmax-cross-entropy")]
    public void EveryRuleCompletes(string loss)
    {
        var (record, _) = _experiments.Run(
            TinyExperiment.Spec with
            {
                Rules = TinyExperiment.RulesOfDenseNetworks,
                Loss = loss,
                Network = new() { Layers = "784-12-8-10" },
            });
        Assert.Equal(TinyExperiment.RulesOfDenseNetworks, record.Runs.Select(run => run.Rule));
        Assert.All(record.Runs, run => Assert.Equal(RunStatus.Completed, run.Status));
    }

    [Fact]
    public void ConnectionsThatTheSpecTakesAwayAreMissingAtTheEnd()
    {
        var (_, whole) = _experiments.Run(TinyExperiment.Spec with { Rules = ["feedback-alignment"] });
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with
        {
            Rules = ["feedback-alignment"],
            Network = new()
            {
                Layers = "784-8-10",
                Connections = new Dictionary<string, ConnectionsSpec> { ["hidden1"] = new() { InputsPerUnit = 98 }, ["output"] = new() { Share = 0.5 } },
            },
            Feedback = new() { Share = 0.5 },
        });

        Assert.Equal(RunStatus.Completed, record.Runs.Single().Status);
        var (all, left) = (TinyExperiment.Weights(whole, "feedback-alignment-1"), TinyExperiment.Weights(folder, "feedback-alignment-1"));
        Assert.All(Enumerable.Range(0, 8), unit => Assert.Equal(98, Enumerable.Range(0, 784).Count(input => left["hidden1.weights.npy"][unit, input] != 0)));
        var places = Enumerable.Range(0, 80).Select(i => (i / 8, i % 8)).ToList();
        Assert.InRange(places.Count(at => left["output.weights.npy"][at.Item1, at.Item2] == 0), 25, 55);
        var feedback = places.Select(at => (Left: left["feedback.output-hidden1.npy"][at.Item1, at.Item2], All: all["feedback.output-hidden1.npy"][at.Item1, at.Item2])).ToList();
        Assert.InRange(feedback.Count(weight => weight.Left == 0), 25, 55);
        Assert.All(feedback, weight => Assert.True(weight.Left == 0 || weight.Left == weight.All));
    }

    [Fact]
    public void FeedbackIsDrawnAsTheSpecSays()
    {
        double[,] Feedback(string rule, FeedbackSpec feedback)
        {
            var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = [rule], Network = new() { Layers = "784-8-10" }, Feedback = feedback });
            Assert.Equal(RunStatus.Completed, record.Runs.Single().Status);
            var weights = TinyExperiment.Weights(folder, $"{rule}-1")["feedback.output-hidden1.npy"];
            var copy = new double[10, 8];
            for (var i = 0; i < 80; i++)
            {
                copy[i / 8, i % 8] = weights[i / 8, i % 8];
            }

            return copy;
        }

        foreach (var (rule, feedback, errors) in ((string, FeedbackSpec, int)[])
            [("direct-feedback-alignment", new() { ErrorsPerUnit = 3 }, 3), ("sparse-direct-feedback-alignment", new(), 1), ("sparse-direct-feedback-alignment", new() { ErrorsPerUnit = 2 }, 2)])
        {
            var matrix = Feedback(rule, feedback);
            Assert.All(Enumerable.Range(0, 8), unit => Assert.Equal(errors, Enumerable.Range(0, 10).Count(error => matrix[error, unit] != 0)));
        }

        Assert.Equal(40, Feedback("feedback-alignment", new() { Scale = 2, Normalization = FeedbackNormalizationIds.ErrorNorm }).Cast<double>().Sum(weight => weight * weight), 1e-4);
        var lowRank = Feedback("feedback-alignment", new() { Rank = 1 });
        Assert.All(Enumerable.Range(0, 80), i => Assert.Equal(0, lowRank[i / 8, i % 8] * lowRank[0, 0] - lowRank[i / 8, 0] * lowRank[0, i % 8], 1e-6));
        var (fanIn, fanOut) = (Feedback("feedback-alignment", new() { Normalization = FeedbackNormalizationIds.FanIn }), Feedback("feedback-alignment", new() { Normalization = FeedbackNormalizationIds.FanOut }));
        Assert.All(Enumerable.Range(0, 80), i => Assert.Equal(fanIn[i / 8, i % 8] * Math.Sqrt(10 / 8.0), fanOut[i / 8, i % 8], 1e-6));
    }

    [Fact]
    public void ARuleThatDivergesDisturbsNoOther()
    {
        var (calm, _) = _experiments.Run(TinyExperiment.Spec);
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with
        {
            RuleSettings = new Dictionary<string, RuleSettings> { ["feedback-alignment"] = new() { LearningRate = 1e6f } },
        });

        var diverged = record.Runs.Single(run => run.Rule == "feedback-alignment");
        Assert.Equal(RunStatus.Diverged, diverged.Status);
        Assert.Contains("loss was", diverged.Reason);
        Assert.Null(diverged.TestError);
        Assert.True(File.Exists(TinyExperiment.RunPath(folder, "feedback-alignment-1", "weights.npz")));
        var others = record.Runs.Where(run => run != diverged).ToList();
        Assert.All(others, run => Assert.Equal(RunStatus.Completed, run.Status));
        Assert.Equal(calm.Runs.Where(run => run.Rule != "feedback-alignment").Select(TinyExperiment.Outcome), others.Select(TinyExperiment.Outcome));
    }

    [Fact]
    public void ACancellationLeavesWhatThereIs()
    {
        // As many threads as processors: one run after another.
        var spec = TinyExperiment.Spec with
        {
            Rules = ["backpropagation"],
            Seeds = [1, 2, 3],
            Training = TinyExperiment.Spec.Training with { Epochs = 50, Threads = Environment.ProcessorCount },
        };
        using var stop = new CancellationTokenSource();
        var (_, folder) = _experiments.Run(spec, new StopAfter(stop, new RunKey("backpropagation", 2), examples: 180), stop.Token);

        var record = ExperimentFolder.Read(folder);
        Assert.Equal([(1UL, RunStatus.Completed), (2UL, RunStatus.Cancelled)], record.Runs.Select(run => (run.Seed, run.Status)));
        var stopped = record.Runs[1];
        Assert.Equal((180, 3.0, "stopped after 180 of 3000 examples"), (stopped.Examples, stopped.Epochs, stopped.Reason));
        Assert.Null(stopped.TestError);
        Assert.NotNull(stopped.ValidationError);
        Assert.Equal(180, stopped.Curve[^1].Examples);
        Assert.Equal((8, 784), (TinyExperiment.Weights(folder, "backpropagation-2")["hidden1.weights.npy"].Rows, TinyExperiment.Weights(folder, "backpropagation-2")["hidden1.weights.npy"].Columns));
        Assert.False(Directory.Exists(Path.Combine(folder, "runs", "backpropagation-3")));
    }

    [Theory]
    [InlineData(KeepIds.BestValidation)]
    [InlineData(KeepIds.Last)]
    public void TheTestErrorIsOfTheKeptWeights(string keep)
    {
        // At a high rate the best weights come before the last ones.
        var spec = TinyExperiment.Spec with
        {
            Rules = ["backpropagation"],
            Optimizer = new() { LearningRate = keep == KeepIds.Last ? 0.1f : 5 },
            Training = TinyExperiment.Spec.Training with { Epochs = 12, Keep = keep },
        };
        var (record, folder) = _experiments.Run(spec);
        var run = record.Runs[0];
        var network = Network.Mlp("784-8-10", seed: 77);
        var weights = TinyExperiment.Weights(folder, "backpropagation-1");
        foreach (var parameter in network.Parameters)
        {
            var saved = weights[$"{parameter.Name}.npy"];
            for (var row = 0; row < saved.Rows; row++)
            {
                for (var column = 0; column < saved.Columns; column++)
                {
                    parameter.Read()[row, column] = saved[row, column];
                }
            }
        }

        var split = TinyExperiment.Load(spec).Split;
        var evaluator = new Evaluator(network, Loss.SoftmaxCrossEntropy);
        Assert.Equal(keep == KeepIds.Last, run.KeptAtExamples == run.Examples);
        Assert.Equal(run.TestError, evaluator.Evaluate(split.Test).Error);
        Assert.Equal(run.ValidationError, evaluator.Evaluate(split.Validation).Error);
        Assert.Equal(run.ValidationError, run.Curve.Single(point => point.Examples == run.KeptAtExamples).ValidationError);
    }

    [Fact]
    public void ObserversHearOfEveryRun()
    {
        var listener = new Listener();
        _experiments.Run(TinyExperiment.Spec with { Seeds = [1, 2] }, listener);

        Assert.Equal(8, listener.Started);
        Assert.Equal(8 * 120, listener.LastExamples);
        Assert.Equal(8 * 3, listener.Evaluations);
        Assert.Equal(8, listener.Finished);
    }

    private sealed class StopAfter(CancellationTokenSource stop, RunKey which, long examples) : ExperimentObserver
    {
        public override void OnStep(RunKey run, long seen, double loss)
        {
            if (run == which && seen >= examples)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class Listener : ExperimentObserver
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<RunKey, long> _examples = [];

        public int Started { get; private set; }

        public int Evaluations { get; private set; }

        public int Finished { get; private set; }

        public long LastExamples => _examples.Values.Sum();

        public override void OnStarted(RunKey run, long totalExamples)
        {
            lock (_lock)
            {
                Assert.Equal(120, totalExamples);
                Started++;
            }
        }

        public override void OnStep(RunKey run, long examples, double loss)
        {
            lock (_lock)
            {
                _examples[run] = examples;
            }
        }

        public override void OnEvaluation(RunKey run, CurveRecord point)
        {
            lock (_lock)
            {
                Evaluations++;
            }
        }

        public override void OnFinished(RunKey run, RunRecord record)
        {
            lock (_lock)
            {
                Finished++;
            }
        }
    }

    [Fact]
    public void ARuleForEveryHiddenLayerIsTrainedWithItsSettingsAndKeptUnderItsId()
    {
        const string rule = "direct-feedback-alignment+backpropagation";
        var spec = TinyExperiment.Spec with
        {
            Rules = [rule, "backpropagation"],
            Network = new() { Layers = "784-8-6-10" },
            RuleSettings = new Dictionary<string, RuleSettings> { [rule] = new() { FeedbackScale = 0.5f } },
        };
        var (record, folder) = _experiments.Run(spec);
        Assert.Equal([rule, "backpropagation"], record.Runs.Select(run => run.Rule));
        Assert.Contains("feedback.output-hidden1.npy", TinyExperiment.Weights(folder, $"{rule}-1").Keys);
        Assert.DoesNotContain("feedback.output-hidden2.npy", TinyExperiment.Weights(folder, $"{rule}-1").Keys);
        Assert.Equal(0, record.Runs[0].AlignmentAngles["hidden2"][^1].Degrees!.Value, 1e-3);
        Assert.InRange(record.Runs[0].AlignmentAngles["hidden1"][^1].Degrees!.Value, 1, 179);
        var (again, _) = _experiments.Run(SpecReader.Read(File.ReadAllText(Path.Combine(folder, "spec.json")), Components.Standard));
        Assert.Equal(record.Runs.Select(TinyExperiment.Outcome), again.Runs.Select(TinyExperiment.Outcome));

        var (other, _) = _experiments.Run(spec with { RuleSettings = new Dictionary<string, RuleSettings>() });
        Assert.NotEqual(TinyExperiment.Outcome(record.Runs[0]), TinyExperiment.Outcome(other.Runs[0]));
        Assert.Equal(TinyExperiment.Outcome(record.Runs[1]), TinyExperiment.Outcome(other.Runs[1]));
    }

    [Fact]
    public void RulesOfNamedLayersAndBlocksAreTrainedAndKeptUnderNamesThatFilesCanHave()
    {
        const string rule = "block1/*=feedback-alignment+hidden1=backpropagation+*=direct-feedback-alignment";
        const string folderName = "block1.all=feedback-alignment+hidden1=backpropagation+others=direct-feedback-alignment-1";
        var spec = TinyExperiment.Spec with
        {
            Rules = [rule, "backpropagation"],
            Network = new() { Layers = "784, dense 6 relu, residual(dense 5 relu, dense 6), relu, dense 10" },
            RuleSettings = new Dictionary<string, RuleSettings> { [rule] = new() { FeedbackScale = 0.5f } },
        };
        var (record, folder) = _experiments.Run(spec);
        Assert.Equal([rule, "backpropagation"], record.Runs.Select(run => run.Rule));
        Assert.Equal(["block1/*", "hidden1", "*"], record.Rules[^1].PartNames);
        Assert.Equal(record.Runs.Select(TinyExperiment.Outcome), ExperimentFolder.Read(folder).Runs.Select(TinyExperiment.Outcome));
        Assert.True(Directory.Exists(Path.Combine(folder, "runs", folderName)));
        var (again, _) = _experiments.Run(SpecReader.Read(File.ReadAllText(Path.Combine(folder, "spec.json")), Components.Standard));
        Assert.Equal(record.Runs.Select(TinyExperiment.Outcome), again.Runs.Select(TinyExperiment.Outcome));
    }

    /// <summary>Only the network itself knows what gets an error and where direct feedback has a site.</summary>
    [Theory]
    [InlineData("hiden1=backpropagation+*=feedback-alignment",
        "no rule brings an error to \"hiden1\"; the names are hidden1, hidden2, block1,")]
    [InlineData("hidden1=backpropagation", "no rule is given for \"hidden2\"; add it, or \"*\"")]
    [InlineData("hidden3=feedback-alignment+*=backpropagation", "no rule brings an error to \"hidden3\"")]
    public void NamesThatTheNetworkHasNotAreRefusedBeforeAFolderIsMade(string rule, string mistake)
    {
        var spec = TinyExperiment.Spec with
        {
            Rules = ["backpropagation", rule],
            Network = new() { Layers = "784, dense 6 relu, residual(dense 5 relu, dense 6), relu, dense 10" },
        };
        var problem = Assert.Single(Assert.Throws<SpecException>(() => _experiments.Run(spec)).Problems);
        Assert.Equal("rules[1]", problem.Path);
        Assert.Contains(mistake, problem.Message, StringComparison.Ordinal);
    }
}
