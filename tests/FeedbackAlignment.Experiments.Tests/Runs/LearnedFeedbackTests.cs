using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>From the keys of a spec to the groups of an optimizer.</summary>
public sealed class LearnedFeedbackTests
{
    [Fact]
    public void WithoutSettingsOneGroupHasAll()
        => Assert.Equal((1f, 0.1f), Assert.Single(Groups(new() { WeightDecay = 0.1f }, "weight-mirror").Select(Numbers)));

    [Fact]
    public void ARuleThatLearnsNoFeedbackHasOneGroup()
        => Assert.Single(Groups(new() { Feedback = new() { LearningRateFactor = 0.5f } }, "feedback-alignment"));

    [Fact]
    public void FactorAndDecayAreThoseOfTheSpec()
        => Assert.Equal(
            [(1f, 0.1f), (0.5f, 0.2f)],
            Groups(new() { WeightDecay = 0.1f, Feedback = new() { LearningRateFactor = 0.5f, WeightDecay = 0.2f } }, "weight-mirror")
                .Select(Numbers));

    [Fact]
    public void TheRulesOwnFactorGoesFirst()
        => Assert.Equal(
            [(1f, 0.01f), (3f, 0.01f)],
            Groups(new() { Kind = "adamw", Feedback = new() { LearningRateFactor = 0.5f } }, "weight-mirror", own: 3)
                .Select(Numbers));

    [Fact]
    public void WithoutDecayOfTheFeedbackThereIsANote()
    {
        Assert.NotEmpty(Notes(new() { WeightDecay = 0.1f, Feedback = new() { WeightDecay = 0 } }));
        Assert.Empty(Notes(new() { Feedback = new() { WeightDecay = 0.1f } }));

        static IReadOnlyList<string> Notes(OptimizerSpec optimizer)
            => SpecNotes.Of(new() { Rules = ["direct-kolen-pollack"], Optimizer = optimizer }, Components.Standard);
    }

    private static (float Factor, float Decay) Numbers(ParameterGroup group) => (group.LearningRateFactor, group.WeightDecay);

    private static IReadOnlyList<ParameterGroup> Groups(OptimizerSpec optimizer, string rule, float? own = null)
    {
        var spec = new ExperimentSpec
        {
            Loss = "squared-error",
            Rules = [rule],
            Network = new() { Layers = "3-4-2" },
            Optimizer = optimizer,
            RuleSettings = new Dictionary<string, RuleSettings> { [rule] = new() { FeedbackLearningRateFactor = own } },
        };
        using var compute = new Compute();
        var builder = new RunBuilder(spec, new RunKey(rule, 1), Components.Standard);
        var phases = new RunPhases(spec, new RunKey(rule, 1), builder.Network(compute), 1, Components.Standard);
        return builder.Optimizer(phases.Learned).Groups;
    }
}
