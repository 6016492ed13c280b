using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>
/// Runs of a network with batch normalization, dropout and a residual block: what they leave is enough for all that reads it.
/// </summary>
public sealed class PlannedRunTests : IDisposable
{
    private const string Layers = "784, dense 12, batch-norm, relu, residual(dense 8 relu, dense 12), relu, dropout 0.3, dense 10";

    private readonly TinyExperiment _experiments = new();

    private static ExperimentSpec Spec { get; } = TinyExperiment.Spec with
    {
        Rules = ["backpropagation", "feedback-alignment", "direct-feedback-alignment"],
        Network = new() { Layers = Layers },
    };

    public void Dispose() => _experiments.Dispose();

    /// <summary>The test error is taken from the kept network at the end of the training.</summary>
    [Theory]
    [InlineData(KeepIds.Last)]
    [InlineData(KeepIds.BestValidation)]
    public void AFinishedRunAnswersAsItsTrainingDidAtTheEnd(string keep)
    {
        var spec = Spec with { Training = Spec.Training with { Keep = keep, Epochs = 3 } };
        var (record, folder) = _experiments.Run(spec);
        var test = TinyExperiment.Load(spec).Split.Test!;
        Assert.Equal(3, record.Runs.Count);
        foreach (var run in record.Runs)
        {
            Assert.Equal(RunStatus.Completed, run.Status);
            var finished = FinishedRun.Open(Path.Combine(folder, "runs", $"{run.Rule}-{run.Seed}"), Components.Standard);
            Assert.Equal(
                run.TestError, finished.Network.PredictClasses(test.Inputs).Index()
                    .Count(answer => answer.Item != test.Labels![answer.Index]) / (double)test.Count);
            Assert.Equal(["norm1.running-mean", "norm1.running-variance"], finished.Network.Buffers.Select(buffer => buffer.Name));
            Assert.All(finished.Network.Buffers, buffer
                => Assert.NotEqual(buffer.Name.EndsWith("mean", StringComparison.Ordinal) ? 0 : 1, buffer.Values[0, 0]));
        }
    }

    /// <summary>The training is repeated here with the library alone; its network is asked at the end.</summary>
    [Fact]
    public void AFinishedRunAnswersToTheBitAsTheNetworkThatWasTrained()
    {
        var spec = Spec with { Rules = ["feedback-alignment"], Training = Spec.Training with { Keep = KeepIds.Last, MeasureEvery = 0 } };
        var (_, folder) = _experiments.Run(spec);
        var data = TinyExperiment.Load(spec);
        var complete = SpecCompletion.Complete(spec, data.Record, Components.Standard);
        var (key, split) = (new RunKey("feedback-alignment", 1), data.Split);
        var builder = new RunBuilder(complete, key, Components.Standard);
        using var compute = new Compute();
        var network = builder.Network(compute);
        var rule = FeedbackAlignment.Rules.RuleCatalog.Standard.Get(key.Rule)
            .Create(builder.Setup(network, complete.Training.BatchSize, key.Rule));
        new Trainer(rule, builder.Optimizer([builder.Forward(network), builder.Feedback(key.Rule, rule)]), split,
            builder.Options(split.Train.Count, null, measures: false, null, tests: true), builder.Streams)
            .Run(new TrainingCallbacks());
        Assert.True(IsSame(
            network.Predict(split.Test!.Inputs),
            FinishedRun.Open(Path.Combine(folder, "runs", $"{key}"), Components.Standard).Network.Predict(split.Test.Inputs)));
    }

    /// <summary>Two sites above one layer have feedback weights of two names in weights.npz.</summary>
    [Fact]
    public void ARunWithTwoSitesAboveOneLayerIsReadBack()
    {
        var (_, folder) = _experiments.Run(Spec with
        {
            Rules = ["direct-feedback-alignment", "direct-kolen-pollack"],
            Network = new() { Layers = "784, dense 6 relu, batch-norm, tanh, dense 10" },
        });
        foreach (var rule in (string[])["direct-feedback-alignment", "direct-kolen-pollack"])
        {
            var arrays = FinishedRun.Open(Path.Combine(folder, "runs", $"{rule}-1"), Components.Standard).Arrays.Keys.Where(
                name => name.StartsWith("feedback.", StringComparison.Ordinal));
            Assert.Equal(["feedback.output-hidden1", "feedback.output-tanh1"], arrays.Order());
        }
    }

    [Fact]
    public void AStopChangesNoByte()
    {
        foreach (var rule in Spec.Rules)
        {
            using var experiment = new StoppedExperiment(Spec with { Rules = [rule], Optimizer = new() { Kind = "adam" } });
            experiment.Run(folder: "whole");
            foreach (var stop in (long[])[40, 75, 118])
            {
                experiment.Run(stopAfter: stop);
            }

            experiment.Run();
            experiment.AssertSameAs("whole");
        }
    }

    [Fact]
    public void PhasesNameNormalizationsAsTheyNameLayers()
    {
        var (_, folder) = _experiments.Run(Spec with
        {
            Rules = ["backpropagation"],
            Training = Spec.Training with
            {
                Epochs = null,
                Keep = KeepIds.Last,
                Phases = [new() { Examples = 32, Learns = ["norm1", "output"] }]
            },
        });
        var weights = TinyExperiment.Weights(folder, "backpropagation-1");
        var drawn = Networks.NetworkPlan.Parse(Layers).Build(1);
        Assert.Equal(["norm1.scale", "norm1.shift", "output.biases", "output.weights"],
            drawn.Parameters.Where(parameter => !IsSame(parameter.Read(), weights[$"{parameter.Name}.npy"]))
                .Select(parameter => parameter.Name).Order());
    }

