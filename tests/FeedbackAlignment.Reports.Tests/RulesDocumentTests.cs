using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Reports.Tests;

public sealed class RulesDocumentTests
{
    private static readonly RulesDocument _document = RulesDocument.Of(RuleRecords.Of(RuleCatalog.Standard));

    [Fact]
    public void TheDocumentInTheDocsIsTheOneOfTheCatalog() => Approved.Matches("docs/rules.md", _document.Text);

    [Fact]
    public void TheDrawingsInTheDocsAreThoseOfTheCatalogAndNoOthers()
    {
        foreach (var (name, svg) in _document.Drawings)
        {
            Approved.Matches($"docs/{name}", svg);
        }

        var folder = Path.Combine(Repository.Root, "docs", "rules");
        Assert.Equal(_document.Drawings.Select(drawing => Path.GetFileName(drawing.Name)).Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryRuleHasItsChapterAndItsLineAtTheHead() => Assert.All(RuleRecords.Of(RuleCatalog.Standard), rule =>
    {
        Assert.Contains($"\n## {rule.Id}\n", _document.Text, StringComparison.Ordinal);
        Assert.Contains($"- [{rule.Id}](#{rule.Id}): ", _document.Text, StringComparison.Ordinal);
        Assert.Contains($"](rules/{rule.Id}.svg)", _document.Text, StringComparison.Ordinal);
        Assert.All(rule.Options, option => Assert.Contains($"| `{option.Id}` |", _document.Text, StringComparison.Ordinal));
    });

    [Fact]
    public void EveryDrawingIsXmlOfItsOwnThatLoadsNothing() => Assert.All(_document.Drawings, drawing =>
    {
        var svg = XDocument.Parse(drawing.Svg).Root!;
        Assert.Equal("http://www.w3.org/2000/svg", svg.Name.NamespaceName);
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName is "href" or "src");
        var ids = svg.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.All(
            svg.Descendants().Attributes("marker-end").Select(marker => marker.Value["url(#".Length..^1]),
            id => Assert.Contains(id, ids));
    });

    [Fact]
    public void DrawingsShowTheTargetWhereItIsSentInsteadOfTheError() => Assert.Equal(
        ["rules/difference-target-propagation.svg", "rules/direct-random-target-projection.svg", "rules/forward-forward.svg"],
        _document.Drawings.Where(drawing => drawing.Svg.Contains(">t</text>", StringComparison.Ordinal)).Select(drawing => drawing.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryWayAnErrorCanTakeHasItsPlaceInTheDocument()
        => Assert.Equal(Enum.GetValues<RuleRoute>().Where(route => route != RuleRoute.PerLayer).Order(), RulesDocument.Groups.Select(group => group.Route).Order());

    [Fact]
    public void RecordsKnowEveryWayOfTheCatalog()
        => Assert.Equal(Enum.GetNames<FeedbackAlignment.Rules.ErrorRoute>(), Enum.GetNames<RuleRoute>());

    [Fact]
    public void RecordsKnowAllThatARuleOfTheCatalogFreezes() => Assert.Equal(Enum.GetNames<FrozenPart>(), Enum.GetNames<RuleFrozen>());

    [Fact]
    public void DrawingsDashWhatDoesNotLearn() => Assert.Equal(
        ["frozen-convolutions 1", "frozen-features 1", "shallow 2"],
        _document.Drawings.Select(drawing
            => (Name: Path.GetFileNameWithoutExtension(drawing.Name), Count: drawing.Svg.Split("class=\"box frozen\"").Length - 1))
            .Where(drawing => drawing.Count > 0).Select(drawing => $"{drawing.Name} {drawing.Count}").Order(StringComparer.Ordinal));
}
