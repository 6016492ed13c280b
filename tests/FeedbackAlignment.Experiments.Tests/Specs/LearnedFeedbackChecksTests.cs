using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>How learned feedback weights move: what a rule cannot have is refused, and says why.</summary>
public sealed class LearnedFeedbackChecksTests
{
    private const string Whole = "must be < 1, or one step removes all feedback weights; was ";

    private const string Why = ": its feedback weights follow the forward weights only by the same learning rate and decay";

    [Theory]
    [InlineData("""{ "rules": ["kolen-pollack"], "optimizer": { "feedback": { "learningRateFactor": 0.5 } } }""",
        "optimizer.feedback.learningRateFactor: must be 1 with kolen-pollack, was 0.5" + Why)]
    [InlineData("""
        { "rules": ["weight-mirror", "kolen-pollack"], "optimizer": { "weightDecay": 0.001, "feedback": { "weightDecay": 0 } } }
        """,
        "optimizer.feedback.weightDecay: must be 0.001 with kolen-pollack, was 0" + Why)]
    [InlineData("""{ "rules": ["kolen-pollack"], "optimizer": { "kind": "adamw", "feedback": { "weightDecay": 0.1 } } }""",
        "optimizer.feedback.weightDecay: must be 0.01 with kolen-pollack, was 0.1" + Why)]
    [InlineData("""
        { "rules": ["backpropagation+kolen-pollack"], "network": { "layers": "784-20-20-10" },
          "ruleSettings": { "backpropagation+kolen-pollack": { "feedbackLearningRateFactor": 2 } } }
        """,
        "ruleSettings.backpropagation+kolen-pollack.feedbackLearningRateFactor: must be 1 with backpropagation+kolen-pollack, was 2" + Why)]
    [InlineData("""
        { "rules": ["backpropagation"], "optimizer": { "feedback": { "learningRateFactor": 0.1 } },
          "training": { "phases": [{ "examples": 10, "rule": "product-feedback-alignment" }] } }
        """,
        "optimizer.feedback.learningRateFactor: must be 1 with product-feedback-alignment, was 0.1" + Why)]
    [InlineData("""{ "rules": ["feedback-alignment"], "optimizer": { "feedback": { "weightDecay": 0.5 } } }""",
        "optimizer.feedback.weightDecay: none of the rules of the spec learns feedback weights; leave it out")]
    [InlineData("""{ "rules": ["feedback-alignment"], "optimizer": { "feedback": { "learningRateFactor": 0.5 } } }""",
        "optimizer.feedback.learningRateFactor: none of the rules of the spec learns feedback weights; leave it out")]
    [InlineData("""{ "rules": ["shallow"], "ruleSettings": { "shallow": { "feedbackLearningRateFactor": 0.1 } } }""",
        "ruleSettings.shallow.feedbackLearningRateFactor: this rule learns no feedback weights; leave it out")]
    [InlineData("""
        { "rules": ["weight-mirror"],
          "optimizer": { "learningRate": 0.5, "weightDecay": 0.1, "feedback": { "learningRateFactor": 20, "weightDecay": 0.2 } } }
        """,
        "optimizer.feedback.weightDecay: times learningRate and learningRateFactor " + Whole + "2")]
    [InlineData("""
        { "rules": ["weight-mirror"], "optimizer": { "learningRate": 0.1, "weightDecay": 0.5 },
          "ruleSettings": { "weight-mirror": { "feedbackLearningRateFactor": 30 } } }
        """,
        "optimizer.feedback.weightDecay: times learningRate and learningRateFactor " + Whole + "1.5")]
    [InlineData("""
        { "rules": ["weight-mirror"], "optimizer": { "weightDecay": 0.1 },
          "tuning": { "space": { "learningRate": { "from": 0.01, "to": 1 }, "feedbackLearningRateFactor": { "from": 0.1, "to": 20 } } } }
        """,
        "tuning.space.feedbackLearningRateFactor.to: times the highest learning rate, or the factor on it, and "
        + "optimizer.feedback.weightDecay " + Whole + "2")]
    [InlineData("""
        { "rules": ["feedback-alignment", "kolen-pollack"],
          "optimizer": { "kind": "adam", "weightDecay": 0.1, "weightDecayMode": "coupled" } }
        """,
        "optimizer.weightDecayMode: must not be coupled with kolen-pollack under adam: its feedback weights would no longer follow the "
        + "forward weights; write times-learning-rate, or take sgd")]
    [InlineData("""
        { "rules": ["kolen-pollack"],
          "tuning": { "rules": { "kolen-pollack": { "space": { "feedbackLearningRateFactor": { "from": 0.1, "to": 10 } } } } } }
        """,
        "tuning.rules.kolen-pollack.space.feedbackLearningRateFactor: this rule does not have this setting; leave it out")]
    public void WhatCannotBeIsRefusedInALine(string json, string problem)
    {
        var found = Assert.Single(Assert.Throws<SpecException>(() => SpecReader.Read(json, Components.Standard)).Problems);
        Assert.Equal(problem, found.ToString().Replace("\"", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""
        { "rules": ["kolen-pollack"],
          "optimizer": { "weightDecay": 0.1, "feedback": { "learningRateFactor": 1, "weightDecay": 0.1 } } }
        """)]
    [InlineData("""
        { "rules": ["direct-kolen-pollack", "weight-mirror"],
          "optimizer": { "feedback": { "learningRateFactor": 0.5, "weightDecay": 0.1 } } }
        """)]
    [InlineData("""
        { "rules": ["kolen-pollack", "weight-mirror"], "ruleSettings": { "weight-mirror": { "feedbackLearningRateFactor": 0.5 } },
          "tuning": { "space": { "learningRate": { "from": 0.01, "to": 1 }, "feedbackLearningRateFactor": { "from": 0.1, "to": 20 } } } }
        """)]
    [InlineData("""
        { "rules": ["kolen-pollack"], "optimizer": { "momentum": 0.9, "nesterov": true, "weightDecay": 0.1, "weightDecayMode": "coupled" } }
        """)]
    [InlineData("""
        { "rules": ["kolen-pollack"], "optimizer": { "kind": "sign-sgd", "weightDecay": 0.1, "weightDecayMode": "coupled" } }
        """)]
    [InlineData("""
        { "rules": ["kolen-pollack", "weight-mirror"], "optimizer": { "feedback": { "learningRateFactor": 0.5 } },
          "ruleSettings": { "kolen-pollack": { "feedbackLearningRateFactor": 1 } } }
        """)]
    public void WhatCanBeIsTakenAndComesBack(string json)
    {
        var spec = SpecReader.Read(json, Components.Standard);
        Assert.Equivalent(spec, SpecReader.Read(SpecWriter.Write(spec), Components.Standard), strict: true);
    }

    [Fact]
    public void ATuningSearchesTheFactorFromTheSpecsOwn()
    {
        var rules = Components.Standard.Rules;
        var spec = new ExperimentSpec { Optimizer = new() { Feedback = new() { LearningRateFactor = 0.3f } } };
        var setting = Tunable.Of(Tunable.FeedbackLearningRateFactor, rules)!;
        Assert.Equal(0.3, setting.Own(spec, rules.Get("weight-mirror")));
        Assert.Equal(2, setting.Set(new(), 2).FeedbackLearningRateFactor);
        Assert.Equal(
            ["product-feedback-alignment", "kolen-pollack"],
            rules.Entries.Where(rule => rule.LearnsFeedback && !setting.IsOf(rule)).Select(rule => rule.Id).OrderDescending());
    }
}