    [Theory]
    [InlineData("norm1.running-mean")]
    [InlineData("norm1.scale")]
    [InlineData("hidden3.weights")]
    public void ARunWithoutAnArrayOfItsNetworkIsRefused(string name)
    {
        var (_, folder) = _experiments.Run(Spec with { Rules = ["backpropagation"] });
        var file = TinyExperiment.RunPath(folder, "backpropagation-1", "weights.npz");
        using (var archive = System.IO.Compression.ZipFile.Open(file, System.IO.Compression.ZipArchiveMode.Update))
        {
            archive.GetEntry($"{name}.npy")!.Delete();
        }

        Assert.Contains(
            $"there is no {name} (",
                Assert.Throws<DataFormatException>(() => FinishedRun.Open(Path.GetDirectoryName(file)!, Components.Standard)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// One training of two passes is two of one, if the second takes over weights, statistics and what the optimizer had.
    /// </summary>
    [Theory]
    [InlineData("adam")]
    [InlineData("rmsprop")]
    public void AnotherTrainingGoesOnFromItsEnd(string optimizer)
    {
        var (_, folder) = _experiments.Run(Spec with { Rules = ["kolen-pollack"], Optimizer = new() { Kind = optimizer } });
        var path = Path.Combine(folder, "runs", "kolen-pollack-1");
        var (run, continuation) = (FinishedRun.Open(path, Components.Standard),
            Continuation.Of(path, Components.Standard, withOptimizer: true));
        var file = Path.Combine(folder, Continuation.FileName);
        foreach (var isPyTorchs in (bool[])[false, true])
        {
            using (var stream = File.Create(file))
            {
                // Version 0.1 wrote PyTorch's names.
                var content = RunExport.ToSafetensors(run);
                (isPyTorchs ? FeedbackAlignment.Exchange.NetworkFile.WithPyTorchNames(content, run.Network) : content).Write(stream);
            }

            var spec = SpecCompletion.Complete(continuation.Spec(asked: null, file), TinyExperiment.Load(Spec).Record, Components.Standard);
            Assert.Equal((Layers, CarriedIds.Optimizer), (spec.Network.Layers, spec.Network.Initialization.Carries));
            Assert.Contains("feedback the same weights as there", continuation.Describe(spec));
            using var compute = new Compute();
            var given = GivenWeights.Of(spec.Network, Components.Standard);
            var builder = new RunBuilder(spec, new RunKey("kolen-pollack", 1), Components.Standard);
            var network = builder.Network(compute, given);
            Assert.All(network.Parameters.Zip(run.Network.Parameters), pair => Assert.True(IsSame(pair.First.Read(), pair.Second.Read())));
            Assert.All(network.Buffers.Zip(run.Network.Buffers), pair => Assert.True(IsSame(pair.First.Values, pair.Second.Values)));
            var rule = FeedbackAlignment.Rules.RuleCatalog.Standard.Get("kolen-pollack").Create(builder.Setup(network, 4, "kolen-pollack"));
            var moves = builder.Optimizer([builder.Forward(network), builder.Feedback("kolen-pollack", rule)]);
            CarriedState.Restore(spec.Network, given, rule, moves);
            foreach (var (index, parameter) in moves.Parameters.Index())
            {
                var name = network.Parameters.Contains(parameter) ? parameter.Name : $"rule.{parameter.Name}";
                Assert.All(moves.Memory, memory
                    => Assert.True(IsSame(run.Arrays[$"optimizer.{name}.{memory.Name}"], memory.Values[index])));
            }
        }
    }

    [Fact]
    public void AllRulesAreThoseThatNeedNoChain()
    {
        var every = new EveryRule(Components.Standard);
        var spec = every.Read(
            rules => SpecValidator.Validate(Spec with { Rules = rules }, Components.Standard) is { Count: > 0 } problems
                ? throw new SpecException([.. problems]) : Spec with { Rules = rules });
        var complete = every.Complete(spec, TinyExperiment.Load(spec).Record);
        Assert.Equal(
            FeedbackAlignment.Rules.RuleCatalog.Standard.Entries.Where(rule => rule.NeedsChain || rule.NeedsConvolution)
                .Select(rule => rule.Id),
            every.LeftOut.Select(rule => rule.Rule));
        var chained = every.LeftOut.Where(rule => !rule.Rule.StartsWith("frozen", StringComparison.Ordinal));
        Assert.All(chained, rule => Assert.Contains("needs dense layers one after another, but network.layers has "
            + "batch-norm", rule.Reason, StringComparison.Ordinal));
        Assert.Contains("kolen-pollack", complete.Rules);
    }

    private static bool IsSame(Matrix one, Matrix other)
        => Enumerable.Range(0, one.Rows)
            .All(row => Enumerable.Range(0, one.Columns)
                .All(column => BitConverter.SingleToInt32Bits(one[row, column]) == BitConverter.SingleToInt32Bits(other[row, column])));
}
