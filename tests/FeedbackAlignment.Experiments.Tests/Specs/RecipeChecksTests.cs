using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>Changed pictures, smoothed labels and coupled decay: what specs say of them, and what runs make of it.</summary>
public sealed class RecipeChecksTests
{
    private const string Whole = """
        {
          "data": { "source": "shapes", "train": 60, "validation": 20, "test": 20 },
          "network": { "layers": "conv 3x3 4 relu, max-pool 4, dense 10" },
          "optimizer": { "momentum": 0.9, "nesterov": true, "weightDecay": 0.001, "weightDecayMode": "coupled" },
          "training": { "augmentation": { "crop": 4, "flip": true }, "labelSmoothing": 0.125 }
        }
        """;

    [Fact]
    public void ARecipeComesBackAndRunsHaveIt()
    {
        var spec = SpecReader.Read(Whole, Components.Standard);
        Assert.Equivalent(spec, SpecReader.Read(SpecWriter.Write(spec), Components.Standard), strict: true);
        var data = TinyExperiment.Load(spec);
        var complete = SpecCompletion.Complete(spec, data.Record, Components.Standard);
        Assert.Equivalent(spec.Training.Augmentation, complete.Training.Augmentation, strict: true);
        var builder = new RunBuilder(complete, new RunKey("backpropagation", 1), Components.Standard);
        using var compute = new Compute(1);
        var network = builder.Network(compute);
        var options = builder.Options(60, null, measures: false, checkpointEvery: null, tests: true);
        Assert.Equal(new() { Crop = 4, Flip = true }, options.Augmentation);
        var loss = builder.Setup(network, 8, "backpropagation").Loss;
        Assert.Equal(("softmax-cross-entropy", 0.125), (loss.Id, loss.Settings["labelSmoothing"]));
        Assert.Same(Loss.SoftmaxCrossEntropy, loss.ForEvaluation);
        Assert.Equal(WeightDecayMode.Coupled, builder.Optimizer([builder.Forward(network)]).DecayMode);
    }

    /// <summary>Before the data are read nobody knows what they are; then it is refused before a folder is made.</summary>
    [Fact]
    public void DataOfOnesOwnThatAreNoPicturesAreRefusedWhenTheyAreRead()
    {
        var spec = SpecReader.Read("""
            { "data": { "source": "./mine.csv" }, "training": { "augmentation": { "crop": 2 }, "labelSmoothing": 0.1 } }
            """, Components.Standard);
        var table = new DataRecord
        {
            Description = "mine",
            Train = 60,
            Validation = 10,
            Test = 5,
            Inputs = 40,
            Outputs = 3,
            Classification = true,
        };
        Assert.Equal(
            ["training.augmentation: needs pictures, but an example of these data has no height and width; leave it out"],
            Problems(spec, table));
        Assert.Equal(
            ["training.augmentation.crop: must be < 2, the lesser side of pictures of 4 × 2 × 5, or a window could miss the whole picture; "
                + "was 2"],
            Problems(spec, table with { Schema = new() { Files = "npy", Image = new ImageShape(2, 5, 4), Classification = true } }));
        Assert.Equal(
            ["training.labelSmoothing: must be 0 with squared-error, which has no label smoothing; softmax-cross-entropy has; was 0.1"],
            Problems(spec with { Training = spec.Training with { Augmentation = new() } }, table with { Classification = false }));
    }

    private static IEnumerable<string> Problems(ExperimentSpec spec, DataRecord data)
        => Assert.Throws<SpecException>(() => SpecCompletion.Complete(spec, data, Components.Standard))
            .Problems.Select(problem => $"{problem}");
}
