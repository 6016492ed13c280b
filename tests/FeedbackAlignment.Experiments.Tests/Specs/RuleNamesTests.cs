using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class RuleNamesTests
{
    public static TheoryData<string, string> Aliases()
        => [.. RuleCatalog.Standard.Entries.SelectMany(rule => rule.Aliases.Select(alias => (alias, rule.Id)))];

    [Theory]
    [MemberData(nameof(Aliases))]
    public void AnotherNameOfARuleBecomesItsIdWhereverItStands(string alias, string id)
    {
        var spec = SpecReader.Read(
            $$"""{ "rules": ["{{alias}}"], "ruleSettings": { "{{alias}}": { "learningRate": 0.5 } }, "training": { "phases": [{ "examples": 5, "rule": "{{alias}}" }] } }""",
            Components.Standard);
        Assert.Equal([id], spec.Rules);
        Assert.Equal([id], spec.RuleSettings.Keys);
        Assert.Equal(0.5f, spec.RuleSettings[id].LearningRate);
        Assert.Equal(id, spec.Training.Phases![0].Rule);
    }

    [Fact]
    public void ASpecInCSharpMayUseOtherNamesToo()
    {
        var asked = TinyExperiment.Spec with { Rules = ["frozen"], RuleSettings = new Dictionary<string, RuleSettings> { ["frozen"] = new() } };
        Assert.Empty(SpecValidator.Validate(asked, Components.Standard));
        Assert.Equal(["shallow"], SpecCompletion.Complete(asked, TinyExperiment.Load(asked).Record, Components.Standard).Rules);
        Assert.Contains(SpecValidator.Validate(asked with { Rules = ["shallow", "frozen"] }, Components.Standard), problem
            => problem.Path == "rules[1]");
    }

    [Fact]
    public void TheDefaultNetworkHasTwoHiddenLayers()
        => Assert.Equal(["feedback-alignment+backpropagation"],
            SpecReader.Read("""{ "rules": ["feedback-alignment+backpropagation"] }""", Components.Standard).Rules);
}
