using System.Reflection;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>What a spec calls a thing, checkpoints call it too.</summary>
public sealed class RunBuilderTests
{
    private static readonly Network _network = Network.Mlp("3-4-2", seed: 1);

    public static TheoryData<string> Optimizers() => Ids(typeof(OptimizerIds));

    public static TheoryData<string> Schedules() => Ids(typeof(ScheduleIds));

    public static TheoryData<string> Schemes() => [.. Initialization.Standard.Ids];

    public static TheoryData<string> Normalizations() => Ids(typeof(FeedbackNormalizationIds));

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void AnOptimizerHasTheIdOfTheSpec(string id)
    {
        var optimizer = Builder(new() { Optimizer = new() { Kind = id } }).Optimizer(_network.Parameters);

        // The same method, under the name that the field has for it with decay.
        var expected = id == OptimizerIds.AdamW ? OptimizerIds.Adam : id;
        Assert.Equal(expected, optimizer.Id);
        Assert.Equal(id == OptimizerIds.AdamW ? Adam.DecayOfAdamW : 0, optimizer.WeightDecay);
        AssertKind(expected, optimizer.Identify);
    }

    [Fact]
    public void ATrainingIsClippedAsTheSpecSays()
    {
        var spec = SpecCompletion.Complete(
            new ExperimentSpec { Optimizer = new() { ClipNorm = 0.25f } },
            new() { Description = "digits", Train = 60, Validation = 10, Test = 5, Inputs = 784, Outputs = 10, Classification = true },
                Components.Standard);
        Assert.Equal(0.25f, Builder(spec).Options(60, phases: null, measures: false, checkpointEvery: null, tests: true).ClipNorm);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void AScheduleHasTheIdOfTheSpec(string id)
        => AssertKind(id, Builder(new()
        {
            Optimizer = new()
            {
                Schedule = new()
                {
                    Kind = id,
                    StepExamples = 10
                }
            }
        }).LearningRate("shallow", 100).Identify);

    [Theory]
    [MemberData(nameof(Schemes))]
    public void ADistributionHasTheIdOfTheSpec(string id)
        => AssertKind(id, Builder(new() { Loss = "squared-error", Feedback = new() { Scheme = id } }).Setup(_network, 4,
            "shallow").Feedback.Distribution.Identify);

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void ANormalizationHasTheIdOfTheSpec(string id)
        => AssertKind(id, Builder(new() { Loss = "squared-error", Feedback = new() { Normalization = id } }).Setup(_network, 4,
            "shallow").Feedback.Normalization.Identify);

    private static RunBuilder Builder(ExperimentSpec spec) => new(spec, new RunKey("shallow", 1), Components.Standard);

    private static void AssertKind(string id, Action<Identity> identify)
    {
        var identity = new Identity();
        identify(identity);
        Assert.Contains($"{Identity.Kind}{Identity.Is}{id}\n", identity.ToString(), StringComparison.Ordinal);
    }

    private static TheoryData<string> Ids(Type vocabulary)
        => [.. vocabulary.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(
            field => (string)field.GetRawConstantValue()!)];
}
