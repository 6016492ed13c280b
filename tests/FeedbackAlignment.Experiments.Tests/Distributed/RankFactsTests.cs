using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Distributed;

/// <summary>What ranks compare before the first step, and what a spec may ask of groups.</summary>
public sealed class RankFactsTests
{
    private static readonly ExperimentSpec _asked = TinyExperiment.Spec with { Rules = ["backpropagation"] };

    [Fact]
    public void EqualRanksAgreeWhateverTheirNameAndThreads()
    {
        var data = TinyExperiment.Load(_asked);
        var spec = SpecCompletion.Complete(_asked, data.Record, Components.Standard);
        var other = spec with { Name = "other", Training = spec.Training with { Threads = 7 } };
        Assert.Null(RankFacts.Of(other, data.Split).DifferenceFrom(RankFacts.Of(spec, data.Split)));
    }

    [Fact]
    public void EachDifferenceIsNamed()
    {
        var data = TinyExperiment.Load(_asked);
        var spec = SpecCompletion.Complete(_asked, data.Record, Components.Standard);
        var first = RankFacts.Of(spec, data.Split);
        Assert.Equal("has version 9, rank 0 has 8; all need the same program",
            (first with { Version = "9" }).DifferenceFrom(first with { Version = "8" }));
        Assert.Equal("computes other bits (arm64 1) than rank 0 (x64 2); all need the same kind of machine and system",
            (first with { Arithmetic = "arm64 1" }).DifferenceFrom(first with { Arithmetic = "x64 2" }));
        Assert.Equal("computes with separate arithmetic, rank 0 with fused; give all the same --arithmetic",
            (first with { Kind = Arithmetic.Separate, Arithmetic = "x64 1" }).DifferenceFrom(first));
        var others = TinyExperiment.Load(_asked with { Data = _asked.Data with { Seed = 2 } });
        Assert.Matches(@"^has read other data \([0-9a-f]+\) than rank 0 \([0-9a-f]+\); all need the same files$",
            RankFacts.Of(spec, others.Split).DifferenceFrom(first));
        var another = RankFacts.Of(spec with { Optimizer = spec.Optimizer with { LearningRate = 0.5f } }, data.Split);
        Assert.Equal($"has another spec than rank 0: optimizer.learningRate is 0.5, on rank 0 {spec.Optimizer.LearningRate}",
            another.DifferenceFrom(first));
    }

    [Theory]
    [InlineData("weight-mirror", "784-8-10", "rules[0]: \"weight-mirror\": training.groups must be 1 under it, because its mirror phases")]
    [InlineData("backpropagation", "784, dense 8, batch-norm, relu, dense 10",
        "training.groups: must be 1 here, because norm1 (batch-norm) computes an example's outputs from the whole batch")]
    public void WhatDoesNotSplitIsRefusedWithTheKey(string rule, string layers, string line)
    {
        var asked = _asked with { Rules = [rule], Network = new() { Layers = layers }, Training = _asked.Training with { Groups = 2 } };
        var data = TinyExperiment.Load(asked);
        var refused = Assert.Throws<SpecException>(() => SpecCompletion.Complete(asked, data.Record, Components.Standard));
        Assert.StartsWith(line, Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
        _ = SpecCompletion.Complete(asked with { Training = _asked.Training }, data.Record, Components.Standard);
    }

    [Fact]
    public void AllRulesLeaveOutThoseThatDoNotSplit()
    {
        var every = new EveryRule(Components.Standard);
        var asked = every.Read(rules => _asked with { Rules = rules, Training = _asked.Training with { Groups = 2 } });
        var data = TinyExperiment.Load(asked);
        var complete = every.Complete(asked, data.Record);
        Assert.DoesNotContain("weight-mirror", complete.Rules);
        Assert.Contains("feedback-alignment", complete.Rules);
        Assert.Contains(every.LeftOut, left
            => left.Rule == "weight-mirror" && left.Reason.StartsWith("training.groups must be 1", StringComparison.Ordinal));
    }
}
