using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;
using YourOwnRule;

// A rule of one's own goes wherever one of ours goes: trainer, optimizer and instruments know only the seam.
var streams = new RandomStreams(seed: 1);
var data = new DigitGenerator(seed: 1).DrawSplit(train: 5000, validation: 1000, test: 2000);
var network = Network.Mlp("784-100-10", seed: 1);
var setup = new RuleSetup(network, Loss.SoftmaxCrossEntropy, maxBatch: 256, streams);
var rule = new SignFeedbackRule(setup);
var optimizer = new Sgd(rule.LearnedParameters, momentum: 0.9f);
var options = new TrainingOptions { Examples = 50_000, BatchSize = 32, LearningRate = LearningRateSchedule.Constant(0.05f) };

var probe = new AlignmentProbe(rule, setup, data.Validation.Slice(0, 256));
var before = probe.Read()[0].ErrorAngle;
var result = new Trainer(rule, optimizer, data, options, streams).Run();
var after = probe.Read()[0].ErrorAngle;
Console.WriteLine($"{result.Status}: test error {result.TestError:P1}; angle to backpropagation {before:0}° before, {after:0}° after training");
