using AngleSharp.Html.Dom;
using AngleSharp.Html.Dom.Events;
using AngleSharp.Html.Parser;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Reports.Tests;

public sealed class HtmlReportTests
{
    private const string Evil = "<script>alert('x')</script>\"&{{Title}}";

    private static readonly KernelRecord _kernels = new()
    {
        Layer = Evil,
        Height = 1,
        Width = 1,
        Filters = 1,
        Channels = 1,
        ShownChannels = 1,
        Greatest = [1],
        Pixels = [7],
    };

    public static TheoryData<string> Variants => [.. _variants.Keys];

    private static readonly Dictionary<string, IReadOnlyList<ExperimentRecord>> _variants = new()
    {
        ["digits"] = [SampleExperiment.Digits()],
        ["regression"] = [SampleExperiment.Regression()],
        ["single run"] = [SampleExperiment.Digits(["feedback-alignment"], 1)],
        ["diverged"] = [SampleExperiment.Digits().With(run => run.Seed == 2, SampleExperiment.Diverge)],
        ["cancelled"] = [SampleExperiment.Digits().With(_ => true, SampleExperiment.Cancel)],
        ["nothing measured"] = [SampleExperiment.Digits().With(_ => true, run => run with { Alignment = [], Curve = [], AlignmentAngles = new Dictionary<string, IReadOnlyList<AngleRecord>>() })],
        ["misread"] = [SampleExperiment.Digits().With(_ => true, run => run with { Misread = [new(3, 1)] }) with { Examples = [new() { Example = 3, Class = 2, Height = 1, Width = 2, Pixels = [0, 255] }] }],
        ["kernels"] =
        [
            SampleExperiment.Digits().With(_ => true, run => run with
            {
                Kernels = new() { Start = _kernels, Kept = _kernels, Feedback = _kernels, Forward = _kernels },
            }),
        ],
        ["no runs"] = [SampleExperiment.Digits() with { Runs = [] }],
        ["several"] = [SampleExperiment.Digits(), SampleExperiment.Regression(), SampleExperiment.Digits(["shallow", "a-rule-of-mine"])],
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void IsWellFormed(string variant)
    {
        var errors = new List<string>();
        var parser = new HtmlParser();
        parser.Error += (_, problem) => errors.Add(problem is HtmlErrorEvent error ? $"{error.Position}: {error.Message}" : "");

        // AngleSharp takes the end tag of SVG's only element in mixed case for a mismatch.
        var page = parser.ParseDocument(HtmlReport.Render(_variants[variant]).Replace("clipPath", "mask", StringComparison.Ordinal));

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
            Assert.NotNull(svg.GetAttribute("viewBox"));
        });
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void LoadsNothing(string variant)
    {
        var html = HtmlReport.Render(_variants[variant]);
        var page = new HtmlParser().ParseDocument(html);

        Assert.Empty(page.QuerySelectorAll("script, link, iframe, object, embed, base, use, image"));
        Assert.All(page.QuerySelectorAll("img"), picture => Assert.StartsWith("data:image/png;base64,", picture.GetAttribute("src"), StringComparison.Ordinal));
        Assert.DoesNotContain(page.All.Where(element => element.LocalName != "img").SelectMany(element => element.Attributes), attribute => attribute.Name is "src" or "href" or "srcset" or "xlink:href");
        Assert.DoesNotContain("url(http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<?xml", html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void TheSameRecordsGiveTheSamePage(string variant) =>
        Assert.Equal(HtmlReport.Render(_variants[variant]), HtmlReport.Render(_variants[variant]));

    [Fact]
    public void TextFromOutsideIsEscaped()
    {
        var experiment = SampleExperiment.Digits().With(run => run.Seed == 1, run => SampleExperiment.Diverge(run) with { Reason = Evil });
        experiment = experiment with
        {
            Spec = experiment.Spec with { Name = Evil },
            Data = experiment.Data with { Description = Evil },
            Environment = experiment.Environment with { System = Evil },
        };
        var html = HtmlReport.Render([experiment, experiment with { Spec = experiment.Spec with { Name = "<i>b</i>", Rules = ["<b>bold"] }, Runs = [] }], Evil);
        var page = new HtmlParser().ParseDocument(html);

        Assert.Empty(page.QuerySelectorAll("script, i, b"));
        Assert.Equal(Evil, page.QuerySelector("pre.command")!.TextContent);
        Assert.Contains(page.QuerySelectorAll(".trouble li"), item => item.TextContent.EndsWith(Evil, StringComparison.Ordinal));
        Assert.Contains(page.QuerySelectorAll("h2.experiment"), heading => heading.TextContent.EndsWith(Evil, StringComparison.Ordinal));
    }

    [Fact]
    public void AShortNameInALegendIsEscaped()
    {
        var page = Parse(SampleExperiment.Digits(name: "<b>&\"'"), SampleExperiment.Digits(name: "other"));

        Assert.Empty(page.QuerySelectorAll("b"));
        Assert.Contains(page.QuerySelectorAll("svg text"), text => text.TextContent == "Shallow learning · <b>&\"'");
    }

    [Fact]
    public void TheTableShowsTheRowsOfTheComparison()
    {
        var experiment = SampleExperiment.Digits();
        var shown = Parse(experiment).QuerySelectorAll("table.result tbody tr").Select(row => row.QuerySelectorAll("th, td").Select(cell => cell.TextContent).ToList()).ToList();

        Assert.Equal(ComparisonTable.Of([experiment]).Rows.Select(row => row.Cells.Select(cell => cell.Replace(" %", "\u00a0%", StringComparison.Ordinal)).ToList()), shown);
    }

    [Fact]
    public void RunsThatDidNotCompleteAreReportedWithTheirReason()
    {
        var page = Parse(SampleExperiment.Digits()
            .With(run => run is { Rule: "feedback-alignment", Seed: 2 }, SampleExperiment.Diverge)
            .With(run => run is { Rule: "shallow", Seed: 3 }, SampleExperiment.Cancel));

        Assert.Equal(
            [
                "Feedback alignment, seed 2: diverged after 60\u202f000 examples — the loss rose to 3.1e+07 at step 512",
                "Shallow learning, seed 3: cancelled after 100\u202f000 examples — stopped by the user (Ctrl-C)",
            ],
            page.QuerySelectorAll(".trouble li").Select(item => item.TextContent));
        Assert.Contains("Thin line ending in ×", page.QuerySelector("figure:has(#validation-error-title) .note")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExperimentWithoutTroubleSaysNothingOfIt() => Assert.Null(Parse(SampleExperiment.Digits()).QuerySelector(".trouble"));

    [Fact]
    public void OnlyRulesThatWereRunAreExplained()
    {
        Assert.Equal(["Backpropagation", "Shallow learning"], Parse(SampleExperiment.Digits(["shallow"])).QuerySelectorAll(".drawings svg title").Select(title => title.TextContent));
    }

    [Fact]
    public void EveryRuleOfTheCatalogHasADrawingOfItsOwnAndACaption()
    {
        var figures = Parse(SampleExperiment.Digits(FeedbackAlignment.Rules.RuleCatalog.Standard.Ids, seeds: 1))
            .QuerySelectorAll(".drawings figure");

        Assert.Equal(FeedbackAlignment.Rules.RuleCatalog.Standard.Ids.Count, figures.Length);
        Assert.All(figures, figure => Assert.Matches(@"^[^.]+\. .{30,}\.$", figure.QuerySelector("figcaption")!.TextContent));

        // What differs in way, carrier, or in whether the feedback is fixed, looks different.
        string Looks(AngleSharp.Dom.IElement figure) => string.Concat(figure.QuerySelectorAll("svg > g").Skip(1).Select(group => System.Text.RegularExpressions.Regex.Replace(group.OuterHtml, "path-[a-z-]+|(fill|stroke)-[0-9]", "")))
            + figure.QuerySelectorAll("rect.frozen").Length;
        var kinds = RuleRecords.Of(RuleCatalog.Standard).Select(rule => (rule.Route, rule.Carrier, rule.HasFeedback, rule.HasFixedFeedback))
            .Distinct().Count();
        Assert.Equal(kinds, figures.Select(Looks).Distinct().Count());
    }

    /// <summary>LeNet-5 has three convolutions below a dense layer; of ResNet-20 all hidden layers are convolutions.</summary>
    [Theory]
    [InlineData("frozen-convolutions", "lenet5", "conv layer 1", "dense layer 4", 2, "W₅ᵀ…")]
    [InlineData("frozen-features", "lenet5", "conv layer 1", "dense layer 4", 1, "W₅ᵀ")]
    [InlineData("frozen-convolutions", "resnet-20", "conv layer 1,conv layer 19", "", 2, "W₂₀ᵀ…")]
    [InlineData("frozen-features", "resnet-20", "conv layer 1,conv layer 19", "", 0, "nothing is sent back")]
    [InlineData("frozen-features", "784-8-8-8-10", "", "hidden layer 1,hidden layer 3", 2, "W₄ᵀ…")]
    [InlineData("shallow", "lenet5", "hidden layer 1,hidden layer 4", "", 0, "nothing is sent back")]
    [InlineData("feedback-alignment", "lenet5", "", "hidden layer 1,hidden layer 4", 2, "B₄…random")]
    public void LayersThatDoNotLearnAreDashedAsTheNetworkHasThem(string rule, string network, string dashed, string solid, int arrows,
        string texts)
    {
        var experiment = SampleExperiment.Digits([rule], 1);
        var drawing = Parse(experiment with { Spec = experiment.Spec with { Network = new() { Layers = network } } })
            .QuerySelectorAll(".drawings figure")[1];

        string Boxes(string which)
            => string.Join(',', drawing.QuerySelectorAll(which)
                .Select(box => box.NextElementSibling!.TextContent.Replace("layer", " layer", StringComparison.Ordinal)));
        Assert.Equal(dashed, Boxes("rect.frozen"));
        Assert.Equal(string.Join(',', ((string[])["input", solid, "output"]).Where(box => box.Length > 0)), Boxes("rect:not(.frozen)"));
        Assert.Equal(arrows, drawing.QuerySelectorAll("path[marker-end$='-back)']").Length);
        Assert.Equal($"e{texts}",
            string.Concat(drawing.QuerySelectorAll("svg > g")[^1].QuerySelectorAll("text").Select(text => text.TextContent)));
    }

    [Fact]
    public void ARuleForEveryHiddenLayerIsDrawnWithTheWayToEach()
    {
        var page = Parse(SampleExperiment.Digits(["backpropagation", "direct-feedback-alignment+backpropagation"]));
        var drawing = page.QuerySelectorAll(".drawings figure")[1];

        Assert.Equal("Direct feedback alignment + backpropagation", drawing.QuerySelector("svg title")!.TextContent);
        Assert.Single(drawing.QuerySelectorAll("g[stroke-dasharray] path"));
        Assert.Equal(2, drawing.QuerySelectorAll("path[marker-end$='-back)']").Length);
        Assert.Contains(page.QuerySelectorAll("table.result th"), head => head.TextContent == "Direct feedback alignment + backpropagation");
    }

    [Fact]
    public void RecordsThatSayNothingOfTheirRulesAreShownWithoutDrawings()
    {
        var page = Parse(SampleExperiment.Digits() with { Rules = [] });

        Assert.Empty(page.QuerySelectorAll(".drawings figure"));
        Assert.Equal(["Backpropagation", "Feedback alignment", "Direct feedback alignment", "Shallow"], page.QuerySelectorAll("table.result tbody th").Select(head => head.TextContent));
    }

    [Fact]
    public void ManyRulesAreInTheOrderOfTheirErrorsWithTheirOwnColorsAndTheirDrawingsFolded()
    {
        string[] rules = ["rule-a", "rule-b", "rule-c", "rule-d", "rule-e", "rule-f", "rule-g", "shallow", "feedback-alignment", "backpropagation"];
        var experiment = SampleExperiment.Digits(rules).With(run => run.Rule == "rule-b", SampleExperiment.Diverge);
        var page = Parse(experiment);
        var heads = page.QuerySelectorAll("table.result tbody th").ToList();

        Assert.Equal(["Backpropagation", "Feedback alignment"], heads.Take(2).Select(head => head.TextContent));
        Assert.Equal("Rule b", heads[^1].TextContent);
        Assert.Equal("swatch back-0", heads[0].QuerySelector("span")!.ClassName);
        Assert.Equal("swatch back-1", heads[1].QuerySelector("span")!.ClassName);
        Assert.Contains("order of their test errors", page.QuerySelector("section:has(#result) .note")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("order of their test errors", Parse(SampleExperiment.Digits()).QuerySelector("section:has(#result) .note")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRunIsInTheDetails()
    {
        var rows = Parse(SampleExperiment.Digits()).QuerySelectorAll("section:has(#runs) tbody tr");

        Assert.Equal(12, rows.Length);
        Assert.Equal("Backpropagation, seed 1", rows[0].QuerySelector("th")!.TextContent);
    }

    [Fact]
    public void TheSpecCanBeReadBack()
    {
        var experiment = SampleExperiment.Digits(name: "ω < 1 & \"β\"");
        var text = Parse(experiment).QuerySelector("details.spec pre")!.TextContent;
        using var json = System.Text.Json.JsonDocument.Parse(text);

        Assert.Equal(experiment.Spec.Name, json.RootElement.GetProperty("name").GetString());
        Assert.Equal("784-200-100-10", json.RootElement.GetProperty("network").GetProperty("layers").GetString());
        Assert.Equal(0.05f, json.RootElement.GetProperty("optimizer").GetProperty("learningRate").GetSingle());
    }

    [Fact]
    public void TheBandIsNamed()
    {
        var notes = Parse(SampleExperiment.Digits()).QuerySelectorAll(".charts .note");

        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.StartsWith("Line: mean over 3 seeds. Band: from the lowest to the highest seed.", note.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void NoExperimentIsAnError() => Assert.Throws<ArgumentException>(() => HtmlReport.Render([]));

    private static IHtmlDocument Parse(params ExperimentRecord[] experiments) => new HtmlParser().ParseDocument(HtmlReport.Render(experiments));
}
