using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class SpecWriterTests
{
    public static TheoryData<string> Specs => [SpecWriter.Write(new ExperimentSpec()), SpecWriter.Write(TestSpecs.Unusual)];

    [Fact]
    public void AnUnusualSpecRoundTripsToTheLastBit()
    {
        var read = SpecReader.Read(SpecWriter.Write(TestSpecs.Unusual), TestSpecs.Components);
        Assert.Equivalent(TestSpecs.Unusual, read, strict: true);
        Assert.Equal(SpecWriter.Write(TestSpecs.Unusual), SpecWriter.Write(read));
    }

    /// <summary>It suits neither the loss nor the data of the unusual spec.</summary>
    [Fact]
    public void ASpikingSpecRoundTripsToTheLastBit()
    {
        var spec = new ExperimentSpec
        {
            Network = new()
            {
                Activation = Activation.Logistic.Id,
                Spiking = new() { Steps = 7, TimeConstant = 10 / 3f, InputRate = 0.1f, TonicRate = 1 / 7f, ErrorGain = 1e-3f, Settle = 6 },
            },
            Loss = "logistic-cross-entropy",
            Training = new() { BatchSize = 1 },
        };
        Assert.Equivalent(spec, SpecReader.Read(SpecWriter.Write(spec), TestSpecs.Components), strict: true);
        Assert.Null(SpecReader.Read("""{ "network": { "spiking": null } }""", TestSpecs.Components).Network.Spiking);
    }

    [Fact]
    public void OptionsOfTheFeedbackThatExcludeEachOtherRoundTrip()
    {
        foreach (var feedback in (FeedbackSpec[])[new() { Rank = 2, Normalization = FeedbackNormalizationIds.FanIn }, new() { ErrorsPerUnit = 1, Normalization = FeedbackNormalizationIds.FanOut }, new() { Regenerate = true }])
        {
            var spec = TestSpecs.Unusual with { Feedback = feedback };
            Assert.Equivalent(spec, SpecReader.Read(SpecWriter.Write(spec), TestSpecs.Components), strict: true);
        }

        var given = new ExperimentSpec { Feedback = new() { From = "feedback.safetensors", Sha256 = new string('e', 64) } };
        Assert.Equivalent(given, SpecReader.Read(SpecWriter.Write(given), TestSpecs.Components), strict: true);
    }

    [Fact]
    public void PhasesRoundTrip()
    {
        var spec = TestSpecs.Unusual with
        {
            Training = new()
            {
                Phases = [new() { Examples = 5, Learns = ["hidden1"] }, new() { Examples = 1_000_000_000_000, Rule = "direct-feedback-alignment", RedrawFeedback = true }],
            },
            Tuning = null,
        };
        Assert.Equivalent(spec, SpecReader.Read(SpecWriter.Write(spec), TestSpecs.Components), strict: true);
    }

    [Fact]
    public void TheUnusualSpecDiffersFromTheDefaultInEveryKey()
    {
        var defaults = Leaves(JsonSerializer.SerializeToNode(new ExperimentSpec(), ExperimentJson.Indented)!, "").ToDictionary();
        var unusual = Leaves(JsonSerializer.SerializeToNode(TestSpecs.Unusual, ExperimentJson.Indented)!, "").ToDictionary();
        Assert.Equal(["feedback.errorsPerUnit", "feedback.from", "feedback.rank", "feedback.regenerate", "feedback.sha256",
            "network.spiking",
            "optimizer.feedback.learningRateFactor", "optimizer.feedback.weightDecay", "optimizer.kind", "optimizer.options",
                "training.augmentation.crop", "training.augmentation.flip", "training.examples", "training.groups",
                    "training.labelSmoothing", "training.parallel",
                "training.phases"],
            defaults.Keys.Where(key => unusual.GetValueOrDefault(key) == defaults[key])
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void TheTextEndsWithOneLineBreakAndHasNoOtherKind(string text)
    {
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void EveryDefaultIsWritten()
    {
        var written = JsonNode.Parse(SpecWriter.Write(new ExperimentSpec()))!;
        Assert.Equal("digits", (string?)written["data"]!["source"]);
        Assert.True(written["training"]!.AsObject().ContainsKey("epochs"));
        Assert.Equal("0.9", written["optimizer"]!["momentum"]!.ToJsonString());
        Assert.True(written["optimizer"]!.AsObject().ContainsKey("learningRate"));
    }

    private static IEnumerable<(string, string)> Leaves(JsonNode node, string path) => node is JsonObject { Count: > 0 } inner
        ? inner.SelectMany(pair => pair.Value is null ? [($"{path}{pair.Key}", "null")] : Leaves(pair.Value, $"{path}{pair.Key}."))
        : [(path.TrimEnd('.'), node.ToJsonString())];
}
