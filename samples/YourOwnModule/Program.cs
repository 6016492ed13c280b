using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;
using YourOwnModule;

// A module of one's own goes wherever one of ours goes, and learns under every rule that sends or brings errors.
var data = new DigitGenerator(seed: 1).DrawSplit(train: 5000, validation: 1000, test: 2000);
foreach (var id in (string[])["backpropagation", "feedback-alignment", "direct-feedback-alignment"])
{
    var (compute, streams, shape) = (new Compute(), new RandomStreams(seed: 1), Shape.Flat(100));
    WeightedLayer Dense(string name, int inputs, int outputs)
    {
        var layer = WeightedLayer.Dense(name, inputs, outputs, Activation.Linear, bias: true, compute);
        layer.Weights.Draw(WeightDistribution.GlorotUniform(), streams.Stream($"{RandomStreams.Weights}/{name}"));
        return layer;
    }

    var network = new Network(
        new Sequence("network",
        [
            Dense("hidden1", 784, 100), new BatchNorm("norm", shape), new ActivationModule("relu1", shape, Activation.Relu),
            new Residual("block", new Sequence("block/branch",
            [
                Dense("block/hidden", 100, 100), new Gain("block/gain", 100), new ActivationModule("block/relu", shape, Activation.Relu),
                    new Dropout("block/drop", shape, 0.1),
            ])),
            Dense("output", 100, 10),
        ]),
        compute);
    var rule = RuleCatalog.Standard.Get(id).Create(new RuleSetup(network, Loss.SoftmaxCrossEntropy, maxBatch: 256, streams));
    var options = new TrainingOptions { Examples = 50_000, BatchSize = 32, LearningRate = LearningRateSchedule.Constant(0.02f) };
    var result = new Trainer(rule, new Sgd(rule.LearnedParameters, momentum: 0.9f), data, options, streams).Run();
    Console.WriteLine($"{id,-26} {result.Status}: test error {result.TestError:P1}");
}
