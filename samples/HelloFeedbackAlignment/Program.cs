using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

var streams = new RandomStreams(seed: 1);
var data = new DigitGenerator(seed: 1).DrawSplit(train: 5000, validation: 1000, test: 2000);
var network = Network.Mlp("784-100-10", seed: 1);
var options = new TrainingOptions { Examples = 50_000, BatchSize = 32, LearningRate = LearningRateSchedule.Constant(0.05f) };
var rule = new FeedbackAlignmentRule(options.CreateSetup(network, Loss.SoftmaxCrossEntropy, streams));
var optimizer = new Sgd(rule.LearnedParameters, momentum: 0.9f);

var result = new Trainer(rule, optimizer, data, options, streams).Run();
Console.WriteLine($"{result.Status}: {result.TestError:P1} of {data.Test.Count} unseen digits are misread");
