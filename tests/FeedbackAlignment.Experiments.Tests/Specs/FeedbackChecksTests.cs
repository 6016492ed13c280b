using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>Options of the feedback weights that one of the rules of a spec cannot have.</summary>
public sealed class FeedbackChecksTests
{
    [Theory]
    [InlineData("""{ "rules": ["shallow", "sparse-feedback-alignment"], "feedback": { "rank": 2 } }""", "feedback.rank: the feedback weights of sparse feedback alignment cannot be given a rank")]
    [InlineData("""{ "rules": ["sparse-direct-feedback-alignment"], "feedback": { "rank": 2 } }""", "feedback.rank: the feedback weights of sparse direct feedback alignment cannot be given a rank")]
    [InlineData("""{ "rules": ["low-rank-feedback-alignment"], "feedback": { "share": 0.5 } }""", "feedback.share: the feedback weights of low-rank feedback alignment are a product")]
    [InlineData("""{ "rules": ["low-rank-direct-feedback-alignment"], "feedback": { "errorsPerUnit": 1 } }""", "feedback.errorsPerUnit: the feedback weights of low-rank direct feedback alignment are a product")]
    [InlineData("""{ "rules": ["shallow"], "feedback": { "rank": 2 }, "training": { "phases": [{ "examples": 9 }, { "examples": 9, "rule": "sparse-feedback-alignment" }] } }""", "feedback.rank: ")]
    [InlineData("""{ "rules": ["feedback-alignment", "sign-symmetry-uniform"], "feedback": { "regenerate": true } }""", "feedback.regenerate: the feedback weights of uniform sign symmetry must be kept")]
    [InlineData("""{ "network": { "layers": "784-20-20-10" }, "rules": ["feedback-alignment+weight-mirror"], "feedback": { "regenerate": true } }""", "feedback.regenerate: the feedback weights of feedback alignment + weight mirror must be kept")]
    public void ARuleThatCannotHaveTheFeedbackIsNamed(string json, string problem)
    {
        var found = Assert.Single(Assert.Throws<SpecException>(() => SpecReader.Read(json, Components.Standard)).Problems);
        Assert.StartsWith(problem, found.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "rules": ["feedback-alignment", "low-rank-feedback-alignment"], "feedback": { "rank": 2, "share": 1 } }""")]
    [InlineData("""{ "rules": ["feedback-alignment", "sparse-feedback-alignment"], "feedback": { "share": 0.5 } }""")]
    [InlineData("""{ "network": { "layers": "784-50-20-10" }, "feedback": { "rank": 20 } }""")]
    [InlineData("""{ "network": { "layers": "784-50-20-10" }, "feedback": { "errorsPerUnit": 20 } }""")]
    [InlineData("""{ "network": { "layers": "784-10" }, "feedback": { "errorsPerUnit": 20 } }""")]
    [InlineData("""{ "feedback": { "scheme": "normal", "normalization": "fan-in", "share": null } }""")]
    [InlineData("""{ "rules": ["backpropagation", "feedback-alignment", "direct-feedback-alignment"], "feedback": { "regenerate": true, "share": 1, "normalization": "fan-in", "scheme": "uniform" } }""")]
    [InlineData("""{ "network": { "layers": "784-20-20-10" }, "rules": ["feedback-alignment+backpropagation"], "feedback": { "regenerate": true } }""")]
    public void WhatGoesTogetherIsTaken(string json) => Assert.NotNull(SpecReader.Read(json, Components.Standard));
}
