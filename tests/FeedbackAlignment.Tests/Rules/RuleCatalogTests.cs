using System.Reflection;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

public sealed class RuleCatalogTests
{
    [Fact]
    public void EveryRuleOfTheLibraryIsInTheCatalog()
    {
        var setup = Some.Setup(Some.Network("4-3-2", 1));
        var there = typeof(LearningRule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LearningRule)) && !type.IsAbstract);
        var listed = RuleCatalog.Standard.Entries.Select(entry => entry.Create(setup).GetType()).Append(typeof(MixtureRule)).Distinct();
        Assert.Equal(there.OrderBy(type => type.Name), listed.OrderBy(type => type.Name));
    }

    [Fact]
    public void EveryEntryThatAClassHasIsInTheCatalog()
    {
        var entries = typeof(LearningRule).Assembly.GetTypes()
            .Select(type => type.GetProperty("Entry", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)).OfType<RuleEntry>();
        Assert.Equal(entries.Select(entry => entry.Id).Order(), RuleCatalog.Standard.Ids.Order());
    }

    [Fact]
    public void IdsAreKebabCaseAndUnique()
    {
        Assert.All(RuleCatalog.Standard.Ids, id => Assert.Matches("^[a-z]+(-[a-z]+)*$", id));
        Assert.Equal(RuleCatalog.Standard.Ids.Count, RuleCatalog.Standard.Ids.Distinct().Count());
    }

    [Fact]
    public void EveryRuleIsFoundByItsIdAndSaysWhatItDoesAndWhereItComesFrom()
        => Assert.All(RuleCatalog.Standard.Entries, entry =>
        {
            Assert.Same(entry, RuleCatalog.Standard.Get(entry.Id));
            Assert.EndsWith(".", entry.Summary, StringComparison.Ordinal);
            Assert.Matches("[0-9]{4}", entry.Paper);
        });

    [Theory]
    [InlineData("4, dense 5 tanh, dropout 0.1, dense 4 tanh, dense 3")]
    [InlineData("4, dense 5, batch-norm, relu, residual(dense 6 relu, dense 5), relu, dense 3")]
    public void ARuleThatNeedsAChainIsOneThatRefusesOtherNetworks(string plan)
    {
        var network = NetworkPlan.Parse(plan).Build(1);
        IEnumerable<RuleEntry> rules = [.. RuleCatalog.Standard.Entries, RuleCatalog.Standard.Get("backpropagation+backpropagation")];
        Assert.All(rules, rule
            => Assert.Equal(rule.NeedsChain, Record.Exception(() => rule.Create(Some.Setup(network))) is ArgumentException));
        Assert.Contains(RuleCatalog.Standard.Entries, rule => rule.NeedsChain);
        Assert.Contains(RuleCatalog.Standard.Entries, rule => !rule.NeedsChain);
    }

    [Fact]
    public void ACatalogWithMoreRulesIsAnotherOne()
    {
        var mine = Entry("my-rule", "mine");
        var catalog = RuleCatalog.Standard.With(mine);
        Assert.Equal([.. RuleCatalog.Standard.Ids, "my-rule"], catalog.Ids);
        Assert.Same(mine, catalog.Find("my-rule"));
        Assert.Same(mine, catalog.Find("mine"));
        Assert.Equal("my-rule+backpropagation", catalog.Find("mine+backpropagation")!.Id);
        Assert.Null(RuleCatalog.Standard.Find("my-rule"));
        Assert.Null(RuleCatalog.Standard.Find("my-rule+backpropagation"));
    }

    [Theory]
    [InlineData("feedback-alignment", "the rule \"feedback-alignment\" is there twice: feedback alignment and feedback-alignment;")]
    [InlineData("frozen", "the rule \"frozen\" is there twice: shallow learning and frozen;")]
    [InlineData("all", "no rule can be called \"all\":")]
    [InlineData("My", "no rule can be called \"My\":")]
    [InlineData("a+b", "no rule can be called \"a+b\":")]
    [InlineData("../up", "no rule can be called \"../up\":")]
    [InlineData("a--b", "no rule can be called \"a--b\":")]
    [InlineData("", "no rule can be called \"\":")]
    public void ANameThatIsTakenOrCannotBeOneIsRefused(string name, string message)
    {
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => RuleCatalog.Standard.With(Entry(name))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RuleCatalog.Standard.With(Entry("my-rule", name)));
    }

    private static RuleEntry Entry(string id, params string[] aliases)
        => new(id, id, "A test.", "2026", setup => new BackpropagationRule(setup))
        {
            Aliases = aliases,
            Notes = BackpropagationRule.Entry.Notes,
        };

    [Fact]
    public void AnUnknownIdIsRefusedWithThoseThereAre()
    {
        var message = Assert.Throws<ArgumentException>(() => RuleCatalog.Standard.Get("backprop")).Message;
        Assert.Contains("\"backprop\"", message, StringComparison.Ordinal);
        Assert.All(RuleCatalog.Standard.Ids, id => Assert.Contains(id, message, StringComparison.Ordinal));
    }
}
