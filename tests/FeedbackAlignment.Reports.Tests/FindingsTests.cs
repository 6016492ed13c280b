using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

/// <summary>What the page concludes, draws and shows, beside its headline and notes.</summary>
public sealed partial class FindingsTests
{
    private static readonly BaselineRecord _tenClasses = new() { Class = 1, TestError = 0.9, GreatestInput = 1 };

    [Fact]
    public void RandomFeedbackIsSaidToWorkOnlyWhereAnglesFellAndSomethingWasLearned()
    {
        Assert.Equal("Why random feedback works", Title(Judged(SampleExperiment.Digits())));
        Assert.Equal("The random feedback did not align", Title(Judged(WithAngle(SampleExperiment.Digits(), 93))));
        Assert.Equal("What became of the random feedback", Title(Judged(SampleExperiment.Digits().With(_ => true, run => run with { TestError = 0.9 }))));
        Assert.Equal("What became of the random feedback", Title(SampleExperiment.Digits()));
        Assert.Equal("How the errors compare with backpropagation’s", Title(Judged(SampleExperiment.Digits(["backpropagation", "sign-symmetry-uniform"]))));
    }

    [Fact]
    public void WhatDidNotAlignIsNamed()
    {
        var text = Page(Judged(WithAngle(SampleExperiment.Digits(), 93))).QuerySelector("section:has(#alignment-section) .prose")!.TextContent;

        Assert.Contains("For feedback alignment and direct feedback alignment the angle in at least one hidden layer was still near 90° or above it at the end (93°)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("useful", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnglesThatTheSeedsLeaveOpenAreNeitherCalledFallenNorNear90()
    {
        // Two seeds at 20° and 60°: their mean is well below 90°, but its interval is not.
        var experiment = SampleExperiment.Digits(seeds: 2);
        experiment = Judged(WithAngle(experiment, 20))
            .With(run => run.Seed == 2,
                run => WithAngle(experiment, 60).Runs.Single(other => (other.Rule, other.Seed) == (run.Rule, run.Seed)));
        var text = Page(experiment).QuerySelector("section:has(#alignment-section) .prose")!.TextContent;

        Assert.Equal("How the random feedback compares with backpropagation’s", Title(experiment));
        Assert.Contains("the mean angle was 40° at the end, but the seeds differ too much to say that it fell", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("near 90°", text, StringComparison.Ordinal);
        Assert.DoesNotContain("had fallen", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLogarithmicAxisIsExplainedWhereThereIsOne()
    {
        const string words = "axis of examples is logarithmic";
        Assert.Contains(words, HtmlReport.Render([SampleExperiment.Digits()]), StringComparison.Ordinal);

        var linear = SampleExperiment.Digits().With(_ => true, run => run with { Alignment = [.. run.Alignment.Where(record => record.Examples % 50_000 == 0)] });
        Assert.NotEmpty(Page(linear).QuerySelectorAll("#error-angle"));
        Assert.DoesNotContain(words, HtmlReport.Render([linear]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("784-10", "input output")]
    [InlineData("784-30-10", "input hidden layer 1 output")]
    [InlineData("784-30-20-10", "input hidden layer 1 hidden layer 2 output")]
    [InlineData("784-11x30-10", "input hidden layer 1 hidden layer 11 output")]
    public void DrawingsHaveTheNetworksLayers(string layers, string boxes)
    {
        var experiment = SampleExperiment.Digits(Rules.RuleCatalog.Standard.Ids, seeds: 1);
        var page = Page(experiment with { Spec = experiment.Spec with { Network = experiment.Spec.Network with { Layers = layers } } });
        Assert.All(page.QuerySelectorAll(".drawings svg"), drawing => Assert.Equal(
            boxes, string.Join(' ', drawing.QuerySelectorAll("text[font-size='10.5']").Where(text => text.ParentElement!.ClassName == "fill-text").Select(text => text.TextContent.Replace("hiddenlayer", "hidden layer", StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("784-10", "Without a hidden layer, the output layer learns from its own error.")]
    [InlineData("784-5-10", "The error goes back through the transposed forward weights: the exact gradient.")]
    public void TheCaptionOfADrawingFitsTheNetwork(string layers, string caption)
    {
        var experiment = SampleExperiment.Digits();
        var page = Page(experiment with { Spec = experiment.Spec with { Network = experiment.Spec.Network with { Layers = layers } } });
        Assert.Contains(caption, page.QuerySelector(".drawings figcaption")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void FeedbackIntoALayerHasOneNameInAllDrawings()
    {
        var drawings = Page(SampleExperiment.Digits()).QuerySelectorAll(".drawings svg").Select(drawing => drawing.TextContent).ToList();

        Assert.Contains("W₃ᵀ", drawings[0], StringComparison.Ordinal);
        Assert.All(drawings.Skip(1).Take(2), text => Assert.Contains("B₂", text, StringComparison.Ordinal));
        Assert.All(drawings.Skip(1).Take(2), text => Assert.Contains("B₁", text, StringComparison.Ordinal));
        Assert.All(drawings, text => Assert.DoesNotContain("B₃", text, StringComparison.Ordinal));
    }

    [Fact]
    public void MisreadExamplesAreShownWithEachRulesAnswer()
    {
        var experiment = SampleExperiment.Digits(["backpropagation", "shallow"], seeds: 2).With(_ => true, run => run with
        {
            TestError = 0.02,
            Misread = run.Rule == "backpropagation" ? [new(900, 4)] : [new(7, run.Seed == 1 ? 3 : null), new(900, 4)],
        });
        experiment = experiment with
        {
            Examples = [new() { Example = 7, Class = 5, Height = 2, Width = 2, Pixels = [0, 255, 0, 255] }, new() { Example = 900, Class = 9, Inputs = [0.25f, -1] }],
        };
        var figures = Page(experiment).QuerySelectorAll(".examples figure");

        Assert.Equal(2, figures.Length);
        Assert.StartsWith("data:image/png;base64,", figures[0].QuerySelector("img")!.GetAttribute("src"), StringComparison.Ordinal);
        Assert.Equal("Test example 8: class 5", figures[0].QuerySelector("strong")!.TextContent);
        Assert.Equal(["Shallow learning: no class above the others (1 of 2 seeds), 3 (1 of 2 seeds)", "Right: Backpropagation"], figures[0].QuerySelectorAll("li").Select(item => item.TextContent));
        Assert.Contains("Inputs 0.250, −1.00, …", figures[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["Backpropagation: 4 (2 of 2 seeds)", "Shallow learning: 4 (2 of 2 seeds)"], figures[1].QuerySelectorAll("li").Select(item => item.TextContent));
    }

    [Fact]
    public void ClassesGoByTheirNamesWhereTheDataHaveNames()
    {
        var long50 = string.Concat(Enumerable.Repeat("x", 50));
        var experiment = SampleExperiment.Digits(["backpropagation"], seeds: 1)
            .With(_ => true, run => run with { Misread = [new(1, 1), new(2, 2), new(3, 7)] });
        experiment = experiment with
        {
            Data = experiment.Data with { ClassNames = ["<b>\"Ü 猫'&", "T-shirt/top", long50] },
            Examples = [new() { Example = 1, Class = 0, Height = 1, Width = 1, Pixels = [0] }, new() { Example = 2, Class = 1 },
                new() { Example = 3, Class = 2, Inputs = [5.5f, 40], Names = ["length", "<i>"] }],
        };
        var page = Page(experiment);

        Assert.Empty(page.QuerySelectorAll("b"));
        Assert.Equal(
            ["Test example 2: class <b>\"Ü 猫'&", "Test example 3: class T-shirt/top", $"Test example 4: class {long50[..39]}…"],
            page.QuerySelectorAll(".examples strong").Select(name => name.TextContent));
        Assert.Equal("Test example 2, class <b>\"Ü 猫'&", page.QuerySelector(".examples img")!.GetAttribute("alt"));
        Assert.Equal(
            ["Backpropagation: T-shirt/top", $"Backpropagation: {long50[..39]}…", "Backpropagation: 7"],
            page.QuerySelectorAll(".examples li").Select(answer => answer.TextContent));
        Assert.Contains("Inputs length 5.50, <i> 40.0, …", page.QuerySelectorAll(".examples figure")[2].TextContent,
            StringComparison.Ordinal);
        const string numbered = "Classes without a name are numbered from 0.";
        Assert.DoesNotContain(numbered, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(numbered, Page(experiment with { Data = experiment.Data with { ClassNames = null } }).Body!.TextContent,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 4, 0)]
    [InlineData(3, 12, 2)]
    [InlineData(3, 4, null)]
    [InlineData(2, 8, null)]
    public void AMisreadImageIsAPictureOfItsColors(int channels, int bytes, int? colorType)
    {
        var experiment = SampleExperiment.Digits(["backpropagation"], seeds: 1);
        var picture =
            Page(experiment with
            {
                Examples = [
                new() { Example = 1, Class = 0, Height = 2, Width = 2, Channels = channels, Pixels = new byte[bytes] }]
            })
            .QuerySelector(".examples img")?.GetAttribute("src");

        // A PNG has its type of colors in byte 25: 0 is gray, 2 is red, green and blue.
        Assert.Equal(colorType, picture is null ? null : Convert.FromBase64String(picture["data:image/png;base64,".Length..])[25]);
    }

    [Fact]
    public void AnExampleThatOneSeedMisreadSaysThatTheOthersWereRight()
    {
        var experiment = SampleExperiment.Digits(["backpropagation"], seeds: 2)
            .With(_ => true, run => run with { TestError = 0.02, Misread = run.Seed == 1 ? [new(7, 3)] : [new(900, 4)] });
        var answers = Page(experiment with { Examples = [new() { Example = 7, Class = 5 }] }).QuerySelectorAll(".examples li");
        Assert.Equal(["Backpropagation: 3 (1 of 2 seeds); else right"], answers.Select(item => item.TextContent));
    }

    [Fact]
    public void ARunThatRecordedNothingIsNotTakenForRight()
    {
        var experiment = SampleExperiment.Digits(["backpropagation"], 1) with { Examples = [new() { Example = 7, Class = 5 }] };
        Assert.Equal(["Backpropagation: not recorded"], Page(experiment).QuerySelectorAll(".examples li").Select(item => item.TextContent));
        Assert.Empty(Page(SampleExperiment.Digits()).QuerySelectorAll(".examples"));
    }

    [Fact]
    public void EachOutputOfARegressionHasItsScore()
    {
        var experiment = SampleExperiment.Regression().With(_ => true, run => run with { OutputErrors = [0.5, 2, 1] });
        experiment = experiment with { Data = experiment.Data with { Baseline = new BaselineRecord { TestError = 0.9, OutputErrors = [2, 1, 0] } } };
        var rows = Page(experiment).QuerySelectorAll("section:has(#outputs) tbody tr").Select(row => row.QuerySelectorAll("td")[0].TextContent);

        Assert.Equal(["0.750", "−1.000", "–"], rows);
        Assert.Equal(["Output 1", "Output 2", "Output 3"], Names(experiment));
        Assert.Equal(["price", "<b>rent", "Output 3"],
            Names(experiment with { Data = experiment.Data with { TargetNames = ["price", "<b>rent"] } }));
        Assert.Empty(Page(SampleExperiment.Digits()).QuerySelectorAll("#outputs"));

        static IEnumerable<string> Names(ExperimentRecord experiment)
            => Page(experiment).QuerySelectorAll("section:has(#outputs) tbody tr")
                .Select(row => row.QuerySelector("th")!.TextContent.Trim());
    }

    [Fact]
    public void GuidesAreExplainedBelowTheChart()
    {
        var figure = Page(SampleExperiment.Digits()).QuerySelector("figure:has(#error-angle-hidden1-title)")!;

        Assert.EndsWith("Dashed lines: 90° is no better than a random direction and 45° is halfway to backpropagation’s direction.", figure.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("random direction", string.Concat(figure.QuerySelectorAll("svg text").Select(text => text.TextContent)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhateverTheRecordsThePageHasNoNonsense() => Gen.Int.Sample(
        choice =>
        {
            var random = new Random(choice);
            T Any<T>(params T[] values) => values[random.Next(values.Length)];
            T[] Many<T>(params T[] values) => [.. Enumerable.Range(0, 12).Select(_ => Any(values))];
            var (hidden, seeds, classification, test) = (random.Next(4), random.Next(1, 4), random.Next(2) == 0, Any(1, 2, 30, 5000));
            var errors = Many<double?>(null, 0, 0.001, 0.1, 0.5, 0.9, 1, 3, double.NaN, double.PositiveInfinity);
            var statuses = Many(0, 0, 0, 1, 2, 3);
            var (baseline, input) = (Any<double?>(null, 0, 0.1, 0.5, 0.9, 1), Any(0, 1, 255, 1e9));
            var experiment = classification ? SampleExperiment.Digits(seeds: seeds) : SampleExperiment.Regression();
            var index = 0;
            var runs = experiment.Runs.Select(run => run with { Status = (RunStatus)statuses[index % 12], TestError = classification && errors[index % 12] > 1 ? 1 : errors[index++ % 12] }).ToList();
            experiment = experiment with
            {
                Runs = runs,
                Data = experiment.Data with { Test = test, Baseline = baseline is null ? null : new BaselineRecord { TestError = baseline, OutputErrors = classification ? [] : [baseline.Value], GreatestInput = input } },
                Spec = experiment.Spec with { Network = experiment.Spec.Network with { Layers = "784-" + string.Concat(Enumerable.Repeat("30-", hidden)) + "10" } },
            };
            var page = Page(experiment);
            foreach (var pre in page.QuerySelectorAll("pre, style"))
            {
                pre.Remove();
            }

            var text = page.Body!.TextContent;
            Assert.DoesNotMatch(@"NaN|∞|Infinity|better \(0\)|(?<![\d.])1 (seed|rule|run|example|test example|validation example|time)s\b|\( ?\)|  +\.|\.\.(?!\.)", Spaces().Replace(text, " "));
            Assert.DoesNotContain(" ,", text, StringComparison.Ordinal);
            foreach (var paragraph in page.QuerySelectorAll(".lead, .notes li, .prose p"))
            {
                Assert.Equal(paragraph.TextContent.Count(letter => letter == '('), paragraph.TextContent.Count(letter => letter == ')'));
                Assert.Matches(@"[.:?]$|run$", paragraph.TextContent);
            }
        },
        iter: 80,
        threads: 1);

    private static ExperimentRecord Judged(ExperimentRecord experiment) => experiment with { Data = experiment.Data with { Baseline = _tenClasses } };

    private static ExperimentRecord WithAngle(ExperimentRecord experiment, double degrees) => experiment.With(_ => true, run => run with
    {
        AlignmentAngles = run.AlignmentAngles.ToDictionary(layer => layer.Key, layer => (IReadOnlyList<AngleRecord>)[.. layer.Value.Select(angle => angle with { Degrees = angle.Degrees is null ? null : degrees })]),
    });

    private static string Title(ExperimentRecord experiment) => Page(experiment).QuerySelector("#alignment-section")!.TextContent;

    private static IHtmlDocument Page(ExperimentRecord experiment) => new HtmlParser().ParseDocument(HtmlReport.Render([experiment]));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
