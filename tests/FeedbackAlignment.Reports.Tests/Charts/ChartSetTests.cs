using System.Globalization;
using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Tests.Charts;

public sealed class ChartSetTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void ThereIsAnAngleChartPerHiddenLayer()
    {
        var group = ChartSet.Draw([SampleExperiment.Digits()]).Alignment[0];

        Assert.Equal(["error-angle-hidden1", "error-angle-hidden2"], group.Charts.Select(chart => chart.Id));
    }

    [Fact]
    public void AnUndefinedAngleLeavesAGapAndNotAZero()
    {
        var whole = SampleExperiment.Digits(["feedback-alignment"]);
        var holed = whole.With(_ => true, run => run with
        {
            Alignment = [.. run.Alignment.Select(record => record.Examples == 1024 ? record with { ErrorAngle = null } : record)],
        });

        Assert.Single(Lines(whole, "error-angle-hidden1"));
        Assert.Equal(2, Lines(holed, "error-angle-hidden1").Count);
        Assert.Equal(Lowest(whole), Lowest(holed), 1e-9);
    }

    [Fact]
    public void AnAngleThatIsNotANumberLeavesAGapToo()
    {
        var holed = SampleExperiment.Digits(["feedback-alignment"], 1).With(_ => true, run => run with
        {
            Alignment = [.. run.Alignment.Select(record => record.Examples == 1024 ? record with { ErrorAngle = double.NaN } : record)],
        });

        Assert.Equal(2, Lines(holed, "error-angle-hidden1").Count);
    }

    [Fact]
    public void TheBandRunsFromTheLowestToTheHighestSeed()
    {
        var results = RuleResults.Of([SampleExperiment.Digits(["feedback-alignment"])])[0];
        var curve = RuleCurve.Of(results, new SeriesStyle(1, 0), run => [new Reading(10, (double)run.Seed), new Reading(20, run.Seed == 2 ? null : 5)]);

        Assert.Equal([new BandPoint(10, 2, 1, 3), new BandPoint(20, 5, 5, 5)], curve.Mean);
    }

    [Fact]
    public void ADivergedRunIsNotInTheMeanAndDoesNotStretchTheAxis()
    {
        var quiet = SampleExperiment.Digits(["feedback-alignment"]);
        var wild = quiet with { Runs = [.. quiet.Runs, SampleExperiment.Diverge(quiet.Runs[0]) with { Seed = 4, Curve = [new CurveRecord(60_000, 6, 1e30, 1e30, 1e30, 0.1)] }] };

        Assert.Equal(Lines(quiet, "validation-error")[0], Lines(wild, "validation-error")[0]);
    }

    [Fact]
    public void ALogarithmicAxisOfExamplesKeepsTheUntrainedNetwork()
    {
        var chart = Chart(SampleExperiment.Digits(), "error-angle-hidden1");
        var labels = XElement.Parse(chart.Svg).Descendants(_svg + "text").Select(text => text.Value).ToList();

        Assert.Contains("training examples seen (log)", labels);
        Assert.Contains("0", labels);
        Assert.Contains("1k", labels);
    }

    [Fact]
    public void BackpropagationAloneHasNoAlignmentCharts()
    {
        var charts = ChartSet.Draw([SampleExperiment.Digits(["backpropagation"])]);

        Assert.Empty(charts.Alignment);
        Assert.Empty(charts.Instruments);
        Assert.Single(charts.Learning);
    }

    [Fact]
    public void RulesOfAnExperimentDifferInColorAndDashesAndMarker()
    {
        string[] rules = ["backpropagation", .. Enumerable.Range(1, 6).Select(rule => $"rule-{rule}")];
        var styles = SeriesStyle.Assign(RuleResults.Of([SampleExperiment.Digits(rules)]));

        Assert.Equal(rules.Length, styles.Select(style => style.Color).Distinct().Count());
        Assert.Equal(rules.Length, styles.Select(style => style.Dashes).Distinct().Count());
        Assert.Equal(rules.Length, styles.Select(style => style.Marker).Distinct().Count());
    }

    [Fact]
    public void ManyRulesDifferInColorWithDashesAndInColorWithMarkerAndNoneLooksLikeTheReference()
    {
        string[] rules = ["backpropagation", .. Enumerable.Range(1, 36).Select(rule => $"rule-{rule}")];
        var styles = SeriesStyle.Assign(RuleResults.Of([SampleExperiment.Digits(rules, seeds: 1)]));

        Assert.Equal(rules.Length, styles.Select(style => (style.Color, style.Dashes)).Distinct().Count());
        Assert.Equal(rules.Length, styles.Select(style => (style.Color, style.Marker)).Distinct().Count());
        Assert.Single(styles, style => style.Color == styles[0].Color);
    }

    [Fact]
    public void ColorsFollowTheRecordsOrderAndNotTheSpecs()
    {
        string[] rules = ["shallow", "direct-feedback-alignment", "backpropagation", "feedback-alignment"];
        Assert.Equal([3, 2, 0, 1], SeriesStyle.Assign(RuleResults.Of([SampleExperiment.Digits(rules)])).Select(style => style.ColorIndex));
    }

    [Fact]
    public void ManyRulesAreDrawnInSeveralChartsOnTheSameAxesEachWithTheReferenceAndEachColorOnce()
    {
        string[] rules = ["backpropagation", .. Enumerable.Range(1, 20).Select(rule => $"rule-{rule}")];
        var experiment = SampleExperiment.Digits(rules);
        var charts = ChartSet.Draw([experiment]).Learning[0].Charts.Where(chart => chart.Id.StartsWith("validation-error", StringComparison.Ordinal)).ToList();

        Assert.Equal(["Validation error (1 of 4)", "Validation error (2 of 4)", "Validation error (3 of 4)", "Validation error (4 of 4)"], charts.Select(chart => chart.Title));
        var names = charts.Select(chart => XElement.Parse(chart.Svg).Descendants(_svg + "text").Select(text => text.Value).Where(text => text.StartsWith("Rule", StringComparison.Ordinal) || text == "Backpropagation").ToList()).ToList();
        Assert.All(names, shown => Assert.InRange(shown.Count, 3, 7));
        Assert.All(names, shown => Assert.Contains("Backpropagation", shown));
        Assert.Equal(rules.Length, names.SelectMany(shown => shown).Distinct().Count());
        var axes = charts.Select(chart => string.Join(' ', XElement.Parse(chart.Svg).Descendants(_svg + "text").Select(text => text.Value).Where(text => char.IsAsciiDigit(text[0])))).ToList();
        Assert.All(axes, labels => Assert.Equal(axes[0], labels));
    }

    [Fact]
    public void EveryColorOfAChartIsAPartThatAPageCanRestyle()
    {
        var charts = ChartSet.Draw([SampleExperiment.Digits()]);
        var painted = charts.Learning.Concat(charts.Alignment).Concat(charts.Instruments).SelectMany(group => group.Charts)
            .SelectMany(chart => XElement.Parse(chart.Svg).Descendants())
            .Where(element => new[] { "fill", "stroke" }.Any(paint => element.Attribute(paint) is { Value: not "none" })).ToList();

        Assert.NotEmpty(painted);
        Assert.All(painted, element => Assert.NotNull(element.Attribute("class")));
    }

    /// <summary>Three hidden layers with the angles 10, 20 and 30 times the seed at the end, and another at the beginning.</summary>
    private static ExperimentRecord Deep(IReadOnlyList<string> rules, int layers = 3)
        => SampleExperiment.Digits(rules, 2).With(_ => true, run => run with
        {
            Alignment =
        [
            .. ((long[])[500, 0]).SelectMany(examples => Enumerable.Range(1, layers).Select(layer => new AlignmentRecord
            {
                Examples = examples,
                Layer = $"hidden{layer}",
                ErrorAngle = examples == 0 ? 90 : 10.0 * layer * run.Seed,
                GradientAngle = examples == 0 ? 90 : 5.0 * layer * run.Seed,
            })),
            new AlignmentRecord { Examples = 500, Layer = "output", ErrorAngle = 77, GradientAngle = 77 },
        ],
        });

    [Fact]
    public void AnglesByDepthAreTheLastReadingsOfAllHiddenLayers()
    {
        var experiment = Deep(["feedback-alignment"]).With(run => run.Seed == 2, run => run with
        {
            Alignment = [.. run.Alignment.Select(record
                => record is { Layer: "hidden2", Examples: 500 } ? record with { GradientAngle = null } : record)],
        });
        var group = ChartSet.Draw([experiment]).Alignment[0];
        Assert.Equal("angle-by-depth", group.Id);
        Assert.Equal(["error-angle-by-depth", "gradient-angle-by-depth"], group.Charts.Select(chart => chart.Id));
        Assert.All(group.Charts, chart => Assert.StartsWith(
            "Line: mean over 2 seeds. Band: from the lowest to the highest seed.", chart.Note, StringComparison.Ordinal));

        // Means of 10 and 20, 20 and 40, 30 and 60; and of 5 and 10, 10 alone, 15 and 30.
        Assert.Equal([15, 30, 45], Heights(group.Charts[0]));
        Assert.Equal([7.5, 10, 22.5], Heights(group.Charts[1]));
        Assert.Contains(
            XElement.Parse(group.Charts[0].Svg).Descendants(_svg + "text"), text => text.Value == "hidden layer, counted from the input");
    }

    [Fact]
    public void ABrokenRunAndANetworkOfTwoHiddenLayersHaveNoPlaceInTheChartsByDepth()
    {
        var whole = Deep(["feedback-alignment"]);
        var broken = whole.With(run => run.Seed == 2, SampleExperiment.Diverge);
        Assert.Equal([10, 20, 30], Heights(ChartSet.Draw([broken]).Alignment[0].Charts[0]));
        Assert.DoesNotContain("×", ChartSet.Draw([broken]).Alignment[0].Charts[0].Note, StringComparison.Ordinal);
        Assert.Equal("error-angle", ChartSet.Draw([Deep(["feedback-alignment"], 2)]).Alignment[0].Id);
        Assert.Equal("error-angle", ChartSet.Draw([whole.With(_ => true, SampleExperiment.Diverge)]).Alignment[0].Id);

        // Beside a deep network, a shallow one has no line.
        var labels = XElement.Parse(ChartSet.Draw([whole, Deep(["shallow"], 2)]).Alignment[0].Charts[0].Svg).Descendants(_svg + "text")
            .Select(text => text.Value);
        Assert.DoesNotContain(labels, label => label.StartsWith("Shallow", StringComparison.Ordinal));
    }

    /// <summary>What the points of the first rule's line say, read against the guides at 90° and 45°.</summary>
    private static double[] Heights(Chart chart)
    {
        var lines = XElement.Parse(chart.Svg).Descendants(_svg + "polyline").ToList();
        double[] guides = [.. lines.Where(line => line.Attribute("class")?.Value == "stroke-guide").Select(line => Ys(line)[0]).Order()];
        var mean = lines.First(line => line.Attribute("class")?.Value == "stroke-1" && line.Attribute("stroke-linejoin")?.Value == "round");
        return [.. Ys(mean).Select(y => Math.Round(90 - (45 * (y - guides[0]) / (guides[1] - guides[0])), 1))];

        static double[] Ys(XElement line)
            => [.. line.Attribute("points")!.Value.Split(' ')
                .Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture))];
    }

    private static Chart Chart(ExperimentRecord experiment, string id)
    {
        var charts = ChartSet.Draw([experiment]);
        return charts.Learning.Concat(charts.Alignment).SelectMany(group => group.Charts).Single(chart => chart.Id == id);
    }

    // The mean line's pieces, without the legend's sample of it.
    private static List<string> Lines(ExperimentRecord experiment, string id) =>
    [
        .. XElement.Parse(Chart(experiment, id).Svg).Descendants(_svg + "polyline")
            .Where(line => line.Attribute("class")?.Value == "stroke-1" && line.Attribute("stroke-width")?.Value == "2" && line.Attribute("stroke-linejoin")?.Value == "round")
            .Select(line => line.Attribute("points")!.Value),
    ];

    private static double Lowest(ExperimentRecord experiment) => Lines(experiment, "error-angle-hidden1")
        .SelectMany(points => points.Split(' ')).Max(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture));
}
