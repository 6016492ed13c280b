using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What is seen of rules, without anybody saying it.</summary>
public sealed class RuleTraitsTests
{
    /// <summary>A capability that comes or goes is looked at here.</summary>
    [Fact]
    public void TheTraitsOfAllRulesAreKnown()
        => Approved.Matches(
            "tests/FeedbackAlignment.Tests/Approved/RuleTraits.txt",
            string.Concat(RuleCatalog.Standard.Entries.Select(rule => $"{rule.Id}: {string.Join(", ", Traits(rule))}\n")));

    [Fact]
    public void AMixtureHasTheTraitsOfItsParts()
    {
        Assert.Equal(
            ["HasFeedback", "LearnsFeedback", "TiesFeedback", "RefusesFeedbackRank", "NeedsChain", "RefusesConvolution"],
            Traits(RuleCatalog.Standard.Get("feedback-alignment+kolen-pollack")));
        Assert.Equal(
            ["HasFeedback", "CanRegenerateFeedback", "NeedsChain", "RefusesConvolution"], Traits(RuleCatalog.Standard.Get("backpropagation+feedback-alignment")));
        Assert.Equal(["NeedsChain", "RefusesConvolution"], Traits(RuleCatalog.Standard.Get("backpropagation+backpropagation")));
        Assert.Empty(Traits(RuleCatalog.Standard.Get("block1=backpropagation+*=backpropagation")));
        Assert.Contains("NeedsChain", Traits(RuleCatalog.Standard.Get("hidden1=indirect-feedback-alignment+*=backpropagation")));
    }

    [Fact]
    public void ARuleThatHidesTheFeedbackItDrawsIsRefused()
    {
        var hiding = Entry("hiding", setup => new Hiding(setup, setup.DrawFeedback()[1]));
        var message = Assert.Throws<InvalidOperationException>(() => hiding.Create(Some.Setup(Some.Network("4-3-2", 1)))).Message;
        Assert.StartsWith("hiding draws feedback weights, but Hiding.Feedback is empty", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleThatRefusesTheSmallNetworkIsNamed()
    {
        var choosy = Entry("choosy", setup => throw new ArgumentException("needs 20 layers"));
        Assert.Equal(
            "choosy cannot be made for a small network (4-4-4-4), by which the catalog sees what it is: needs 20 layers",
            Assert.Throws<InvalidOperationException>(() => choosy.HasFeedback).Message);
    }

    private static RuleEntry Entry(string id, Func<RuleSetup, LearningRule> make) => new(id, id, "A test.", "2026", make)
    {
        Notes = new() { Formula = "", Route = ErrorRoute.LayerByLayer, Operations = "", Memory = "", Pitfalls = [] },
    };

    private static IEnumerable<string> Traits(RuleEntry rule)
    {
        (bool Is, string Name)[] traits =
        [
            (rule.HasFeedback, nameof(rule.HasFeedback)),
            (rule.LearnsFeedback, nameof(rule.LearnsFeedback)),
            (rule.TiesFeedback, nameof(rule.TiesFeedback)),
            (rule.RedrawsFeedback, nameof(rule.RedrawsFeedback)),
            (rule.DrawsNoise, nameof(rule.DrawsNoise)),
            (rule.RefusesFeedbackRank, nameof(rule.RefusesFeedbackRank)),
            (rule.RefusesSparseFeedback, nameof(rule.RefusesSparseFeedback)),
            (rule.CanRegenerateFeedback, nameof(rule.CanRegenerateFeedback)),
            (rule.FeedbackFollowsInitialWeights, nameof(rule.FeedbackFollowsInitialWeights)),
            (rule.NeedsLabels, nameof(rule.NeedsLabels)),
            (rule.NeedsAnswersAtOnce, nameof(rule.NeedsAnswersAtOnce)),
            (rule.NeedsChain, nameof(rule.NeedsChain)),
            (rule.RefusesConvolution, nameof(rule.RefusesConvolution)),
        ];
        return traits.Where(trait => trait.Is).Select(trait => trait.Name);
    }

    private sealed class Hiding(RuleSetup setup, WeightSource feedback) : ErrorFeedbackRule(setup)
    {
        protected override void PropagateError(in Crossing at, Matrix below) => at.Layer.Backward(at.Error, feedback, below);
    }
}
