using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>A network that is more than sizes, and what the rest of a spec says beside it.</summary>
public sealed class PlanChecksTests
{
    private const string Layers = "784, dense 20, batch-norm, relu, residual(dense 12 relu, dense 20), relu, dropout 0.2, dense 10";

    [Theory]
    [InlineData(""" "network": { "layers": "784, dens 20, dense 10" } """,
        "network.layers: \"784, dens 20, dense 10\": item 2 \"dens 20\" is no module; there are dense")]
    [InlineData(""" "network": { "layers": ["784", "dense 20", "dense"] } """,
        "network.layers: \"784, dense 20, dense\": item 3 \"dense\" needs a number of units")]
    [InlineData(""" "network": { "layers": [784, ["dense 20"], "dense 10"] } """,
        "network.layers[1]: must be a number of inputs, or a module as a text")]
    [InlineData(""" "network": { "layers": "PLAN", "activation": "relu" } """,
        "network.activation: must be left out, because network.layers has its own activations, e.g. dense 256 relu; was \"relu\"")]
    [InlineData(""" "network": { "layers": "PLAN", "outputActivation": "tanh" }, "loss": "squared-error" """,
        "network.outputActivation: must be left out, because network.layers has its own")]
    [InlineData(""" "network": { "layers": "784, dense 10 tanh" }, "loss": "softmax-cross-entropy" """,
        "network.layers: must end with dense 10 alone with softmax-cross-entropy, which includes its own activation; was tanh")]
    [InlineData(""" "network": { "layers": "9, dense 20, dense 10" } """,
        "network.layers: the first layer is 9 wide, but the data have 784 inputs; write 784, dense 20, dense 10")]
    [InlineData(""" "network": { "layers": "784, dense 20, layer-norm, dense 7" } """,
        "network.layers: the last layer is 7 wide, but the data have 10 classes; write 784, dense 20, layer-norm, dense 10")]
    [InlineData(""" "network": { "layers": "PLAN", "initialization": { "scheme": "zero" } } """,
        "network.initialization.scheme: zero weights under relu never learn")]
    [InlineData(""" "network": { "layers": "PLAN", "connections": { "norm1": { "share": 0.5 } } } """,
        "network.connections.norm1: there is no such layer; the layers of 784, dense 20")]
    [InlineData(""" "network": { "layers": "PLAN", "connections": { "hidden3": { "inputsPerUnit": 13 } } } """,
        "network.connections.hidden3.inputsPerUnit: must be ≤ 12, the inputs of hidden3, was 13")]
    [InlineData(""" "network": { "layers": "PLAN", "spiking": {} } """, "network.spiking: needs sizes in network.layers")]
    [InlineData(""" "network": { "layers": "PLAN" }, "rules": ["backpropagation", "forward-forward"] """,
        "rules[1]: \"forward-forward\" needs dense layers one after another, but network.layers has batch-norm; leave one of the two out")]
    [InlineData(""" "network": { "layers": "784, residual(dense 784), dense 10" }, "rules": ["pepita"] """,
        "rules[0]: \"pepita\" needs dense layers one after another, but network.layers has residual; leave one of the two out")]
    [InlineData(""" "network": { "layers": "PLAN" }, "rules": ["hidden1=local-feedback-alignment+*=backpropagation"] """,
        "rules[0]: \"hidden1=local-feedback-alignment+*=backpropagation\" needs dense layers one after another")]
    [InlineData(""" "network": { "layers": "PLAN" }, "rules": ["feedback-alignment+backpropagation"] """,
        "rules[0]: \"feedback-alignment+backpropagation\" needs dense layers one after another, but network.layers has batch-norm; "
            + "name what each rule serves, e.g. hidden1=feedback-alignment+*=backpropagation")]
    [InlineData(""" "network": { "layers": "PLAN" }, "training": { "phases": [{ "examples": 64, "rule": "pepita" }] } """,
        "training.phases[0].rule: \"pepita\" needs dense layers one after another")]
    [InlineData(""" "network": { "layers": "PLAN" }, "training": { "phases": [{ "examples": 64, "learns": ["norm2"] }] } """,
        "training.phases[0].learns[0]: there is no layer \"norm2\", did you mean \"norm1\"?")]
    [InlineData(""" "network": { "layers": "PLAN" }, "training": { "batchSize": 1 } """,
        "training.batchSize: must be at least 2 with batch-norm, because one example has no variance; was 1")]
    [InlineData(""" "network": { "layers": "PLAN" }, "training": { "measureExamples": 1 } """,
        "training.measureExamples: must be at least 2 with batch-norm, because one example has no variance; was 1")]
    [InlineData(""" "network": { "layers": "PLAN" }, "feedback": { "rank": 21 }, "rules": ["feedback-alignment"] """,
        "feedback.rank: must be ≤ 12, because no feedback matrix of 784, dense 20")]
    [InlineData(""" "data": { "source": "teacher-tanh", "teacher": "3, dense 2 relu, dense 1" } """,
        "data.teacher: \"3, dense 2 relu, dense 1\": \"3, dense 2 relu, dense 1\" is not a layer size")]
    public void AMistakeIsOneLineWithItsKey(string json, string problem)
    {
        var found = Assert.Single(Assert.Throws<SpecException>(() => Read(json)).Problems);
        Assert.StartsWith(problem, found.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "network": { "layers": "PLAN", "bias": false, "initialization": { "scheme": "he-normal" }, "connections": { "hidden2": { "share": 0.5 } } } """)]
    [InlineData(""" "network": { "layers": "784, dense 20 relu, dense 20 relu, dense 10" }, "rules": ["forward-forward", "feedback-alignment+backpropagation"] """)]
    [InlineData(""" "network": { "layers": "784, dense 20, layer-norm, relu, dense 10" }, "training": { "batchSize": 1, "measureExamples": 1 } """)]
    [InlineData(""" "network": { "layers": "PLAN" }, "training": { "phases": [{ "examples": 64, "learns": ["norm1", "hidden3"] }] } """)]
    [InlineData(""" "network": { "layers": "784, dense 20 tanh, dense 10 logistic" }, "loss": "squared-error" """)]
    [InlineData(""" "network": { "layers": "784, dense 20 tanh, dense 10", "initialization": { "scheme": "zero" } } """)]
    public void WhatGoesTogetherIsTaken(string json) => Assert.NotNull(Read(json));

    [Fact]
    public void AListIsTheTextOfItsItems()
        => Assert.Equal("784, dense 20, residual(dense 20, relu | dense 20), dense 10",
            Read(""" "network": { "layers": [784, "dense 20", "residual(dense 20, relu | dense 20)", "dense 10"] } """).Network.Layers);

    [Theory]
    [InlineData(61, 20, null, "training.batchSize: leaves one example over")]
    [InlineData(60, 59, null, "training.batchSize: leaves one example over")]
    [InlineData(60, 20, 41L, "training.batchSize: leaves one example over")]
    [InlineData(60, 20, null, null)]
    [InlineData(61, 20, 40L, null)]
    [InlineData(60, 100, null, null)]
    public void BatchesOfOneAreFoundWhenTheExamplesAreKnown(int train, int batch, long? examples, string? problem)
    {
        var spec = new ExperimentSpec
        {
            Network = new() { Layers = Layers },
            Training = new() { BatchSize = batch, Examples = examples, Epochs = examples is null ? 2 : null }
        };
        if (problem is null)
        {
            Assert.Equal(Layers, SpecCompletion.Complete(spec, Data(train, 40), Components.Standard).Network.Layers);
        }
        else
        {
            Assert.StartsWith(
                problem, Assert.Single(
                    Assert.Throws<SpecException>(() => SpecCompletion.Complete(spec, Data(train, 40), Components.Standard)).Problems)
                    .ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OneExampleToMeasureOnIsTooFewForBatchNorm()
        => Assert.StartsWith("data.validation: must be at least 2 with batch-norm",
            Assert.Single(
                Assert.Throws<SpecException>(
                    () => SpecCompletion.Complete(new() { Network = new() { Layers = Layers } }, Data(60, 1), Components.Standard))
                        .Problems).ToString(),
                    StringComparison.Ordinal);

    [Fact]
    public void ACompleteSpecHasThePlanWrittenInOneWayAndTheLossOfItsOutput()
    {
        var complete = SpecCompletion.Complete(
            new() { Network = new() { Layers = "784,dense 20,relu,dense 10 , logistic" } }, Data(60, 40), Components.Standard);
        Assert.Equal(("784, dense 20 relu, dense 10 logistic", "squared-error"), (complete.Network.Layers, complete.Loss));
        Assert.Equal(complete.Network.Layers, complete.Network.InWords());
        Assert.Equal("784-200-100-10 tanh", SpecCompletion.Complete(new(), Data(60, 40), Components.Standard).Network.InWords());
    }

    private static DataRecord Data(int train, int validation)
        => Runs.TinyExperiment.Load(new() { Data = new() { Train = train, Validation = validation, Test = 10 } }).Record;

    private static ExperimentSpec Read(string members)
        => SpecReader.Read($"{{ {members.Replace("PLAN", Layers, StringComparison.Ordinal)} }}", Components.Standard);
}
