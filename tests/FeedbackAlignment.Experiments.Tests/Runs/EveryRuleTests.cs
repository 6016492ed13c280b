using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class EveryRuleTests
{
    [Fact]
    public void AllRulesThatTeachANetworkAndItsDataAreTakenAndTheOthersHaveAReason()
    {
        var every = new EveryRule(Components.Standard);
        var spec = every.Read(rules => Valid(TinyExperiment.Spec with { Rules = rules }));
        var complete = every.Complete(spec, TinyExperiment.Load(spec).Record);
        Assert.Equal(RuleCatalog.Standard.Ids,
            complete.Rules.Union(every.LeftOut.Select(rule => rule.Rule)).OrderBy(RuleCatalog.Standard.Ids.ToList().IndexOf));
        Assert.Empty(complete.Rules.Intersect(every.LeftOut.Select(rule => rule.Rule)));
        Assert.All(["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow"], rule => Assert.Contains(rule, complete.Rules));
    }

    [Fact]
    public void ASpikingNetworkLeavesOutThoseThatNeedAnswersAtOnceAndTheirSettings()
    {
        var every = new EveryRule(Components.Standard);
        var spec = every.Read(rules => Valid(TinyExperiment.Spec with
        {
            Rules = rules,
            Loss = "logistic-cross-entropy",
            Network = new() { Layers = "784-8-10", Activation = Activation.Logistic.Id, Spiking = new() },
            Training = new() { Epochs = 1, BatchSize = 1 },
        }));
        Assert.Equal(RuleCatalog.Standard.Entries.Where(rule => rule.NeedsAnswersAtOnce).Select(rule => rule.Id),
            every.LeftOut.Select(rule => rule.Rule));
        Assert.All(every.LeftOut, rule => Assert.Contains("network.spiking", rule.Reason, StringComparison.Ordinal));
        Assert.DoesNotContain(spec.Rules, rule => RuleCatalog.Standard.Get(rule).NeedsAnswersAtOnce);
    }

    /// <summary>The two controls for convolutions are refused by the plan, and then a rule of one's own when it is made.</summary>
    [Fact]
    public void ARuleThatCannotBeMadeIsLeftOutTooWhateverWasLeftOutBefore()
    {
        var narrow = new RuleEntry("narrow", "narrow", "For narrow networks.", "None, 2026",
            setup => setup.Network.Inputs > 700 ? throw new ArgumentException("it is too wide", nameof(setup))
                : new BackpropagationRule(setup))
        {
            Notes = RuleCatalog.Standard.Get("backpropagation").Notes,
        };
        var components = Components.Standard with { Rules = RuleCatalog.Standard.With(narrow) };
        var every = new EveryRule(components);
        var spec = every.Read(rules => TinyExperiment.Spec with { Rules = rules });
        var complete = every.Complete(spec, TinyExperiment.Load(spec).Record);

        Assert.Equal(["frozen-convolutions", "frozen-features", "narrow"], every.LeftOut.Select(rule => rule.Rule).Order());
        Assert.Equal("it is too wide", every.LeftOut.Single(rule => rule.Rule == "narrow").Reason);
        Assert.Equal(components.Rules.Ids.Except(every.LeftOut.Select(rule => rule.Rule)), complete.Rules);
    }

    [Fact]
    public void OtherMistakesAreNotHeldAgainstTheRules()
        => Assert.Equal(
            ["network.layers"],
            Assert.Throws<SpecException>(() =>
                new EveryRule(Components.Standard)
                .Read(rules => Valid(TinyExperiment.Spec with { Rules = rules, Network = new() { Layers = "x" } })))
                .Problems.Select(problem => problem.Path));

    private static ExperimentSpec Valid(ExperimentSpec spec)
        => SpecValidator.Validate(spec, Components.Standard) is { Count: > 0 } problems ? throw new SpecException([.. problems]) : spec;
}
