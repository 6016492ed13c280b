using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class SpecCompletionTests
{
    private static readonly DataRecord _digits = new() { Description = "digits", Train = 600, Validation = 100, Test = 50, Inputs = 784, Outputs = 10, Classification = true };
    private static readonly DataRecord _numbers = new() { Description = "numbers", Train = 600, Validation = 900, Test = 50, Inputs = 7, Outputs = 2, Classification = false };

    [Fact]
    public void NothingIsLeftOpenThatTheDataDecide()
    {
        var complete = SpecCompletion.Complete(new ExperimentSpec(), _digits, Components.Standard);

        Assert.Equal(
            ["data.teacher", "data.target", "data.task", "data.ignore", "data.categorical", "data.header", "data.separator",
                "data.decimalSeparator", "data.missing", "data.unseen", "data.standardize", "data.scale", "data.group", "data.resize",
                "network.initialization.from", "network.initialization.sha256", "network.spiking", "feedback.share",
                "feedback.errorsPerUnit", "feedback.rank", "feedback.from", "feedback.sha256", "feedback.seed", "optimizer.clipNorm",
                "optimizer.schedule.stepExamples", "optimizer.feedback.weightDecay",
                "training.examples", "training.phases", "training.patience", "training.threads", "tuning"],
            OpenKeys(JsonNode.Parse(SpecWriter.Write(complete))!.AsObject(), ""));
        Assert.Equal((600, 100, 50), (complete.Data.Train, complete.Data.Validation, complete.Data.Test));
        Assert.Equal("784-200-100-10", complete.Network.Layers);
        Assert.Equal("softmax-cross-entropy", complete.Loss);
        Assert.Equal((0.05f, 0.9f), (complete.Optimizer.LearningRate, complete.Optimizer.Momentum));
        Assert.Equal((20, 600, 600, 100), (complete.Training.Epochs, complete.Training.EvaluateEvery, complete.Training.MeasureEvery, complete.Training.MeasureExamples));
    }

    [Fact]
    public void NumbersAreLearntWithSquaredErrorByANetworkOfTheirWidth()
    {
        var complete = SpecCompletion.Complete(new ExperimentSpec { Data = new() { Source = "./numbers" } }, _numbers, Components.Standard);

        Assert.Equal(("7-200-100-2", "squared-error", 256), (complete.Network.Layers, complete.Loss, complete.Training.MeasureExamples));
    }

    [Theory]
    [InlineData("linear", "softmax-cross-entropy")]
    [InlineData("tanh", "squared-error")]
    public void TheLossSuitsTheOutputLayer(string outputActivation, string loss)
        => Assert.Equal(loss,
            SpecCompletion.Complete(new ExperimentSpec { Network = new() { OutputActivation = outputActivation } }, _digits,
            Components.Standard).Loss);

    [Theory]
    [InlineData("sgd", 0.1f)]
    [InlineData("rmsprop", 0.001f)]
    [InlineData("adam", 0.001f)]
    [InlineData("adamw", 0.001f)]
    public void EveryOptimizerHasARateOfItsOwn(string kind, float rate)
        => Assert.Equal(rate,
            SpecCompletion.Complete(new ExperimentSpec { Optimizer = new() { Kind = kind } }, _digits, Components.Standard)
            .Optimizer.LearningRate);

    /// <summary>As PyTorch's AdamW has it; one that is given stays, also 0.</summary>
    [Theory]
    [InlineData("sgd", null, 0)]
    [InlineData("adam", null, 0)]
    [InlineData("adamw", null, 0.01f)]
    [InlineData("adamw", 0f, 0)]
    [InlineData("adamw", 0.1f, 0.1f)]
    public void OnlyAdamWDecaysByItself(string kind, float? given, float decay)
        => Assert.Equal(decay, SpecCompletion.Complete(
            new ExperimentSpec { Optimizer = new() { Kind = kind, WeightDecay = given } }, _digits, Components.Standard)
                .Optimizer.WeightDecay);

    [Fact]
    public void ExamplesTakeTheSeatOfEpochs()
    {
        var complete = SpecCompletion.Complete(new ExperimentSpec { Training = new() { Examples = 77 } }, _digits, Components.Standard);

        Assert.Null(complete.Training.Epochs);
        Assert.Equal(77, complete.Training.Examples);
    }

    [Fact]
    public void PhasesTakeTheSeatOfEpochsAndTheirExamplesAddUp()
    {
        var complete = SpecCompletion.Complete(
            new ExperimentSpec { Training = new() { Phases = [new() { Examples = 30 }, new() { Examples = 12 }] } }, _digits,
            Components.Standard);

        Assert.Equal((null, null), (complete.Training.Epochs, complete.Training.Examples));
        Assert.Equal(42, SpecCompletion.TotalExamples(complete.Training, 600));
    }

    [Fact]
    public void WhatWasChosenStays()
    {
        var chosen = new ExperimentSpec
        {
            Network = new() { Layers = "784-3-10" },
            Loss = "squared-error",
            Optimizer = new() { LearningRate = 3, WeightDecay = 0, ClipNorm = 2 },
            Training = new() { Epochs = 0.5, EvaluateEvery = 7, MeasureEvery = 0, MeasureExamples = 5 },
        };

        var complete = SpecCompletion.Complete(chosen, _digits, Components.Standard);
        Assert.Equal(chosen with { Data = complete.Data }, complete);
    }

    [Fact]
    public void ACompleteSpecIsComplete()
    {
        var once = SpecWriter.Write(SpecCompletion.Complete(new ExperimentSpec(), _digits, Components.Standard));

        Assert.Equal(once, SpecWriter.Write(
            SpecCompletion.Complete(SpecReader.Read(once, Specs.TestSpecs.Components), _digits, Components.Standard)));
    }

    [Fact]
    public void MisfitsAreRefusedAllAtOnce()
    {
        var misfit = new ExperimentSpec
        {
            Data = new() { Source = "./numbers" },
            Network = new() { Layers = "8-5-3" },
            Loss = "softmax-cross-entropy",
        };

        var refused = Assert.Throws<SpecException>(() => SpecCompletion.Complete(misfit, _numbers, Components.Standard));
        Assert.Equal(
            [
                "network.layers: the first layer is 8 wide, but the data have 7 inputs; write 7-5-2",
                "loss: softmax-cross-entropy needs class labels, but the targets of these data are numbers; write squared-error",
            ],
            refused.Problems.Select(problem => problem.ToString()));
    }

    private static IEnumerable<string> OpenKeys(JsonObject section, string path) => section.SelectMany(pair => pair.Value switch
    {
        null => [path + pair.Key],
        JsonObject inner => OpenKeys(inner, $"{path}{pair.Key}."),
        _ => (IEnumerable<string>)[],
    });

    /// <summary>
    /// A cosine over half of the training, after a warm-up over the other half: the rate comes to its top, and ends at its factor.
    /// </summary>
    [Fact]
    public void AScheduleGoesOverWhatItsWarmUpLeaves()
    {
        var spec = new ExperimentSpec
        {
            Data = new() { Train = 100 },
            Optimizer = new() { LearningRate = 1, Schedule = new() { Kind = ScheduleIds.Cosine, WarmUpExamples = 500, Factor = 0.1f } },
            Training = new() { Examples = 1000 },
        };
        var rate = new RunBuilder(spec, new RunKey("shallow", 1), Components.Standard).LearningRate("shallow", 1000);
        Assert.Equal([0.02f, 0.5f, 1f, 1f], ((long[])[0, 240, 490, 500]).Select(seen => rate.At(seen, batch: 10)));
        Assert.Equal(0.55, rate.At(750, 10), 1e-6);
        Assert.Equal(0.1, rate.At(1000, 10), 1e-6);

        var record = TinyExperiment.Load(TinyExperiment.Spec).Record;
        var tooLong = TinyExperiment.Spec with { Optimizer = new() { Schedule = new() { WarmUpExamples = 121 } } };
        Assert.Equal(
            "optimizer.schedule.warmUpExamples: must be ≤ the 120 examples of the training, was 121",
            Assert.Single(Assert.Throws<SpecException>(() => SpecCompletion.Complete(tooLong, record, Components.Standard)).Problems)
                .ToString());
    }
}
