using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>A small network with a rule, ready to be trained on some examples.</summary>
internal sealed class Session
{
    public Session(
        string rule = "backpropagation", int train = 37, ulong seed = 1, int maxBatch = 64, string sizes = "6-5-3", DataSplit? data = null, Loss? loss = null)
    {
        Data = data ?? Some.Split(train);
        Network = Network.Mlp(sizes, seed);
        Setup = new RuleSetup(Network, loss ?? Loss.SoftmaxCrossEntropy, maxBatch, new RandomStreams(seed));
        Rule = new Recorder(Setup, RuleCatalog.Standard.Get(rule).Create(Setup));
    }

    public DataSplit Data { get; }

    public Network Network { get; }

    public RuleSetup Setup { get; }

    public Recorder Rule { get; }

    public TrainingResult Run(
        long examples,
        int batch = 8,
        float rate = 0.05f,
        KeptWeights keep = KeptWeights.Last,
        Moments? evaluate = null,
        Moments? measure = null,
        TrainingObserver? observer = null,
        bool test = true,
        CancellationToken cancellation = default)
        => Trainer(examples, batch, rate, keep, evaluate, measure, test).Run(observer, cancellation);

    public Trainer Trainer(
        long examples, int batch = 8, float rate = 0.05f, KeptWeights keep = KeptWeights.Last, Moments? evaluate = null, Moments? measure = null, bool test = true)
    {
        var options = new TrainingOptions
        {
            Examples = examples,
            BatchSize = batch,
            LearningRate = LearningRateSchedule.Constant(rate),
            Keep = keep,
            Evaluate = evaluate,
            Measure = measure,
            Test = test,
        };
        return new Trainer(Rule, new Sgd(Rule.LearnedParameters), Data, options, Setup.Streams);
    }
}
