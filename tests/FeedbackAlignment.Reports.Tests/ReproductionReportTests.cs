using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Dom.Events;
using AngleSharp.Html.Parser;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Reports.Tests;

public sealed class ReproductionReportTests
{
    private const string Evil = "<script>alert('x')</script>\"&{{Title}}|`*_[a](b)\u0001\n# x";

    public static TheoryData<string> Variants => [.. _variants.Keys];

    private static readonly Dictionary<string, (ReproductionRecord Record, IReadOnlyList<FigureRecord> Figures)> _variants = new()
    {
        ["whole"] = (SampleReproduction.Record(), SampleReproduction.Figures()),
        ["no figures"] = (SampleReproduction.Record(), []),
        ["nothing"] = (SampleReproduction.Record() with { Claims = [], Experiments = [], Seconds = 0 }, []),
        ["hostile"] = (Hostile(), [HostileFigure()]),
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void ThePageIsWellFormed(string variant)
    {
        var errors = new List<string>();
        var parser = new HtmlParser();
        parser.Error += (_, problem) => errors.Add(problem is HtmlErrorEvent error ? $"{error.Position}: {error.Message}" : "");

        // AngleSharp takes the end tag of SVG's only element in mixed case for a mismatch; HTML has no place for a control character.
        var page = parser.ParseDocument(Html(variant).Replace("clipPath", "mask", StringComparison.Ordinal));

        Assert.Empty(errors);
        Assert.Single(page.QuerySelectorAll("h1"));
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.All(page.QuerySelectorAll("[aria-labelledby]").SelectMany(element => element.GetAttribute("aria-labelledby")!.Split(' ')), id => Assert.Contains(id, ids));
        Assert.All(page.QuerySelectorAll("svg"), svg =>
        {
            Assert.Equal("img", svg.GetAttribute("role"));
            Assert.False(string.IsNullOrWhiteSpace(svg.QuerySelector("title")?.TextContent));
            Assert.NotNull(svg.QuerySelector("desc"));
        });
        Assert.All(page.QuerySelectorAll("img"), image => Assert.False(string.IsNullOrWhiteSpace(image.GetAttribute("alt"))));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void ThePageLoadsNothing(string variant)
    {
        var page = new HtmlParser().ParseDocument(Html(variant));

        Assert.Empty(page.QuerySelectorAll("script, link, iframe, object, embed, base, use, image"));
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name is "href" or "srcset" or "xlink:href");
        Assert.All(page.QuerySelectorAll("[src]"), image => Assert.StartsWith("data:image/png;base64,", image.GetAttribute("src"), StringComparison.Ordinal));
        Assert.DoesNotContain("url(http", Html(variant), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", Html(variant), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void TheSameRecordsGiveTheSameReport(string variant)
    {
        Assert.Equal(Html(variant), Html(variant));
        Assert.Equal(Markdown(variant).Text, Markdown(variant).Text);
        Assert.Equal(Markdown(variant).Files.Select(file => Convert.ToBase64String(file.Content)), Markdown(variant).Files.Select(file => Convert.ToBase64String(file.Content)));
    }

    [Fact]
    public void EveryClaimIsInTheTableOfItsGroup()
    {
        var page = Page("whole");

        Assert.Equal(["Linear", "MNIST", "More"], page.QuerySelectorAll("section:has(#claims) h3").Select(heading => heading.TextContent));
        Assert.Equal(["linear-speed", "linear-angle", "mnist-fa", "mnist-sparse", "spiking", "deep-t-test"], page.QuerySelectorAll(".claims th .id").Select(id => id.TextContent));
        Assert.Equal(
            ["1", "Feedback alignment learns a linear map as fast as backpropagation. linear-speed", "−11.8", "−11.3 ± 0.4 (n\u00a0=\u00a020)log10 NSE at 2000 examples", "within 1.5 decades", "✓ reproduced with the stated reading"],
            page.QuerySelector(".claims .main")!.Children.Select(cell => cell.TextContent));
    }

    [Fact]
    public void TheVerdictIsInWordsAndNotInColorAlone()
    {
        var badges = Page("whole").QuerySelectorAll(".claims .badge").Select(badge => (badge.ClassName, badge.TextContent)).ToList();

        Assert.Equal(
            [
                ("badge reading", "✓ reproduced with the stated reading"), ("badge reproduced", "✓ reproduced"), ("badge reproduced", "✓ reproduced"),
                ("badge failed", "✗ not reproduced"), ("badge other", "○ not a claim of the paper"), ("badge missing", "– not run"),
            ],
            badges);
    }

    [Fact]
    public void DetailsTellHowItWasChecked()
    {
        var page = Page("whole");
        var details = page.QuerySelectorAll(".claims details").ToList();

        Assert.Equal(6, details.Count);
        Assert.Equal(["In the paper", "Setup", "Expected", "Reading", "Checks"], details[0].QuerySelectorAll("dt").Select(name => name.TextContent));
        Assert.DoesNotContain("Reading", details[1].QuerySelectorAll("dt").Select(name => name.TextContent));
        Assert.Equal(["holds", "fails"], details[3].QuerySelectorAll("li").Select(check => check.ClassName));
        Assert.Equal("✗error ≤ dense + 0.6 points — found dense + 1.2 points", details[3].QuerySelectorAll("li")[1].TextContent);
        Assert.Equal("does not hold", details[3].QuerySelectorAll("li .mark")[1].GetAttribute("aria-label"));
        Assert.Equal(["Not run: effort quick has too few runs: use standard"], page.QuerySelectorAll(".missing-reason").Select(reason => reason.TextContent));
    }

    [Fact]
    public void FiguresHavePlaceAndCaptionAndPanels()
    {
        var figures = Page("whole").QuerySelectorAll(".figure").ToList();

        Assert.Equal(["figure-linear", "figure-field", "figure-scale", "figure-fields"], figures.Select(figure => figure.Id));
        Assert.Equal([2, 1, 3, 4], figures.Select(figure => figure.QuerySelectorAll("figure").Length));
        Assert.Equal(4, figures[3].QuerySelectorAll("img.picture").Length);
        Assert.Equal("arXiv 1411.0247, Fig. 1d,e", figures[0].QuerySelector(".place")!.TextContent);
        Assert.Contains("± 1 standard deviation", figures[0].QuerySelector(".caption")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ExperimentsSayHowToRunThemAgainOrWhyTheyWereNot()
    {
        var rows = Page("whole").QuerySelectorAll(".experiments tbody tr").Select(row => row.Children.Select(cell => cell.TextContent).ToList()).ToList();

        Assert.Equal(["mnist", "MNIST, 784–1000–10", "12, 1 of them did not complete", "391 s (6.5 min)", "fa train experiments/mnist/spec.json"], rows[1]);
        Assert.Equal(["deep", "Deeper nonlinear networks", "not run", "–", "effort quick has too few runs"], rows[2]);
    }

    [Fact]
    public void TextFromOutsideIsEscapedOnThePage()
    {
        var page = Page("hostile");

        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.Equal(Evil.Replace('\u0001', '\uFFFD'), page.QuerySelector(".figure h3")!.TextContent);
        Assert.Contains(page.QuerySelectorAll("svg text"), text => text.TextContent.StartsWith("<script>alert('x')</script>", StringComparison.Ordinal));
    }

    [Fact]
    public void TextFromOutsideStaysTextInMarkdown()
    {
        var document = Markdown("hostile");
        var rows = document.Text.Split('\n').Where(line => line.StartsWith('|')).ToList();
        int Bars(string line) => line.Replace("\\\\", "", StringComparison.Ordinal).Replace("\\|", "", StringComparison.Ordinal).Count(letter => letter == '|');

        // What stands between backticks is text already.
        var prose = Regex.Replace(document.Text, "`` .* ``", "");
        Assert.DoesNotContain("<script", prose, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\n# x", document.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[a](b)", prose, StringComparison.Ordinal);
        Assert.All(rows, row => Assert.Contains(Bars(row), new[] { 7, 6, 2 }));
        Assert.Contains(@"&lt;script&gt;alert('x')&lt;/script&gt;""&amp;{{Title}}\|\`\*\_\[a\](b)��\# x", document.Text,
            StringComparison.Ordinal);
        Assert.All(document.Files.Where(file => file.Name.EndsWith(".svg", StringComparison.Ordinal)), file => XDocument.Parse(Encoding.UTF8.GetString(file.Content)));
    }

    [Fact]
    public void TheDocumentIsTheApprovedOne() => Approved.Matches("tests/FeedbackAlignment.Reports.Tests/Approved/Reproduction.md", Markdown("whole").Text);

    [Fact]
    public void TheDocumentsFilesAreThoseItShows()
    {
        var document = Markdown("whole");
        var shown = document.Text.Split("](").Skip(1).Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)]).Where(target => !target.StartsWith('#'));

        Assert.Equal(document.Files.Select(file => file.Name), shown);
        Assert.Equal(7, document.Files.Count);
        Assert.Contains("## What the comparison shows\n\nIt is worth *much*.\n", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SvgFilesStandAloneOnWhite()
    {
        foreach (var file in Markdown("whole").Files.Where(file => file.Name.EndsWith(".svg", StringComparison.Ordinal)))
        {
            var root = XDocument.Parse(Encoding.UTF8.GetString(file.Content)).Root!;
            var background = root.Elements().First(element => element.Name.LocalName == "rect");

            Assert.Equal("#ffffff", background.Attribute("fill")!.Value);
            Assert.Equal(root.Attribute("width")!.Value, background.Attribute("width")!.Value);
            Assert.Equal(root.Attribute("height")!.Value, background.Attribute("height")!.Value);
            Assert.Empty(root.DescendantsAndSelf().Attributes("class"));
            Assert.All(root.Descendants().Where(element => element.Name.LocalName is "polyline" or "polygon" or "text" or "ellipse"), shape => Assert.True(shape.Attribute("fill") is not null || shape.Attribute("stroke") is not null));
        }
    }

    [Fact]
    public void PicturesAreGrayPngOfTheirSize()
    {
        var png = Markdown("whole").Files.Single(file => file.Name == "reproduction/fields-2.png").Content;

        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        Assert.Equal([0, 0, 0, 145, 0, 0, 0, 145, 8, 0], png[16..26]);
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 0], PicturePng.Write(new PictureRecord(3, 2, new byte[6]))[16..26]);
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void VerdictsAreWordedAsInTheRecord(Verdict verdict) =>
        Assert.Equal($"\"{ClaimText.Words(verdict)}\"", System.Text.Json.JsonSerializer.Serialize(verdict, ExperimentJson.Line));

    public static TheoryData<Verdict> Verdicts => [.. Enum.GetValues<Verdict>()];

    private static string Html(string variant) => ReproductionReport.RenderHtml(_variants[variant].Record, _variants[variant].Figures);

    private static IHtmlDocument Page(string variant) => new HtmlParser().ParseDocument(Html(variant));

    private static ReproductionDocument Markdown(string variant) => ReproductionReport.RenderMarkdown(_variants[variant].Record, _variants[variant].Figures, "It is worth *much*.\n");

    private static ReproductionRecord Hostile()
    {
        var sample = SampleReproduction.Record();
        return sample with
        {
            Claims =
            [
                .. sample.Claims.Select(claim => claim with
                {
                    Id = claim.Id == "mnist-fa" ? Evil : claim.Id, Group = Evil, Statement = Evil, Place = Evil, Setup = Evil, Expected = Evil, Tolerance = Evil, Reading = Evil,
                    Quantity = Evil, Missing = Evil, Checks = [new CheckRecord(Evil, Evil, false)],
                }),
            ],
            Experiments = [new(Evil, Evil, 1, 0, 1), new(Evil, Evil, 0, 0, 0, Evil)],
            Environment = sample.Environment with { System = Evil, Runtime = Evil },
        };
    }

    private static FigureRecord HostileFigure()
    {
        var line = new SeriesRecord { Name = Evil, Subject = Evil, Source = SeriesSource.Measured, Points = [new PointRecord(1, 1), new PointRecord(2, 2)] };
        return new FigureRecord
        {
            Id = "evil",
            Title = Evil,
            Place = Evil,
            Caption = Evil,
            Panels =
            [
                new PanelRecord { Title = Evil, X = new AxisRecord(Evil), Y = new AxisRecord(Evil), Series = [line] },
                new PanelRecord { Title = Evil, Picture = new PictureRecord(1, 1, [7]) },
            ],
        };
    }
}
